"""Text -> Python literals that are the same on every Python.

`repr` and `str.isprintable` follow the Unicode tables of the Python that runs, which differ; what is
escaped here is a fixed list.
"""

import re
from typing import Any

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""What is invisible, turns the text around, or stands for no character."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    """A string literal, in double quotes where that needs no escape."""
    mark = "'" if '"' in text and "'" not in text else '"'
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{_HIDDEN.sub(_escape, escaped)}{mark}"


def docstring(text: str) -> str:
    """A docstring literal for the body of a class, whatever the text holds."""
    if _HIDDEN.search(text.replace("\n", "")):
        return quote(text)
    escaped = re.sub(r'"(?=""|\Z)', r"\"", text.replace("\\", "\\\\"))
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"""{escaped}"""'
    indented = [lines[0], *(f"    {line}" if line else "" for line in lines[1:])]
    return '"""' + "\n".join(indented) + '\n    """'


def literal(value: Any) -> str:
    """A plain value as Python code, which tells `1`, `1.0` and `True` apart."""
    return quote(value) if isinstance(value, str) else repr(value)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] in _SHORT:
        return _SHORT[match[0]]
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
