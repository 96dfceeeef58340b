"""`__post_init__` -> what it assigns to its object, with the places."""

import re
from collections.abc import Iterator

import libcst as cst

from cngen.syntax.cursor import BLANK, GAP, Cursor
from cngen.syntax.facts import SelfAssign
from cngen.syntax.lexing import without_comments
from cngen.syntax.selfwrites import writes


def assignments(cursor: Cursor, node: cst.FunctionDef, start: int) -> Iterator[SelfAssign]:
    """What a method assigns to its object and below it, in source order."""
    at = start
    for found in writes(node):
        words = re.findall(r"\w+|\S", BLANK.sub(" ", without_comments(found.text)))
        tokens = f"{GAP}*".join(re.escape(token) for token in words)
        where = re.compile(rf"\b{tokens}(?={GAP}*{found.mark})").search(cursor.code, at, cursor.at)
        if where is not None:
            at = where.end()
            place = (where.start(), at)
            yield SelfAssign(found.path, found.reads, *place, found.guards, found.grows)
