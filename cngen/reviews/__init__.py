"""A comparison -> the text of a format of `cngen diff`. A format is a module of its own here."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from cngen.changes import Change, Comparison
from cngen.report import Style, from_here


def reviewed(
    name: str, comparison: Comparison, style: Style, project: Path | None, verbose: bool = False
) -> str:
    """The comparison in the format of that name.

    Paths lead from the current folder; without a project on the disk, as in a bare repository, they
    lead from the project still. `style` colours the text for a terminal, and `verbose` unfolds it.
    """
    if project is not None:
        changes = tuple(_from_here(change, project) for change in comparison.changes)
        comparison = replace(comparison, changes=changes)
    text: str = import_module(f"{__name__}.{name}").render(comparison, style, verbose)
    return text


def _from_here(change: Change, project: Path) -> Change:
    location = change.location
    if location is None:
        return change
    return replace(change, location=replace(location, path=from_here(project, location.path)))
