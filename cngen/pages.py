"""Rules -> their documentation: one page, all of them, or a table."""

from cngen.diagnostic import did_you_mean
from cngen.errors import CngenError
from cngen.rules import all_rules, known_rule
from cngen.rules.base import Rule

CATEGORIES = {
    "0": "Sources",
    "1": "Names and groups",
    "2": "Fields and types",
    "3": "Composition",
    "4": "Interpolation",
    "5": "Experiments and sweeps",
    "7": "The store",
}
"""By the first digit of a code."""


def page(name: str) -> str:
    """The page of one rule, by its code or its name.

    Raises:
        CngenError: there is no such rule.
    """
    rule = known_rule(name)
    if rule is None:
        names = [text for r in all_rules() for text in (r.code, r.name())]
        hint = did_you_mean(name, names)
        raise CngenError(f"there is no rule `{name}`" + (f": {hint}" if hint else ""))
    return f"# {rule.code} {rule.name()}\n\n{_kind(rule)}\n\n{rule.page()}\n"


def _kind(rule: Rule) -> str:
    """`*Warning, off by default.*`"""
    severity = rule.severity.value.capitalize()
    return f"*{severity}{'' if rule.default else ', off by default'}.*"


def every_page() -> str:
    """The table, then every page below its category, as one Markdown document."""
    parts = ["# Rules\n", _introduction(), table()]
    for digit, category in CATEGORIES.items():
        parts.append(f"# {category}\n")
        for rule in all_rules():
            if rule.code[2] == digit:
                parts.append(_one_deeper(page(rule.code)))
    return "\n".join(parts)


def _introduction() -> str:
    return (
        "What `cngen check` tells, as `cngen rule` explains it. An error forbids a store, so it can be\n"
        "neither deselected nor silenced; a warning can be both.\n"
    )


def _one_deeper(text: str) -> str:
    """Headings one level down; what stands in fenced code stays."""
    lines, is_code = [], False
    for line in text.split("\n"):
        is_code ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("#") and not is_code else line)
    return "\n".join(lines)


def table() -> str:
    """Every rule in a line: code, name, kind and what it is about, as a Markdown table."""
    rows = ["| code | rule | kind | what it finds |\n|---|---|---|---|\n"]
    for rule in all_rules():
        summary = rule.page().partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        kind = rule.severity.value + ("" if rule.default else ", off")
        rows.append(f"| {rule.code} | {rule.name()} | {kind} | {summary} |\n")
    return "".join(rows)
