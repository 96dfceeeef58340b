"""Operators, comparisons, conditions, f-strings and subscripts -> what they compute."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from cngen.diagnostics import Span
from cngen.model.values import Items, Table, Value
from cngen.reading.computing import NotKnown, binary, format_value, is_true, part, unary
from cngen.reading.enum_members import Enums
from cngen.reading.kinds import Kind
from cngen.reading.lookup import Lookup
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Read, Scope, span_of
from cngen.syntax.facts import (
    BinOp,
    BoolOp,
    Compare,
    Constant,
    Expr,
    FString,
    IfExp,
    Replacement,
    Slice,
    UnaryOp,
)


@dataclass(frozen=True, slots=True)
class Operations:
    """Folds operations on values."""

    fold: Read
    lookup: Lookup
    values: PythonValues
    enums: Enums

    def operation(self, expression: Expr, scope: Scope, span: Span) -> Value:
        match expression:
            case UnaryOp(op, operand):
                value = self.values.python(self.fold(operand, scope))
                return self.values.computed(lambda: unary(op, value), span)
            case BinOp(left, op, right):
                return self._binary(self.fold(left, scope), op, self.fold(right, scope), span)
            case BoolOp(left, op, right):
                first = self.fold(left, scope)
                is_whole = self.values.is_true(first, span) == (op == "or")
                return first if is_whole else self.fold(right, scope)
            case Compare():
                return self._comparison(expression, scope, span)
            case IfExp():
                return self.fold(self.branch(expression, scope), scope)
            case FString(pieces):
                return self.values.value(self._text(pieces, scope), span)
        raise NotKnown

    def branch(self, expression: IfExp | BoolOp, scope: Scope) -> Expr:
        """The part that a condition chooses; what stands behind `and` and `or`, where that is it.

        Raises:
            NotKnown: the condition isn't known.
        """
        span = span_of(expression, scope)
        if isinstance(expression, IfExp):
            is_met = self.values.is_true(self.fold(expression.test, scope), span)
            return expression.body if is_met else expression.orelse
        first = self.values.is_true(self.fold(expression.left, scope), span)
        if first == (expression.op == "or"):
            raise NotKnown
        return expression.right

    def _comparison(self, expression: Compare, scope: Scope, span: Span) -> Value:
        left = self.values.python(self.fold(expression.left, scope))
        result: Any = True
        for op, following in zip(expression.ops, expression.rights, strict=True):
            right = self.values.python(self.fold(following, scope))
            result = self.values.attempt(partial(binary, left, op, right, self.values.work), span)
            if not self.values.attempt(partial(is_true, result), span):
                break
            left = right
        return self.values.value(result, span)

    def _text(self, pieces: tuple[Expr, ...], scope: Scope) -> str:
        """The text of an f-string, or of a format in one."""
        return "".join(self._piece(piece, scope) for piece in pieces)

    def _piece(self, piece: Expr, scope: Scope) -> str:
        if not isinstance(piece, Replacement):
            return str(piece.value) if isinstance(piece, Constant) else ""
        value = self.values.python(self.fold(piece.value, scope))
        spec = self._text(piece.spec, scope)
        work, span = self.values.work, span_of(piece, scope)
        return str(
            self.values.attempt(lambda: format_value(value, piece.conversion, spec, work), span)
        )

    def subscript(self, value: Expr, index: Expr, scope: Scope, span: Span) -> Value:
        owner = self.lookup.class_of(value, scope)
        if owner is not None and self.lookup.classes.kind(owner) is Kind.ENUM:
            return self.enums.named(owner, str(self.values.python(self.fold(index, scope))), span)
        folded = self.fold(value, scope)
        at = self._index(index, scope)
        if isinstance(folded, Table):
            key = self.values.key(at, span) if not isinstance(at, slice) else at
            found = next((v for k, v in folded.items if self.values.key(k, span) == key), None)
            if found is not None:
                return found
        place = at if isinstance(at, slice) else self.values.python(at)
        if isinstance(folded, Items) and folded.kind != "set":
            items = list(folded.items) if folded.kind == "list" else folded.items
            held = self.values.attempt(lambda: part(items, place, self.values.work), span)
            return Items(folded.kind, tuple(held), span) if isinstance(place, slice) else held
        python = self.values.python(folded)
        return self.values.computed(lambda: part(python, place, self.values.work), span)

    def _index(self, index: Expr, scope: Scope) -> "Value | slice":
        if not isinstance(index, Slice):
            return self.fold(index, scope)
        ends = (index.lower, index.upper, index.step)
        return slice(
            *(None if e is None else self.values.python(self.fold(e, scope)) for e in ends)
        )

    def _binary(self, left: Value, op: str, right: Value, span: Span) -> Value:
        if (
            op == "+"
            and isinstance(left, Items)
            and isinstance(right, Items)
            and left.kind == right.kind != "set"
        ):
            self.values.work.spend(len(left.items) + len(right.items))
            return Items(left.kind, left.items + right.items, span)
        if op == "|" and isinstance(left, Table) and isinstance(right, Table):
            return self.values.table((*left.items, *right.items), span)
        a, b = self.values.python(left), self.values.python(right)
        return self.values.computed(lambda: binary(a, op, b, self.values.work), span)
