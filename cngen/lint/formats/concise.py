"""One line a finding, for editors and for `grep`."""

from collections.abc import Sequence

from cngen.diagnostics import Severity
from cngen.lint.findings import Finding, Style
from cngen.text.escaping import one_line


def render(found: Sequence[Finding], style: Style) -> str:
    """`file:line:column: severity[CODE] message`, with the hint behind it."""
    return "".join(f"{headline(f, style)}{f' ({f.hint})' if f.hint else ''}\n" for f in found)


def headline(finding: Finding, style: Style) -> str:
    """The place, the code and the message."""
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    label = style(f"{finding.severity.value}[{finding.code}]", colour)
    place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
    return f"{place}: {label} {finding.message}"
