"""Rules -> their documentation: one page, all of them, or a table."""

from cngen.diagnostics import CngenError, did_you_mean
from cngen.lint.rule import Rule
from cngen.lint.rules import all_rules, known_rule

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
        CngenError: the rule is unknown.
    """
    rule = known_rule(name)
    if rule is None:
        if any(known.code.startswith(name.upper()) for known in all_rules()):
            raise CngenError(f"`{name}` is the start of several codes: name one of them")
        hint = did_you_mean(name.upper(), [r.code for r in all_rules()])
        hint = hint or did_you_mean(name.lower(), [r.name for r in all_rules()])
        raise CngenError(f"unknown rule `{name}`" + (f": {hint}" if hint else ""))
    return f"# {rule.code} {rule.name}\n\n{_kind(rule)}\n\n{rule.page()}\n"


def _kind(rule: Rule) -> str:
    """`*Warning, off by default.*`"""
    severity = rule.severity.value.capitalize()
    return f"*{severity}{'' if rule.default else ', off by default'}.*"


def every_page() -> str:
    """The table, then every page below its category, as one Markdown document."""
    parts = ["# Rules\n", _introduction(), table(is_linked=True)]
    for digit, category in CATEGORIES.items():
        parts.append(f"## {category}\n")
        parts += [_deeper(page(rule.code)) for rule in all_rules() if rule.code[2] == digit]
    return "\n".join(parts)


def _introduction() -> str:
    return (
        "The rules of `cngen check`, as `cngen rule` explains them. While there is an error no store is\n"
        "written, so an error can be neither deselected nor silenced; a warning can be both. To turn on\n"
        "a rule that is off by default, select its whole code.\n"
    )


def _deeper(text: str) -> str:
    """Headings two levels down; fenced code stays."""
    lines, is_code = [], False
    for line in text.split("\n"):
        is_code ^= line.startswith("```")
        lines.append(f"##{line}" if line.startswith("#") and not is_code else line)
    return "\n".join(lines)


def table(is_linked: bool = False) -> str:
    """Every rule in a line: code, name, kind and what it is about, as a Markdown table.

    If linked, its codes lead to the pages of a document that holds them.
    """
    rows = ["| code | rule | kind | what it finds |\n|---|---|---|---|\n"]
    for rule in all_rules():
        summary = rule.page().partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        kind = rule.severity.value + ("" if rule.default else ", off")
        link = f"[{rule.code}](#{rule.code.lower()}-{rule.name})"
        code = link if is_linked else rule.code
        rows.append(f"| {code} | {rule.name} | {kind} | {summary} |\n")
    return "".join(rows)
