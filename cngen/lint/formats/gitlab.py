"""GitLab's code quality report, as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from cngen.diagnostics import Severity
from cngen.lint.findings import Finding, Style

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(found: Sequence[Finding], style: Style) -> str:
    """An array, empty without findings."""
    issues = [_issue(f, key) for f, key in zip(found, _fingerprints(found), strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    return {
        "description": finding.message + (f" ({finding.hint})" if finding.hint else ""),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.line, "end": finding.end_line},
        },
    }


def _fingerprints(found: Sequence[Finding]) -> Iterator[str]:
    """What stays when lines move, numbered where it occurs again: GitLab drops what it has seen."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in found:
        key = (finding.path, finding.code, finding.message)
        seen[key] += 1
        yield sha256(json.dumps([*key, seen[key]]).encode()).hexdigest()
