"""Text from outside -> text that a terminal, a log or GitHub only shows.

Names of files, settings, revisions and values may hold anything. What a terminal obeys, what turns the
letters around it, and what GitHub's runner takes for a command comes out as an escape, on one line. What
that is, is a fixed list: the Unicode tables of the Pythons differ.
"""

import re

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""What is invisible, turns the text around, or stands for no character."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[|vso\[)")
"""What begins a command in a log: `::error::` in a line of its own, `##[error]` anywhere."""


def hidden(text: str) -> str:
    """A text with Python's escapes for all that is hidden."""
    return HIDDEN.sub(_escaped, text)


def one_line(text: str) -> str:
    """A text as it can be shown; no command begins in it."""
    return _COMMAND.sub(_broken, hidden(text))


def lines(text: str) -> str:
    """The same for a text whose lines are meant."""
    return "\n".join(map(one_line, text.split("\n")))


def is_plain(text: str) -> bool:
    """Whether a text is shown as it is."""
    return one_line(text) == text


def _broken(match: re.Match[str]) -> str:
    return "#\\x23" if match[0] == "##" else f"{match[1]}\\x3a"


def _escaped(match: re.Match[str]) -> str:
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
