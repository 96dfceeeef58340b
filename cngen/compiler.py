"""Settings -> the store's text and every finding: the stages in their order."""

from dataclasses import dataclass

from cngen.lint.check import Checked, check_tree, too_deep
from cngen.project.files import Files
from cngen.project.settings import Settings
from cngen.store.lower import lower


@dataclass(frozen=True, slots=True)
class Compiled(Checked):
    """`text` is the store, None if there are errors."""

    text: str | None


def compile_tree(settings: Settings, files: Files | None = None) -> Compiled:
    """Read, check and compile the tree of a project; nothing is written or executed.

    It is read from `files` if they aren't those on disk.

    Raises:
        CngenError: a file or folder can't be read, or the nodes reach too deep into each other.
    """
    checked = check_tree(settings, files)
    if checked.tree is None:
        return Compiled(checked.files, checked.diagnostics, None, None)
    from cngen.store.render import render  # jinja2 is needed for a store alone

    try:
        text = render(lower(checked.tree), ", ".join(settings.roots))
    except RecursionError as error:
        raise too_deep() from error
    return Compiled(checked.files, checked.diagnostics, checked.tree, text)
