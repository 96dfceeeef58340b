"""What formats print, as it is read: colours as marks, and commands as GitHub's runner reads them."""

import re
from collections.abc import Sequence


def plain(text: str, colour: str) -> str:
    return text


def tagged(text: str, colour: str) -> str:
    return f"<{colour}>{text}</>"


def unescaped(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match is not None
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    data = (("%0D", "\r"), ("%0A", "\n"))
    inside = (*data, ("%3A", ":"), ("%2C", ","))
    read = {name: _replaced(value, inside) for name, value in properties.items()}
    return match[1], read, _replaced(match[3], data)


def _replaced(text: str, escapes: Sequence[tuple[str, str]]) -> str:
    for escape, meant in (*escapes, ("%25", "%")):
        text = text.replace(escape, meant)
    return text
