"""Every change with what follows from it, by impact: for people at a terminal."""

from collections.abc import Iterator

from cngen.diff.changes import Change, Comparison, Impact
from cngen.diff.formats.wording import consequences, counted, headline, place
from cngen.lint.findings import Style
from cngen.text.escaping import one_line

_COLOURS = {Impact.BREAKING: "red", Impact.BEHAVIOUR: "yellow", Impact.SAFE: "green"}


def render(comparison: Comparison, style: Style, verbose: bool) -> str:
    """A line on the whole, a section for each impact and the notes; `verbose` folds nothing."""
    sections = [f"{headline(comparison)}\n"]
    for impact in Impact:
        if changes := comparison.of(impact):
            title = style(counted(impact, len(changes)), _COLOURS[impact])
            items = [_item(change, comparison, style, verbose) for change in changes]
            gap = "\n" if any(item.count("\n") > 1 for item in items) else ""
            sections.append(f"{title}\n{gap.join(items)}")
    if comparison.notes:
        label = style("note:", "cyan")
        sections.append("".join(f"{label} {one_line(note)}\n" for note in comparison.notes))
    return "\n".join(sections)


def _item(change: Change, comparison: Comparison, style: Style, verbose: bool) -> str:
    return "".join(f"  {line}\n" for line in _lines(change, comparison, style, verbose))


def _lines(change: Change, comparison: Comparison, style: Style, verbose: bool) -> Iterator[str]:
    message, location = one_line(change.message), change.location
    where = "" if location is None else f"{style(place(location, comparison), 'cyan')}: "
    yield where + message
    for line in consequences(change, comparison, verbose):
        yield f"  {line}"
