"""One workflow command a change: GitHub Actions shows it beside the line.

GitHub shows at most ten annotations of each level for a step, so the worst come first. The others
are in the job's log.
"""

from collections.abc import Iterator

from cngen.diff.changes import Change, Comparison, Impact
from cngen.diff.formats.wording import consequences, place
from cngen.lint.findings import Style
from cngen.lint.formats.github import command

_LEVELS = {Impact.BREAKING: "error", Impact.BEHAVIOUR: "warning", Impact.SAFE: "notice"}
_MOST = 12  # lines below a message: an annotation is between lines of code


def render(comparison: Comparison, style: Style, verbose: bool) -> str:
    """`::error file=...::message` for each change, then `::notice` for each note."""
    changes = (change for impact in Impact for change in comparison.of(impact))
    notes = (command("notice", [("title", "not compared")], note) for note in comparison.notes)
    return "".join((*(_command(change, comparison) for change in changes), *notes))


def _command(change: Change, comparison: Comparison) -> str:
    where = "" if change.location is None else f"{place(change.location, comparison)}: "
    below = list(consequences(change, comparison))
    if len(below) > _MOST:
        below[_MOST - 1 :] = [f"and {len(below) - _MOST + 1} more lines: see `cngen diff`"]
    message = "\n".join((where + change.message, *below))
    return command(_LEVELS[change.impact], _properties(change), message)


def _properties(change: Change) -> Iterator[tuple[str, object]]:
    """A place in the old tree is no place in what GitHub shows: the message alone names it."""
    location = change.location
    if location is not None and not location.is_old:
        yield from (("file", location.path), ("line", location.line), ("col", location.column))
    yield "title", f"{change.impact.value}: {change.kind}"
