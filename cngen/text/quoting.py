"""Text -> Python literals that are the same on every Python.

`repr` and `str.isprintable` follow the Unicode tables of the Python that runs, which differ; what is
escaped is a fixed list.
"""

import re
from typing import Any

from cngen.text.escaping import HIDDEN, hidden


def quote(text: str) -> str:
    """A string literal, in double quotes where that needs no escape."""
    mark = "'" if '"' in text and "'" not in text else '"'
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{hidden(escaped)}{mark}"


def docstring(text: str) -> str:
    """A docstring literal for the body of a class, whatever the text holds."""
    if HIDDEN.search(text.replace("\n", "")):
        return quote(text)
    escaped = re.sub(r'"(?=""|\Z)', r"\"", text.replace("\\", "\\\\"))
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"""{escaped}"""'
    indented = [lines[0], *(f"    {line}" if line else "" for line in lines[1:])]
    return '"""' + "\n".join(indented) + '\n    """'


def literal(value: Any) -> str:
    """A plain value as Python code, in which `1`, `1.0` and `True` differ."""
    return quote(value) if isinstance(value, str) else repr(value)
