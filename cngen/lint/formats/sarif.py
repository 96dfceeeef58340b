"""SARIF 2.1.0: for code scanning and for viewers of it."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from cngen.lint.findings import Finding, Style
from cngen.lint.rules import known_rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(found: Sequence[Finding], style: Style) -> str:
    """One run, with the rules that were broken and their pages."""
    codes = sorted({finding.code for finding in found})
    run = {
        "tool": {"driver": {"name": "cngen", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, object]:
    rule = known_rule(code)
    if rule is None:
        return {"id": code}
    page = rule.page()
    summary, _, rest = page.partition("\n\n")
    what = rest.removeprefix("## What it does\n").partition("\n\n")[0] if rest else summary
    return {
        "id": code,
        "name": type(rule).__name__,
        "shortDescription": {"text": _joined(summary)},
        "fullDescription": {"text": _joined(what)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value, "enabled": rule.default},
    }


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _result(finding: Finding, rule: int) -> dict[str, object]:
    hint = f" ({finding.hint})" if finding.hint else ""
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": {"text": finding.message + hint},
        "locations": [{"physicalLocation": _place(finding)}],
    }


def _place(finding: Finding) -> dict[str, object]:
    return {
        "artifactLocation": {"uri": quote(finding.path, errors="backslashreplace")},
        "region": {
            "startLine": finding.line,
            "startColumn": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        },
    }
