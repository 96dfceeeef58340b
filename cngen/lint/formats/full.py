"""Each finding with its source line, the place underlined and the hint below: for people."""

from collections.abc import Sequence
from unicodedata import category, east_asian_width

from cngen.diagnostics import Severity
from cngen.lint.findings import Finding, Style
from cngen.lint.formats.concise import headline
from cngen.text.escaping import one_line

TAB = 4
"""How many columns a tab takes in what is shown."""

LONGEST = 300
"""How many characters of a line are shown at most: each finding on a line repeats it."""


def render(found: Sequence[Finding], style: Style) -> str:
    """Findings with an empty line between them."""
    return "\n".join(_block(finding, style) for finding in found)


def _block(finding: Finding, style: Style) -> str:
    lines = [headline(finding, style)]
    if finding.source.strip():
        lines += _excerpt(finding, style)
    if finding.hint:
        lines.append(f"  {style('hint:', 'cyan')} {finding.hint}")
    return "\n".join(lines) + "\n"


def _excerpt(finding: Finding, style: Style) -> list[str]:
    """The line and, below it, carets from the place's start to its end, or to the end of the line."""
    source, start = finding.source, finding.column - 1
    same = finding.end_line == finding.line
    end = max(finding.end_column - 1 if same else len(source.rstrip()), start + 1)
    if len(source) > LONGEST:
        first = max(start - LONGEST // 3, 0)
        before, behind = "..." if first else "", "..." if len(source) > first + LONGEST else ""
        source = before + source[first : first + LONGEST] + behind
        start, end = start - first + len(before), min(end - first, LONGEST) + len(before)
    number = str(finding.line)
    bar = style("|", "blue")
    indent, marked = width(source[:start]), max(width(source[start:end]), 1)
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    carets = style("^" * marked, colour)
    return [
        f"  {style(number, 'blue')} {bar} {_shown(source).rstrip()}",
        f"  {' ' * len(number)} {bar} {' ' * indent}{carets}",
    ]


def _shown(text: str) -> str:
    return one_line(text.replace("\t", " " * TAB))


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns(character) for character in _shown(text))


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0  # is on the character before it
    return 2 if east_asian_width(character) in "FW" else 1
