"""Python text in parts -> one line, or one item a line where that would be too long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Text: TypeAlias = "str | list[Text] | dict[str, Text] | Called"
"""Python text: whole, in lists, in dicts by key, or in the arguments of a call."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a function of the store."""

    function: str
    arguments: list[Text]
    keywords: dict[str, Text]


def merged_text(below: Mapping[str, Text], above: Mapping[str, Text]) -> dict[str, Text]:
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[key] = merged_text(old, value) if both else value  # type: ignore[arg-type]
    return found


WIDTH = 100
"""Longer calls are broken, one argument a line."""


def layout(text: Text, indent: int, taken: int) -> str:
    """On one line where it fits beside what is `taken` of it, else one item a line."""
    line = flat(text)
    if isinstance(text, str) or indent + taken + len(line) <= WIDTH:
        return line
    opened, items, closed = _parts(text)
    inner = indent + 4
    lines = [f"{' ' * inner}{lead}{layout(item, inner, len(lead) + 1)},\n" for lead, item in items]
    return f"{opened}\n{''.join(lines)}{' ' * indent}{closed}"


def flat(text: Text) -> str:
    if isinstance(text, str):
        return text
    opened, items, closed = _parts(text)
    return opened + ", ".join(lead + flat(item) for lead, item in items) + closed


def _parts(
    text: "list[Text] | dict[str, Text] | Called",
) -> tuple[str, list[tuple[str, Text]], str]:
    """What opens a bracket, each item with what is before it, and what closes it."""
    if isinstance(text, list):
        return "[", [("", item) for item in text], "]"
    if isinstance(text, dict):
        return "{", [(f"{key}: ", item) for key, item in text.items()], "}"
    named = [(f"{key}=", item) for key, item in text.keywords.items()]
    return f"{text.function}(", [*(("", item) for item in text.arguments), *named], ")"
