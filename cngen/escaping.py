"""Text from outside -> text that a terminal, a log or GitHub only shows.

Names of files, settings, revisions and values may hold anything. What a terminal obeys, what turns the
letters around it, and what GitHub's runner takes for a command comes out as an escape, on one line.
"""

import re
from unicodedata import category

_OBEYED = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"})
"""Controls, formats (those for writing from right to left, too), private and lone halves of characters, and
blanks other than the space."""

_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[|vso\[)")
"""What begins a command in a log: `::error::` in a line of its own, `##[error]` anywhere."""


def one_line(text: str) -> str:
    """A text with escapes for all that isn't shown as it is; the same on every Python."""
    if text.isascii() and text.isprintable():
        return _COMMAND.sub(_broken, text)
    return _COMMAND.sub(_broken, "".join(map(_shown, text)))


def lines(text: str) -> str:
    """The same for a text whose lines are meant."""
    return "\n".join(map(one_line, text.split("\n")))


def is_plain(text: str) -> bool:
    """Whether a text is shown as it is."""
    return one_line(text) == text


def _shown(character: str) -> str:
    if character == " " or not _is_obeyed(character):
        return character
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    number = ord(character)
    if named or number < 0x100:
        return named or f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _is_obeyed(character: str) -> bool:
    """Of the code points without a meaning those count that never get one, and those kept for formats."""
    number = ord(character)
    is_none = number & 0xFFFE == 0xFFFE or 0xFDD0 <= number < 0xFDF0
    return is_none or 0xE0000 <= number < 0xE1000 or category(character) in _OBEYED


def _broken(match: "re.Match[str]") -> str:
    return "#\\x23" if match[0] == "##" else f"{match[1]}\\x3a"
