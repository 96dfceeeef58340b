"""libcst expressions -> expressions with their places."""

import re
import warnings
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import libcst as cst

from cngen.syntax.cursor import Cursor
from cngen.syntax.facts import (
    Attribute,
    BinOp,
    BoolOp,
    Call,
    Clause,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expr,
    FString,
    IfExp,
    Keyword,
    Lambda,
    Name,
    Opaque,
    Replacement,
    Sequence,
    Slice,
    Starred,
    Subscript,
    UnaryOp,
)
from cngen.syntax.names_in import KEYWORD_CONSTANTS, free_names_in
from cngen.text.quoting import literal

_FLOAT = re.compile(r"\d+\.\d*(?:[eE][+-]?\d+)?\Z|\d+[eE][+-]?\d+\Z", re.ASCII)
_SYMBOLS: dict[str, str] = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "FloorDivide": "//", "Modulo": "%",
    "Power": "**", "LeftShift": "<<", "RightShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^",
    "MatrixMultiply": "@", "Minus": "-", "Plus": "+", "BitInvert": "~", "Not": "not",
    "And": "and", "Or": "or", "Equal": "==", "NotEqual": "!=", "LessThan": "<", "LessThanEqual": "<=",
    "GreaterThan": ">", "GreaterThanEqual": ">=", "In": "in", "NotIn": "not in", "Is": "is", "IsNot": "is not",
}  # fmt: skip


_COMPREHENSIONS: dict[type[cst.CSTNode], tuple[str, str, str]] = {
    cst.ListComp: ("list", "[", "]"),
    cst.SetComp: ("set", "{", "}"),
    cst.DictComp: ("dict", "{", "}"),
    cst.GeneratorExp: ("generator", "", ""),
}


class Expressions:
    """Reads expressions in source order."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def read(self, node: cst.BaseExpression) -> Expr:
        handler = _EXPRESSIONS.get(type(node), Expressions._opaque)
        if not node.lpar or handler is Expressions._opaque:
            return handler(self, node)
        start = self._cursor.leaf("(")
        for _ in node.lpar[1:]:
            self._cursor.leaf("(")
        inner = handler(self, node)
        for _ in node.rpar:
            self._cursor.leaf(")")
        return replace(inner, start=start, end=self._cursor.at)

    def _name(self, node: cst.Name) -> Expr:
        start = self._cursor.leaf(node.value)
        if node.value in KEYWORD_CONSTANTS:
            return Constant(KEYWORD_CONSTANTS[node.value], node.value, start, self._cursor.at)
        return Name(node.value, start, self._cursor.at)

    def _attribute(self, node: cst.Attribute) -> Expr:
        value = self.read(node.value)
        self._cursor.leaf(node.attr.value)
        return Attribute(value, node.attr.value, value.start, self._cursor.at)

    def _literal(self, node: cst.Integer | cst.Float | cst.Imaginary | cst.SimpleString) -> Expr:
        start = self._cursor.leaf(node.value)
        try:
            value = _value(node.value)
            written = literal(value)  # Python refuses numbers of thousands of digits
        except (ValueError, SyntaxError):
            return Opaque(node.value, (), start, self._cursor.at)
        return Constant(value, written, start, self._cursor.at)

    def _joined_string(self, node: cst.ConcatenatedString) -> Expr:
        left, right = self.read(node.left), self.read(node.right)
        match left, right:
            case Constant(str() as a), Constant(str() as b):
                return Constant(a + b, literal(a + b), left.start, right.end)
            case Constant(bytes() as c), Constant(bytes() as d):
                return Constant(c + d, literal(c + d), left.start, right.end)
            case ((Constant(str()) | FString()), (Constant(str()) | FString())):
                pieces = (p.parts if isinstance(p, FString) else (p,) for p in (left, right))
                joined = tuple(piece for inner in pieces for piece in inner)
                return FString(joined, left.start, right.end)
        text = self._cursor.text[left.start : right.end]
        return Opaque(text, tuple(sorted(free_names_in(node))), left.start, right.end)

    def _formatted(self, node: cst.FormattedString) -> Expr:
        start = self._cursor.leaf(node.start)
        pieces = self._pieces(node.parts, node.start)
        if pieces is None:
            self._cursor.at = start
            return self._opaque(node)
        return FString(pieces, start, self._cursor.close(node.end))

    def _pieces(
        self, nodes: Iterable[cst.BaseFormattedStringContent], opening: str
    ) -> tuple[Expr, ...] | None:
        """The parts of an f-string that opens so; None for those that only Python itself can read."""
        found: list[Expr] = []
        for node in nodes:
            if isinstance(node, cst.FormattedStringExpression):
                value = self.read(node.expression)
                spec = self._pieces(node.format_spec or (), opening)
                if node.equal is not None or spec is None:
                    return None
                conversion = node.conversion or ""
                found.append(Replacement(value, conversion, spec, value.start, self._cursor.at))
            elif isinstance(node, cst.FormattedStringText):
                piece = self._piece(node.value, opening)
                if piece is None:
                    return None
                found.append(piece)
        return tuple(found)

    def _piece(self, text: str, opening: str) -> Expr | None:
        start = self._cursor.leaf(text)
        mark = opening.lstrip("fFrR")
        prefix = "r" if "r" in opening.lower() else ""
        plain = text if "\\N{" in text else text.replace("{{", "{").replace("}}", "}")
        try:
            value = _value(f"{prefix}{mark}{plain}{mark}")
        except (ValueError, SyntaxError):
            return None
        return Constant(value, literal(value), start, self._cursor.at)

    def _sequence(self, node: cst.List | cst.Set) -> Expr:
        brackets = "[]" if isinstance(node, cst.List) else "{}"
        start = self._cursor.leaf(brackets[0])
        items = tuple(self._element(element) for element in node.elements)
        return Sequence(type(node).__name__.lower(), items, start, self._cursor.close(brackets[1]))

    def _tuple(self, node: cst.Tuple) -> Expr:
        """A tuple's parentheses, if it has any, are those of any expression."""
        items = tuple(self._element(element) for element in node.elements)
        start = items[0].start if items else self._cursor.at
        return Sequence("tuple", items, start, self._cursor.at)

    def _element(self, node: cst.BaseElement) -> Expr:
        value = self.read(node.value)
        return (
            Starred(value, value.start, value.end)
            if isinstance(node, cst.StarredElement)
            else value
        )

    def _dict(self, node: cst.Dict) -> Expr:
        start = self._cursor.leaf("{")
        items: list[tuple[Expr | None, Expr]] = []
        for element in node.elements:
            key = self.read(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self.read(element.value)))
        return Dict(tuple(items), start, self._cursor.close("}"))

    def _call(self, node: cst.Call) -> Expr:
        func = self.read(node.func)
        self._cursor.leaf("(")
        args: list[Expr] = []
        keywords: list[Keyword] = []
        for arg in node.args:
            if arg.keyword is not None or arg.star == "**":
                keywords.append(self.keyword(arg))
            else:
                args.append(self.argument(arg))
        return Call(func, tuple(args), tuple(keywords), func.start, self._cursor.close(")"))

    def argument(self, arg: cst.Arg) -> Expr:
        value = self.read(arg.value)
        return Starred(value, value.start, value.end) if arg.star else value

    def keyword(self, arg: cst.Arg) -> Keyword:
        if arg.keyword is None:
            value = self.read(arg.value)
            return Keyword(None, value, value.start, value.end)
        start = self._cursor.leaf(arg.keyword.value)
        end = self._cursor.at
        return Keyword(arg.keyword.value, self.read(arg.value), start, end)

    def _subscript(self, node: cst.Subscript) -> Expr:
        value = self.read(node.value)
        return self.indexed(node, value, self.read)

    def _slice(self, node: cst.Slice) -> Expr:
        start = self._cursor.at
        ends = [self.read(e) if e is not None else None for e in (node.lower, node.upper)]
        step = self.read(node.step) if node.step is not None else None
        return Slice(ends[0], ends[1], step, start, self._cursor.at)

    def indexed(self, node: cst.Subscript, value: Expr, read: Callable[[Any], Expr]) -> Expr:
        indexes = [element.slice for element in node.slice]
        if any(isinstance(index, cst.Index) and index.star for index in indexes):
            self._cursor.at = value.start
            return self._opaque(node)
        self._cursor.leaf("[")
        items = tuple(
            read(index.value) if isinstance(index, cst.Index) else self._slice(index)
            for index in indexes
            if isinstance(index, cst.Index | cst.Slice)
        )
        single = len(items) == 1 and not isinstance(node.slice[0].comma, cst.Comma)
        index: Expr = (
            items[0] if single else Sequence("tuple", items, items[0].start, self._cursor.at)
        )
        return Subscript(value, index, value.start, self._cursor.close("]"))

    def _unary(self, node: cst.UnaryOperation) -> Expr:
        symbol = _SYMBOLS[type(node.operator).__name__]
        start = self._cursor.leaf(symbol)
        operand = self.read(node.expression)
        return UnaryOp(symbol, operand, start, operand.end)

    def _binary(self, node: cst.BinaryOperation) -> Expr:
        left = self.read(node.left)
        right = self.read(node.right)
        return BinOp(left, _SYMBOLS[type(node.operator).__name__], right, left.start, right.end)

    def _boolean(self, node: cst.BooleanOperation) -> Expr:
        left = self.read(node.left)
        symbol = _SYMBOLS[type(node.operator).__name__]
        self._cursor.leaf(symbol)
        right = self.read(node.right)
        return BoolOp(left, symbol, right, left.start, right.end)

    def _comparison(self, node: cst.Comparison) -> Expr:
        left = self.read(node.left)
        symbols = tuple(_SYMBOLS[type(c.operator).__name__] for c in node.comparisons)
        rights: list[Expr] = []
        for symbol, comparison in zip(symbols, node.comparisons, strict=True):
            for word in symbol.split():
                self._cursor.leaf("" if word == "!=" else word)  # in old code it is `<>`
            rights.append(self.read(comparison.comparator))
        return Compare(left, symbols, tuple(rights), left.start, rights[-1].end)

    def _conditional(self, node: cst.IfExp) -> Expr:
        body = self.read(node.body)
        self._cursor.leaf("if")
        test = self.read(node.test)
        self._cursor.leaf("else")
        orelse = self.read(node.orelse)
        return IfExp(body, test, orelse, body.start, orelse.end)

    def _comprehension(self, node: cst.BaseComp) -> Expr:
        if any(clause.asynchronous is not None for clause in _clauses(node)):
            return self._opaque(node)
        kind, opened, closed = _COMPREHENSIONS[type(node)]
        start = self._cursor.leaf(opened) if opened else -1
        key = self.read(node.key) if isinstance(node, cst.DictComp) else None
        element = self.read(node.value if isinstance(node, cst.DictComp) else node.elt)  # type: ignore[attr-defined]
        clauses = tuple(self._clause(clause) for clause in _clauses(node))
        end = self._cursor.close(closed) if closed else self._cursor.at
        return Comprehension(kind, key, element, clauses, start if opened else element.start, end)

    def _clause(self, node: cst.CompFor) -> Clause:
        self._cursor.leaf("for")
        target = self.read(node.target)
        self._cursor.leaf("in")
        iterable = self.read(node.iter)
        conditions: list[Expr] = []
        for condition in node.ifs:
            self._cursor.leaf("if")
            conditions.append(self.read(condition.test))
        return Clause(target, iterable, tuple(conditions))

    def _lambda(self, node: cst.Lambda) -> Expr:
        parameters = node.params
        if any(
            (
                parameters.params,
                parameters.kwonly_params,
                parameters.posonly_params,
                parameters.star_kwarg,
            )
        ):
            return self._opaque(node)
        start = self._cursor.leaf("lambda")
        body = self.read(node.body)
        return Lambda(body, start, body.end)

    def _opaque(self, node: cst.CSTNode) -> Expr:
        start = self._cursor.skip(node)
        return Opaque(
            self._cursor.text[start : self._cursor.at],
            tuple(sorted(free_names_in(node))),
            start,
            self._cursor.at,
        )


_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[Expressions, Any], Expr]] = {
    cst.Name: Expressions._name,
    cst.Attribute: Expressions._attribute,
    cst.Integer: Expressions._literal,
    cst.Float: Expressions._literal,
    cst.Imaginary: Expressions._literal,
    cst.SimpleString: Expressions._literal,
    cst.ConcatenatedString: Expressions._joined_string,
    cst.List: Expressions._sequence,
    cst.Tuple: Expressions._tuple,
    cst.Set: Expressions._sequence,
    cst.Dict: Expressions._dict,
    cst.Call: Expressions._call,
    cst.Subscript: Expressions._subscript,
    cst.UnaryOperation: Expressions._unary,
    cst.BinaryOperation: Expressions._binary,
    cst.BooleanOperation: Expressions._boolean,
    cst.Comparison: Expressions._comparison,
    cst.IfExp: Expressions._conditional,
    cst.FormattedString: Expressions._formatted,
    cst.ListComp: Expressions._comprehension,
    cst.SetComp: Expressions._comprehension,
    cst.DictComp: Expressions._comprehension,
    cst.GeneratorExp: Expressions._comprehension,
    cst.Lambda: Expressions._lambda,
}


def _clauses(node: cst.BaseComp) -> Iterator[cst.CompFor]:
    """The `for` parts of a comprehension, in order."""
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        yield clause
        clause = clause.inner_for_in


def _value(text: str) -> Any:
    """What a number or string literal means; the common forms without the cost of a parser."""
    if text[0] in "\"'" and "\\" not in text and text[:3] not in ('"""', "'''"):
        return text[1:-1]
    if text.isdecimal() and (text[0] != "0" or text == "0"):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `"\\d"` is for the user's own linter to judge
        return literal_eval(text)
