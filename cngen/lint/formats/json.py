"""Every finding as an object of one JSON array: for programs of one's own."""

import json
from collections.abc import Sequence

from cngen.lint.findings import Finding, Style


def render(found: Sequence[Finding], style: Style) -> str:
    """An array, empty without findings."""
    return json.dumps([_object(finding) for finding in found], indent=2) + "\n"


def _object(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "fix": finding.fix,
    }
