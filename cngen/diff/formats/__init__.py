"""A comparison -> the text of a format of `cngen diff`. A format is a module of its own here."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from cngen.diff.changes import Change, Comparison
from cngen.lint.findings import Style, from_here


def reviewed(
    name: str,
    comparison: Comparison,
    style: Style,
    projects: tuple[Path, Path] | None,
    verbose: bool = False,
) -> str:
    """The comparison in the format of that name.

    `projects` are the folders of base and head, from which paths lead; here they lead from the current
    folder, unless it is None. `style` colours the text for a terminal, and `verbose` unfolds it.
    """
    if projects is not None:
        changes = tuple(_from_here(change, *projects) for change in comparison.changes)
        comparison = replace(comparison, changes=changes)
    text: str = import_module(f"{__name__}.{name}").render(comparison, style, verbose)
    return text


def _from_here(change: Change, base: Path, head: Path) -> Change:
    location = change.location
    if location is None:
        return change
    path = from_here(base if location.is_old else head, location.path)
    return replace(change, location=replace(location, path=path))
