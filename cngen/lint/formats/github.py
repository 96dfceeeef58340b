"""One workflow command a finding: GitHub Actions shows it beside the line."""

from collections.abc import Iterable, Sequence

from cngen.lint.findings import Finding, Style
from cngen.text.escaping import lines, one_line

_IN_MESSAGE = {ord("%"): "%25", ord("\n"): "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ord(":"): "%3A", ord(","): "%2C"}


def render(found: Sequence[Finding], style: Style) -> str:
    """`::error file=...::message` for each; the place is in the message too, for the job's log."""
    return "".join(_command(finding) for finding in found)


def command(word: str, properties: Iterable[tuple[str, object]], message: str) -> str:
    """One workflow command, a line; the texts in it may hold anything."""
    given = ",".join(
        f"{name}={one_line(str(value)).translate(_IN_PROPERTY)}" for name, value in properties
    )
    return f"::{word} {given}::{lines(message).translate(_IN_MESSAGE)}\n"


def _command(finding: Finding) -> str:
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
    message = f"{place}: {finding.code} {finding.message}{hint}"
    return command(finding.severity.value, _properties(finding), message)


def _properties(finding: Finding) -> tuple[tuple[str, object], ...]:
    """Without columns where the place spans lines: GitHub refuses those."""
    is_one_line = finding.line == finding.end_line
    return (
        ("file", finding.path),
        ("line", finding.line),
        *((("col", finding.column),) if is_one_line else ()),
        ("endLine", finding.end_line),
        *((("endColumn", finding.end_column),) if is_one_line else ()),
        ("title", f"{finding.code} {finding.rule}".strip()),
    )
