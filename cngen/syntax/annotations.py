"""libcst annotations -> expressions, in which a string is code."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import libcst as cst

from cngen.syntax.cursor import Cursor
from cngen.syntax.depth import is_too_deep
from cngen.syntax.expressions import _SYMBOLS, Expressions
from cngen.syntax.facts import BinOp, Constant, Expr, Sequence


class AnnotationReader:
    """Reads annotations in source order."""

    def __init__(self, cursor: Cursor, expressions: Expressions) -> None:
        self._cursor = cursor
        self._expressions = expressions

    def read(self, node: cst.BaseExpression) -> Expr:
        """Like an expression, but a string in it is code, except inside `Literal[...]`."""
        if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
            return self._quoted(node)
        if isinstance(node, cst.Subscript):
            value = self._expressions.read(node.value)
            literal = getattr(value, "id", getattr(value, "attr", "")) == "Literal"
            return self._expressions.indexed(
                node, value, self._expressions.read if literal else self.read
            )
        if isinstance(node, cst.BinaryOperation):
            left, right = self.read(node.left), self.read(node.right)
            return BinOp(left, _SYMBOLS[type(node.operator).__name__], right, left.start, right.end)
        if isinstance(node, cst.List):
            start = self._cursor.leaf("[")
            items = tuple(self.read(element.value) for element in node.elements)
            return Sequence("list", items, start, self._cursor.close("]"))
        return self._expressions.read(node)

    def _quoted(self, node: cst.SimpleString | cst.ConcatenatedString) -> Expr:
        constant = self._expressions.read(node)
        if not isinstance(constant, Constant) or not isinstance(constant.value, str):
            return constant
        if is_too_deep(constant.value):
            return constant
        code = constant.value.strip()
        try:
            inner = annotation_reader(Cursor(code)).read(cst.parse_expression(code))
        except Exception:  # not a type: reported where it is read as one
            return constant
        # Where the string is spelled as it reads, its parts have places of their own.
        text = self._cursor.text[constant.start : constant.end]
        at = constant.start + text.find(code) if text.count(code) == 1 else -1
        whole = (constant.start, constant.end)
        moved: Expr = _placed(inner, lambda p: (at + p[0], at + p[1]) if at > whole[0] else whole)
        return moved


def _placed(found: Any, move: Callable[[tuple[int, int]], tuple[int, int]]) -> Any:
    """An expression, or a part of one, with other places."""
    if isinstance(found, tuple):
        return tuple(_placed(item, move) for item in found)
    if not is_dataclass(found) or isinstance(found, type):
        return found
    parts = {f.name: _placed(getattr(found, f.name), move) for f in fields(found)}
    if "start" in parts:
        parts["start"], parts["end"] = move((parts["start"], parts["end"]))
    return replace(found, **parts)


def annotation_reader(cursor: Cursor) -> AnnotationReader:
    return AnnotationReader(cursor, Expressions(cursor))
