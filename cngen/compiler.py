"""Settings -> the store's text and every finding: the stages in their order."""

from dataclasses import dataclass

from cngen.diagnostic import Diagnostic, has_errors
from cngen.errors import CngenError
from cngen.loading import load
from cngen.lower import lower
from cngen.names import File
from cngen.resolve import resolve
from cngen.rules import check
from cngen.settings import Settings


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a run found. `text` is None where an error forbids a store."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]
    text: str | None


def compile_tree(settings: Settings) -> Compiled:
    """Read, check and compile the tree of a project; nothing is written or executed.

    Raises:
        CngenError: a file or folder can't be read, or the nodes reach too deep into each other.
    """
    try:
        return _compile(settings)
    except RecursionError as error:
        raise CngenError("the nodes inherit from or hold each other too deeply") from error


def _compile(settings: Settings) -> Compiled:
    found: list[Diagnostic] = []
    files = load(settings, found.append)
    tree = resolve(settings, files, found.append)
    found.extend(check(tree))
    diagnostics = tuple(sorted(set(found)))
    if has_errors(diagnostics):
        return Compiled(files, diagnostics, None)
    from cngen.render import render  # jinja2 is needed for a store alone

    return Compiled(
        files, diagnostics, render(lower(tree, settings.naming), ", ".join(settings.roots))
    )
