"""Text of any content -> Markdown in which GitHub sees no markup, mention, reference or link.

A backslash or an entity doesn't keep GitHub from linking `@name`, `#1` or a commit: it looks for them
in what was rendered. Only code is safe. So everything that isn't plain words becomes code.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby
from operator import itemgetter

from cngen.diff.formats.wording import shortened
from cngen.text.escaping import one_line

_PIECE = re.compile(r"`([^`]+)`|([^`\s]+?(?=[,.;:]?(?:[`\s]|\Z))|`)|\s+")
_PLAIN = re.compile(
    r"(?!\(?[0-9a-f]{7,40}\b)\(?[A-Za-z]+(?:['-][A-Za-z]+)*\)?|\(?\d{1,6}\)?|->|\)|[,.;:]|'s"
)
"""A word, a small number or a sign. Other words may mean something: a commit, a host, a file."""
_MOST_CODE = 200
_MOST_PROSE = 400

InlineCode = Callable[[str], str]
"""Makes code of a text, in one of two surroundings."""


def code(text: str) -> str:
    """A code span, as Markdown has it."""
    text = shortened(text, _MOST_CODE)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if not text.strip() or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def code_element(text: str) -> str:
    """The same inside an HTML block, where there is no Markdown."""
    return f"<code>{escape(shortened(text, _MOST_CODE), quote=False)}</code>"


def prose(sentence: str, code: InlineCode = code) -> str:
    """A sentence with code where it has backticks, and where a word isn't a plain one."""
    pieces = _pieces(shortened(sentence, _MOST_PROSE))
    return "".join(
        code("".join(texts)) if is_code else escape("".join(texts), quote=False)
        for is_code, texts in _joined(pieces)
    ).strip()


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Whether a piece has to be code, and the piece; code beside code is joined to one."""
    for match in _PIECE.finditer(one_line(text)):
        quoted, word = match.groups()
        if quoted is not None:
            yield True, quoted
        elif word is not None:
            yield not _PLAIN.fullmatch(word), word
        else:
            yield False, " "


def _joined(pieces: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, list[str]]]:
    for is_code, group in groupby(pieces, key=itemgetter(0)):
        yield is_code, [text for _, text in group]


def row(*cells: str) -> str:
    """A row of a table; bars are escaped even in code, since GitHub looks for cells before anything else."""
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"
