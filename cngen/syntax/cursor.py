"""A text and a place in it -> where the next leaf of the tree is.

A place is found by looking for the next leaf (a name, a number, a string) behind the last one: between
two leaves are only punctuation, white space and comments, and comments are blanked out.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

import libcst as cst

from cngen.syntax.lexing import without_comments

BLANK = re.compile(r"(?:\s|\\\n)+")
GAP = r"(?:\s|\\\n)"
_CODE = cst.Module(body=())


class _Dense:
    """A text without its white space, and where each part of it is in the text."""

    def __init__(self, text: str) -> None:
        ends = [0, *(match.end() for match in BLANK.finditer(text))]
        starts = [*(match.start() for match in BLANK.finditer(text)), len(text)]
        self._text = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        self._offsets = ends
        self._indexes = [0, *accumulate(s - e for e, s in zip(ends, starts, strict=True))][:-1]

    def find(self, dense: str, at: int) -> tuple[int, int] | None:
        """The stretch of the text, from an offset on, that is this without its white space."""
        run = bisect_right(self._offsets, at) - 1
        behind = self._indexes[run + 1] if run + 1 < len(self._indexes) else len(self._text)
        first = min(self._indexes[run] + at - self._offsets[run], behind)
        found = self._text.find(dense, first) if dense else -1
        return (
            (self._offset(found), self._offset(found + len(dense) - 1) + 1) if found >= 0 else None
        )

    def _offset(self, index: int) -> int:
        run = bisect_right(self._indexes, index) - 1
        return self._offsets[run] + index - self._indexes[run]


class Cursor:
    """Steps through one text; `at` is the offset behind the last leaf that was met."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = without_comments(text)
        self.at = 0

    def leaf(self, text: str) -> int:
        """Step over the next leaf, which is `text`; where it starts."""
        code = self.code
        found = code.find(text, self.at)
        # Before a name there may be keywords (`class s`), which hold its letters.
        while text.isidentifier() and found >= 0 and not _is_word(code, found, found + len(text)):
            found = code.find(text, found + 1)
        start = found if found >= 0 else self.at
        self.at = start + len(text)
        return start

    def skip(self, node: cst.CSTNode) -> int:
        """Step over the whole text of a node; its start.

        Only what is no white space is looked for: the node is printed without the indentation of its
        surroundings, and libcst drops some more (before the colon of `except X :`).
        """
        code = without_comments(_CODE.code_for_node(node))
        found = self._dense.find(BLANK.sub("", code).removesuffix(";"), self.at)
        if found is None:
            return self.at
        start, self.at = found
        return start

    def close(self, bracket: str) -> int:
        self.leaf(bracket)
        return self.at

    @cached_property
    def _dense(self) -> _Dense:
        return _Dense(self.code)


def _is_word(code: str, start: int, end: int) -> bool:
    """Whether no name goes on beyond a stretch."""
    around = code[start - 1 : start] + "." + code[end : end + 1]
    return not any(letter == "_" or letter.isalnum() for letter in around)
