"""Source text -> Module: the facts of one file; the only user of libcst.

The tree is walked by hand and in source order, because libcst's metadata costs several parses. A
place is found by looking for the next leaf (a name, a number, a string) behind the last one:
between two leaves there are only punctuation, white space and comments, and comments are blanked out.
"""

import re
import warnings
from ast import literal_eval
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

import libcst as cst

from cngen import codes
from cngen.diagnostics import Diagnostic, Span
from cngen.syntax.depth import is_too_deep
from cngen.syntax.facts import (
    Assign,
    Attribute,
    BinOp,
    Block,
    BoolOp,
    Branch,
    Call,
    ClassDef,
    Clause,
    Code,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expr,
    FString,
    FunctionDef,
    IfExp,
    Ignore,
    Import,
    Keyword,
    Lambda,
    Module,
    Name,
    Opaque,
    Other,
    Parameter,
    Replacement,
    SelfAssign,
    Sequence,
    Slice,
    Starred,
    Statement,
    Subscript,
    UnaryOp,
)
from cngen.syntax.lexing import comments, only_code, without_comments
from cngen.syntax.selfwrites import writes
from cngen.text.quoting import literal

_FLOAT = re.compile(r"\d+\.\d*(?:[eE][+-]?\d+)?\Z|\d+[eE][+-]?\d+\Z", re.ASCII)
_IGNORE = re.compile(
    r"#\s*(?:cngen:\s*(?P<word>[^\s\[\]#]*)|(?i:cngen\s*:?\s*ignore)(?=\s*\[))\s*(?:\[(?P<codes>[^\]#]*)\])?"
)
_BINDING = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr, cst.Del)
_IMPORT = re.compile(r"\bimport\b")
_BLANK = re.compile(r"(?:\s|\\\n)+")
_GAP = r"(?:\s|\\\n)"
_DEF = re.compile(rf"^{_GAP}*(?:async{_GAP}+)?def{_GAP}+(\w+)", re.MULTILINE)
_CODE = cst.Module(body=())
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
_KEYWORD_CONSTANTS: dict[str, bool | None] = {"True": True, "False": False, "None": None}


def scan(path: str, text: str) -> Module | Diagnostic:
    """The facts of one decoded file; a text that can't be parsed is a finding.

    The facts depend on the text alone: `path` serves the finding only.
    """
    if is_too_deep(text):
        hint = "split the expression, or move it into a module that isn't a config source"
        return codes.DEEP_NESTING.found(
            Span(path, 0, 0), "the code is nested too deeply to be parsed", hint
        )
    try:
        tree = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _syntax_error(path, text, error)
    except Exception as error:  # what libcst raises for odd names and escapes isn't documented
        return codes.INVALID_SYNTAX.found(Span(path, 0, 0), f"syntax error: {_words(str(error))}")
    try:
        body = tuple(_Scanner(text).statements(tree.body))
        return Module(body, tuple(_ignores(text)) if _IGNORE.search(text) else ())
    except RecursionError:
        return codes.DEEP_NESTING.found(
            Span(path, 0, 0), "the code is nested too deeply to be parsed"
        )


def _syntax_error(path: str, text: str, error: cst.ParserSyntaxError) -> Diagnostic:
    """The place and, in a few words, the reason that the parser gives."""
    lines = text.split("\n")
    message = error.message.removeprefix("parser error: ").removeprefix("tokenizer error: ")
    line, column = error.raw_line, error.raw_column
    at = re.match(r"error at (\d+):(\d+): ", message)
    if at:
        line, column = int(at[1]), int(at[2])
        message = message[at.end() :]
    line = min(max(line, 1), len(lines))
    start = sum(len(before) + 1 for before in lines[: line - 1]) + min(
        max(column - 1, 0), len(lines[line - 1])
    )
    return codes.INVALID_SYNTAX.found(Span(path, start, start), f"syntax error: {_words(message)}")


def _words(message: str) -> str:
    return " ".join(message.split())[:200]


class _Dense:
    """A text without its white space, and where each part of it is in the text."""

    def __init__(self, text: str) -> None:
        ends = [0, *(match.end() for match in _BLANK.finditer(text))]
        starts = [*(match.start() for match in _BLANK.finditer(text)), len(text)]
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


class _Scanner:
    """Walks one tree in source order; `_at` is the offset behind the last leaf that was met."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._code = without_comments(text)
        self._at = 0

    # Statements

    def statements(self, body: Iterable[cst.CSTNode]) -> Iterator[Statement]:
        for node in body:
            if isinstance(node, cst.SimpleStatementLine):
                for small in node.body:
                    yield from self._simple(small)
            elif isinstance(node, cst.ClassDef):
                yield self._class(node)
            else:
                yield from self._compound(node)

    def _simple(self, node: cst.BaseSmallStatement) -> Iterator[Statement]:
        if isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name):
            start = self._leaf(node.target.value)
            annotation = self._annotation(node.annotation.annotation)
            value = self._expr(node.value) if node.value is not None else None
            yield Assign(
                node.target.value, annotation, value, start, start + len(node.target.value)
            )
        elif (
            isinstance(node, cst.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0].target, cst.Name)
        ):
            name = node.targets[0].target.value
            start = self._leaf(name)
            yield Assign(name, None, self._expr(node.value), start, start + len(name))
        elif type(node).__name__ == "TypeAlias":  # libcst doesn't export its type
            alias: Any = node
            name = alias.name.value
            start = self._leaf(name)
            if alias.type_parameters is not None:
                self._skip(alias.type_parameters)
            yield Assign(name, None, self._expr(alias.value), start, start + len(name))
        elif isinstance(node, cst.Import | cst.ImportFrom):
            start = self._skip(node)
            if isinstance(node.semicolon, cst.Semicolon):
                self._leaf(";")  # a fix removes a statement with it
            yield from self._imports(node, start)
        elif not isinstance(node, cst.Pass) and not _is_bare_constant(node):
            start = self._skip(node)
            names, bound = frozenset(_names(node)), frozenset(_bound(node))
            yield Other(names, (), start, self._at, bound, None, isinstance(node, cst.Del))
        else:
            self._skip(node)

    def _class(self, node: cst.ClassDef) -> ClassDef:
        decorators = tuple(self._expr(decorator.decorator) for decorator in node.decorators)
        start = self._leaf(node.name.value)
        own: Any = getattr(node, "type_parameters", None)  # an older libcst doesn't know them
        if own is not None:
            self._skip(own)
        if isinstance(node.lpar, cst.LeftParen):
            self._leaf("(")
        bases = tuple(self._argument(arg) for arg in node.bases)
        keywords = tuple(self._keyword(arg) for arg in node.keywords)
        statements = self._suite(node.body)
        doc = _docstring(node)
        end = start + len(node.name.value)
        parameters = frozenset(p.param.name.value for p in own.params) if own is not None else ()
        made = ClassDef(node.name.value, bases, keywords, decorators, doc, statements, start, end)
        return replace(made, type_parameters=frozenset(parameters))

    def _compound(self, node: cst.CSTNode) -> Iterator[Statement]:
        """A function is a fact; of any other block the imports, the classes and the names count."""
        start = self._skip(node)
        if isinstance(node, cst.FunctionDef):
            names = frozenset(_names(node))
            assigns = self._assigns(node, start) if node.name.value == "__post_init__" else ()
            place = self._place(node.name.value, start)
            marks = tuple(_dotted(decorator.decorator) for decorator in node.decorators)
            fact = FunctionDef(
                node.name.value, start, self._at, names, tuple(assigns), place, marks
            )
            yield self._with_returned(node, fact)
            yield from (
                Other(frozenset(), classes, start, self._at)
                for classes in [self._nested(node, start)]
                if classes
            )
            return
        for found in _descend(node):
            if isinstance(found, cst.Import | cst.ImportFrom):
                yield from self._imports(found, start, is_inside=True)
        names, bound, end = frozenset(_names(node)), frozenset(_bound(node)), self._at
        self._at = start
        block = self._block(node)
        self._at = end
        yield Other(names, self._nested(node, start), start, end, bound, block)

    # Blocks

    def _block(self, node: cst.CSTNode) -> Block | None:
        match node:
            case cst.If():
                return Block("if", tuple(self._conditions(node)))
            case cst.Try() | cst.TryStar():
                return self._try(node)
            case cst.With():
                for item in node.items:
                    self._skip(item)
                is_quiet = any("suppress" in _names(item) for item in node.items)
                kind = "loop" if is_quiet else "with"
                return Block(kind, (Branch(self._suite(node.body)),))
            case cst.For() | cst.While():
                self._skip(node.test if isinstance(node, cst.While) else node.iter)
                parts = [node.body, *([node.orelse.body] if node.orelse is not None else [])]
                return Block("loop", tuple(Branch(self._suite(part)) for part in parts))
            case cst.Match():
                return Block("match", tuple(Branch(self._suite(c.body)) for c in node.cases))
        return None

    def _conditions(self, node: cst.If) -> Iterator[Branch]:
        """The branches of an `if`, one for `else` at the end even where there is none."""
        test = self._expr(node.test)
        yield Branch(self._suite(node.body), test)
        if isinstance(node.orelse, cst.If):
            yield from self._conditions(node.orelse)
        else:
            yield Branch(self._suite(node.orelse.body) if node.orelse is not None else ())

    def _try(self, node: cst.Try | cst.TryStar) -> Block:
        first = self._suite(node.body)
        handlers = []
        for handler in node.handlers:
            if handler.type is not None:
                self._skip(handler.type)
            if handler.name is not None:
                self._skip(handler.name.name)
            handlers.append(Branch(self._suite(handler.body)))
        after = self._suite(node.orelse.body) if node.orelse is not None else ()
        always = self._suite(node.finalbody.body) if node.finalbody is not None else ()
        return Block("try", (Branch((*first, *after)), *handlers), always)

    def _suite(self, node: cst.BaseSuite) -> tuple[Statement, ...]:
        if isinstance(node, cst.IndentedBlock):
            return tuple(self.statements(node.body))
        return tuple(s for small in node.body for s in self._simple(small))  # type: ignore[arg-type]

    def _with_returned(self, node: cst.FunctionDef, found: FunctionDef) -> FunctionDef:
        """A function with its parameters and what it returns, if its body is one `return` of a call."""
        *before, last = node.body.body
        if all(_is_docstring(statement) for statement in before):
            small = last.body[0] if isinstance(last, cst.SimpleStatementLine) else last
            if isinstance(small, cst.Return) and isinstance(small.value, cst.Call):
                end, self._at = self._at, found.place + len(found.name)
                parameters = self._parameters(node.params)
                returns = node.returns.annotation if node.returns is not None else None
                for part in (returns, *before):
                    if part is not None:
                        self._skip(part)
                self._leaf("return")
                found = replace(found, parameters=parameters, returned=self._expr(small.value))
                self._at = end
        return found

    def _parameters(self, node: cst.Parameters) -> tuple[Parameter, ...] | None:
        """The parameters of a function; None for those that take any number of arguments."""
        found: list[Parameter] = []
        for param in (*node.posonly_params, *node.params, *node.kwonly_params):
            self._leaf(param.name.value)
            if param.annotation is not None:
                self._skip(param.annotation.annotation)
            default = self._expr(param.default) if param.default is not None else None
            found.append(Parameter(param.name.value, default))
        is_open = isinstance(node.star_arg, cst.Param) or node.star_kwarg is not None
        return None if is_open or node.posonly_params or node.kwonly_params else tuple(found)

    def _imports(
        self, node: cst.Import | cst.ImportFrom, start: int, is_inside: bool = False
    ) -> Iterator[Import]:
        """The names that a statement binds; where each is, unless it is inside a block."""
        keyword = _IMPORT.search(self._code, start, self._at)
        at = keyword.end() if keyword is not None else start
        for found, words in _bound_names(node):
            first = at
            for number, word in enumerate(words if not is_inside else ()):
                where = re.compile(rf"\b{re.escape(word)}\b").search(self._code, at, self._at)
                if where is None:
                    break
                first, at = (where.start() if number == 0 else first), where.end()
            place = (first, at)
            yield replace(found, start=start, end=self._at, place=place, is_inside=is_inside)

    def _assigns(self, node: cst.FunctionDef, start: int) -> Iterator[SelfAssign]:
        """What a method assigns to its object and below it, in source order."""
        at = start
        for found in writes(node):
            words = re.findall(r"\w+|\S", _BLANK.sub(" ", without_comments(found.text)))
            tokens = f"{_GAP}*".join(re.escape(token) for token in words)
            where = re.compile(rf"\b{tokens}(?={_GAP}*{found.mark})").search(
                self._code, at, self._at
            )
            if where is not None:
                at = where.end()
                place = (where.start(), at)
                yield SelfAssign(found.path, found.reads, *place, found.guards, found.grows)

    def _nested(self, node: cst.CSTNode, start: int) -> tuple[ClassDef, ...]:
        """The classes inside a block: only their names and bases, those placed at the block."""
        classes = [inner for inner in _descend(node) if isinstance(inner, cst.ClassDef)]
        if not classes:
            return ()
        code = only_code(self._code[start : self._at])
        found, at = [], 0
        for inner in classes:
            name = inner.name.value
            where = re.compile(rf"\bclass[\s\\]+({re.escape(name)})\b").search(code, at)
            first, at = (start, at) if where is None else (start + where.start(1), where.end())
            bases = tuple(_named(b.value, start) for b in inner.bases if _dotted(b.value))
            found.append(ClassDef(name, bases, (), (), None, (), first, first + len(name)))
        return tuple(found)

    def _place(self, name: str, start: int) -> int:
        """Where the name of a function is, of which the decorators begin at `start`."""
        found = _DEF.finditer(self._code, self._code.rfind("\n", 0, start) + 1, self._at)
        return next((match.start(1) for match in found if match[1] == name), start)

    # Places

    def _leaf(self, text: str) -> int:
        """Step over the next leaf, which is `text`; where it starts."""
        code = self._code
        found = code.find(text, self._at)
        # Before a name there may be keywords (`class s`), which hold its letters.
        while text.isidentifier() and found >= 0 and not _is_word(code, found, found + len(text)):
            found = code.find(text, found + 1)
        start = found if found >= 0 else self._at
        self._at = start + len(text)
        return start

    def _skip(self, node: cst.CSTNode) -> int:
        """Step over the whole text of a node; its start.

        Only what is no white space is looked for: the node is printed without the indentation of its
        surroundings, and libcst drops some more (before the colon of `except X :`).
        """
        code = without_comments(_CODE.code_for_node(node))
        found = self._dense.find(_BLANK.sub("", code).removesuffix(";"), self._at)
        if found is None:
            return self._at
        start, self._at = found
        return start

    @cached_property
    def _dense(self) -> "_Dense":
        return _Dense(self._code)

    # Expressions

    def _expr(self, node: cst.BaseExpression) -> Expr:
        handler = _EXPRESSIONS.get(type(node), _Scanner._opaque)
        if not node.lpar or handler is _Scanner._opaque:
            return handler(self, node)
        start = self._leaf("(")
        for _ in node.lpar[1:]:
            self._leaf("(")
        inner = handler(self, node)
        for _ in node.rpar:
            self._leaf(")")
        return replace(inner, start=start, end=self._at)

    def _name(self, node: cst.Name) -> Expr:
        start = self._leaf(node.value)
        if node.value in _KEYWORD_CONSTANTS:
            return Constant(_KEYWORD_CONSTANTS[node.value], node.value, start, self._at)
        return Name(node.value, start, self._at)

    def _attribute(self, node: cst.Attribute) -> Expr:
        value = self._expr(node.value)
        self._leaf(node.attr.value)
        return Attribute(value, node.attr.value, value.start, self._at)

    def _literal(self, node: cst.Integer | cst.Float | cst.Imaginary | cst.SimpleString) -> Expr:
        start = self._leaf(node.value)
        try:
            value = _value(node.value)
            written = literal(value)  # Python refuses numbers of thousands of digits
        except (ValueError, SyntaxError):
            return Opaque(node.value, (), start, self._at)
        return Constant(value, written, start, self._at)

    def _joined_string(self, node: cst.ConcatenatedString) -> Expr:
        left, right = self._expr(node.left), self._expr(node.right)
        match left, right:
            case Constant(str() as a), Constant(str() as b):
                return Constant(a + b, literal(a + b), left.start, right.end)
            case Constant(bytes() as c), Constant(bytes() as d):
                return Constant(c + d, literal(c + d), left.start, right.end)
            case ((Constant(str()) | FString()), (Constant(str()) | FString())):
                pieces = (p.parts if isinstance(p, FString) else (p,) for p in (left, right))
                joined = tuple(piece for inner in pieces for piece in inner)
                return FString(joined, left.start, right.end)
        text = self._text[left.start : right.end]
        return Opaque(text, tuple(sorted(_free_names(node))), left.start, right.end)

    def _formatted(self, node: cst.FormattedString) -> Expr:
        start = self._leaf(node.start)
        pieces = self._pieces(node.parts, node.start)
        if pieces is None:
            self._at = start
            return self._opaque(node)
        return FString(pieces, start, self._close(node.end))

    def _pieces(
        self, nodes: Iterable[cst.BaseFormattedStringContent], opening: str
    ) -> tuple[Expr, ...] | None:
        """The parts of an f-string that opens so; None for those that only Python itself can read."""
        found: list[Expr] = []
        for node in nodes:
            if isinstance(node, cst.FormattedStringExpression):
                value = self._expr(node.expression)
                spec = self._pieces(node.format_spec or (), opening)
                if node.equal is not None or spec is None:
                    return None
                conversion = node.conversion or ""
                found.append(Replacement(value, conversion, spec, value.start, self._at))
            elif isinstance(node, cst.FormattedStringText):
                piece = self._piece(node.value, opening)
                if piece is None:
                    return None
                found.append(piece)
        return tuple(found)

    def _piece(self, text: str, opening: str) -> Expr | None:
        start = self._leaf(text)
        mark = opening.lstrip("fFrR")
        prefix = "r" if "r" in opening.lower() else ""
        plain = text if "\\N{" in text else text.replace("{{", "{").replace("}}", "}")
        try:
            value = _value(f"{prefix}{mark}{plain}{mark}")
        except (ValueError, SyntaxError):
            return None
        return Constant(value, literal(value), start, self._at)

    def _sequence(self, node: cst.List | cst.Set) -> Expr:
        brackets = "[]" if isinstance(node, cst.List) else "{}"
        start = self._leaf(brackets[0])
        items = tuple(self._element(element) for element in node.elements)
        return Sequence(type(node).__name__.lower(), items, start, self._close(brackets[1]))

    def _tuple(self, node: cst.Tuple) -> Expr:
        """A tuple's parentheses, if it has any, are those of any expression."""
        items = tuple(self._element(element) for element in node.elements)
        start = items[0].start if items else self._at
        return Sequence("tuple", items, start, self._at)

    def _element(self, node: cst.BaseElement) -> Expr:
        value = self._expr(node.value)
        return (
            Starred(value, value.start, value.end)
            if isinstance(node, cst.StarredElement)
            else value
        )

    def _dict(self, node: cst.Dict) -> Expr:
        start = self._leaf("{")
        items: list[tuple[Expr | None, Expr]] = []
        for element in node.elements:
            key = self._expr(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self._expr(element.value)))
        return Dict(tuple(items), start, self._close("}"))

    def _call(self, node: cst.Call) -> Expr:
        func = self._expr(node.func)
        self._leaf("(")
        args: list[Expr] = []
        keywords: list[Keyword] = []
        for arg in node.args:
            if arg.keyword is not None or arg.star == "**":
                keywords.append(self._keyword(arg))
            else:
                args.append(self._argument(arg))
        return Call(func, tuple(args), tuple(keywords), func.start, self._close(")"))

    def _argument(self, arg: cst.Arg) -> Expr:
        value = self._expr(arg.value)
        return Starred(value, value.start, value.end) if arg.star else value

    def _keyword(self, arg: cst.Arg) -> Keyword:
        if arg.keyword is None:
            value = self._expr(arg.value)
            return Keyword(None, value, value.start, value.end)
        start = self._leaf(arg.keyword.value)
        end = self._at
        return Keyword(arg.keyword.value, self._expr(arg.value), start, end)

    def _subscript(self, node: cst.Subscript) -> Expr:
        value = self._expr(node.value)
        return self._indexed(node, value, self._expr)

    def _slice(self, node: cst.Slice) -> Expr:
        start = self._at
        ends = [self._expr(e) if e is not None else None for e in (node.lower, node.upper)]
        step = self._expr(node.step) if node.step is not None else None
        return Slice(ends[0], ends[1], step, start, self._at)

    def _indexed(self, node: cst.Subscript, value: Expr, read: Callable[[Any], Expr]) -> Expr:
        indexes = [element.slice for element in node.slice]
        if any(isinstance(index, cst.Index) and index.star for index in indexes):
            self._at = value.start
            return self._opaque(node)
        self._leaf("[")
        items = tuple(
            read(index.value) if isinstance(index, cst.Index) else self._slice(index)
            for index in indexes
            if isinstance(index, cst.Index | cst.Slice)
        )
        single = len(items) == 1 and not isinstance(node.slice[0].comma, cst.Comma)
        index: Expr = items[0] if single else Sequence("tuple", items, items[0].start, self._at)
        return Subscript(value, index, value.start, self._close("]"))

    def _unary(self, node: cst.UnaryOperation) -> Expr:
        symbol = _SYMBOLS[type(node.operator).__name__]
        start = self._leaf(symbol)
        operand = self._expr(node.expression)
        return UnaryOp(symbol, operand, start, operand.end)

    def _binary(self, node: cst.BinaryOperation) -> Expr:
        left = self._expr(node.left)
        right = self._expr(node.right)
        return BinOp(left, _SYMBOLS[type(node.operator).__name__], right, left.start, right.end)

    def _boolean(self, node: cst.BooleanOperation) -> Expr:
        left = self._expr(node.left)
        symbol = _SYMBOLS[type(node.operator).__name__]
        self._leaf(symbol)
        right = self._expr(node.right)
        return BoolOp(left, symbol, right, left.start, right.end)

    def _comparison(self, node: cst.Comparison) -> Expr:
        left = self._expr(node.left)
        symbols = tuple(_SYMBOLS[type(c.operator).__name__] for c in node.comparisons)
        rights: list[Expr] = []
        for symbol, comparison in zip(symbols, node.comparisons, strict=True):
            for word in symbol.split():
                self._leaf("" if word == "!=" else word)  # in old code it is `<>`
            rights.append(self._expr(comparison.comparator))
        return Compare(left, symbols, tuple(rights), left.start, rights[-1].end)

    def _conditional(self, node: cst.IfExp) -> Expr:
        body = self._expr(node.body)
        self._leaf("if")
        test = self._expr(node.test)
        self._leaf("else")
        orelse = self._expr(node.orelse)
        return IfExp(body, test, orelse, body.start, orelse.end)

    def _comprehension(self, node: cst.BaseComp) -> Expr:
        if any(clause.asynchronous is not None for clause in _clauses(node)):
            return self._opaque(node)
        kind, opened, closed = _COMPREHENSIONS[type(node)]
        start = self._leaf(opened) if opened else -1
        key = self._expr(node.key) if isinstance(node, cst.DictComp) else None
        element = self._expr(node.value if isinstance(node, cst.DictComp) else node.elt)  # type: ignore[attr-defined]
        clauses = tuple(self._clause(clause) for clause in _clauses(node))
        end = self._close(closed) if closed else self._at
        return Comprehension(kind, key, element, clauses, start if opened else element.start, end)

    def _clause(self, node: cst.CompFor) -> Clause:
        self._leaf("for")
        target = self._expr(node.target)
        self._leaf("in")
        iterable = self._expr(node.iter)
        conditions: list[Expr] = []
        for condition in node.ifs:
            self._leaf("if")
            conditions.append(self._expr(condition.test))
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
        start = self._leaf("lambda")
        body = self._expr(node.body)
        return Lambda(body, start, body.end)

    def _opaque(self, node: cst.CSTNode) -> Expr:
        start = self._skip(node)
        return Opaque(
            self._text[start : self._at], tuple(sorted(_free_names(node))), start, self._at
        )

    def _close(self, bracket: str) -> int:
        self._leaf(bracket)
        return self._at

    # Annotations

    def _annotation(self, node: cst.BaseExpression) -> Expr:
        """Like an expression, but a string in it is code, except inside `Literal[...]`."""
        if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
            return self._quoted(node)
        if isinstance(node, cst.Subscript):
            value = self._expr(node.value)
            literal = getattr(value, "id", getattr(value, "attr", "")) == "Literal"
            return self._indexed(node, value, self._expr if literal else self._annotation)
        if isinstance(node, cst.BinaryOperation):
            left, right = self._annotation(node.left), self._annotation(node.right)
            return BinOp(left, _SYMBOLS[type(node.operator).__name__], right, left.start, right.end)
        if isinstance(node, cst.List):
            start = self._leaf("[")
            items = tuple(self._annotation(element.value) for element in node.elements)
            return Sequence("list", items, start, self._close("]"))
        return self._expr(node)

    def _quoted(self, node: cst.SimpleString | cst.ConcatenatedString) -> Expr:
        constant = self._expr(node)
        if not isinstance(constant, Constant) or not isinstance(constant.value, str):
            return constant
        if is_too_deep(constant.value):
            return constant
        code = constant.value.strip()
        try:
            inner = _Scanner(code)._annotation(cst.parse_expression(code))
        except Exception:  # not a type: reported where it is read as one
            return constant
        # Where the string is spelled as it reads, its parts have places of their own.
        text = self._text[constant.start : constant.end]
        at = constant.start + text.find(code) if text.count(code) == 1 else -1
        whole = (constant.start, constant.end)
        moved: Expr = _placed(inner, lambda p: (at + p[0], at + p[1]) if at > whole[0] else whole)
        return moved


_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[_Scanner, Any], Expr]] = {
    cst.Name: _Scanner._name,
    cst.Attribute: _Scanner._attribute,
    cst.Integer: _Scanner._literal,
    cst.Float: _Scanner._literal,
    cst.Imaginary: _Scanner._literal,
    cst.SimpleString: _Scanner._literal,
    cst.ConcatenatedString: _Scanner._joined_string,
    cst.List: _Scanner._sequence,
    cst.Tuple: _Scanner._tuple,
    cst.Set: _Scanner._sequence,
    cst.Dict: _Scanner._dict,
    cst.Call: _Scanner._call,
    cst.Subscript: _Scanner._subscript,
    cst.UnaryOperation: _Scanner._unary,
    cst.BinaryOperation: _Scanner._binary,
    cst.BooleanOperation: _Scanner._boolean,
    cst.Comparison: _Scanner._comparison,
    cst.IfExp: _Scanner._conditional,
    cst.FormattedString: _Scanner._formatted,
    cst.ListComp: _Scanner._comprehension,
    cst.SetComp: _Scanner._comprehension,
    cst.DictComp: _Scanner._comprehension,
    cst.GeneratorExp: _Scanner._comprehension,
    cst.Lambda: _Scanner._lambda,
}


def _clauses(node: cst.BaseComp) -> Iterator[cst.CompFor]:
    """The `for` parts of a comprehension, in order."""
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        yield clause
        clause = clause.inner_for_in


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


def _is_word(code: str, start: int, end: int) -> bool:
    """Whether no name goes on beyond a stretch."""
    around = code[start - 1 : start] + "." + code[end : end + 1]
    return not any(letter == "_" or letter.isalnum() for letter in around)


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and all(map(_is_bare_constant, node.body))


def _is_bare_constant(node: cst.BaseSmallStatement) -> bool:
    """A docstring, or the `...` that stands for an empty body: statements without effect."""
    return isinstance(node, cst.Expr) and isinstance(
        node.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis
    )


def _docstring(node: cst.ClassDef) -> str | None:
    try:
        doc = node.get_docstring()
    except (ValueError, SyntaxError):
        return None
    return doc if isinstance(doc, str) else None


def _bound_names(node: cst.Import | cst.ImportFrom) -> Iterator[tuple[Import, tuple[str, ...]]]:
    """The names that an import binds, each with its text."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            dotted = _dotted(alias.name)
            words = tuple(dotted.split("."))
            if alias.asname is not None:
                bound = _dotted(alias.asname.name)
                yield Import(dotted, 0, None, bound, 0), (*words, bound)
            else:
                yield Import(dotted, 0, "", words[0], 0), words
        return
    module = _dotted(node.module) if node.module is not None else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        yield Import(module, level, "*", "", 0), ()
        return
    for alias in node.names:
        name = _dotted(alias.name)
        bound = _dotted(alias.asname.name) if alias.asname else name
        yield Import(module, level, name, bound, 0), (name, bound) if alias.asname else (name,)


def _ignores(text: str) -> Iterator[Ignore]:
    """The comments that speak to cngen."""
    for start, comment in comments(text):
        for match in _IGNORE.finditer(comment):
            inside = start + match.start("codes")
            codes = tuple(
                Code(code[0], inside + code.start(), inside + code.end())
                for code in re.finditer(r"[^\s,]+", match["codes"] or "")
            )
            word = match["word"]
            if word is None:
                word = match[0].partition("[")[0].rstrip()
            yield Ignore(word, codes, start + match.start(), start + match.end())


def _dotted(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _named(node: cst.CSTNode, at: int) -> Expr:
    """A dotted name, placed at one offset."""
    if isinstance(node, cst.Attribute):
        return Attribute(_named(node.value, at), node.attr.value, at, at)
    return Name(_dotted(node), at, at)


def _descend(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything below it, in source order, without recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def _names(node: cst.CSTNode) -> Iterator[str]:
    return (inner.value for inner in _descend(node) if isinstance(inner, cst.Name))


def _bound(node: cst.CSTNode) -> Iterator[str]:
    """The names that a statement, or one inside it, may bind."""
    for inner in _descend(node):
        if isinstance(inner, cst.FunctionDef | cst.ClassDef):
            yield inner.name.value
        elif isinstance(inner, cst.AsName):
            yield from _names(inner.name)
        elif isinstance(inner, _BINDING):
            yield from _names(inner.target)
        elif isinstance(inner, cst.MatchAs | cst.MatchStar) and inner.name is not None:
            yield from _names(inner.name)
        elif isinstance(inner, cst.Import | cst.ImportFrom):
            yield from (found.bound for found, _ in _bound_names(inner))


def _free_names(node: cst.CSTNode) -> set[str]:
    """The names that an expression reads from its surroundings."""
    bound: set[str] = set()
    read: set[str] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name):
            read.add(current.value)
        elif isinstance(current, cst.Attribute | cst.Arg):
            waiting.append(current.value)
        else:
            if isinstance(current, cst.Param):
                bound.add(current.name.value)
            elif isinstance(current, cst.CompFor | cst.NamedExpr):
                bound.update(_names(current.target))
            waiting.extend(current.children)
    return read - bound - set(_KEYWORD_CONSTANTS)
