"""libcst statements -> the facts of one file, in source order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import libcst as cst

from cngen.syntax.annotations import AnnotationReader
from cngen.syntax.cursor import GAP, Cursor
from cngen.syntax.expressions import Expressions
from cngen.syntax.facts import (
    Assign,
    Block,
    Branch,
    ClassDef,
    FunctionDef,
    Import,
    Other,
    Parameter,
    Statement,
)
from cngen.syntax.lexing import only_code
from cngen.syntax.names_in import bound_in, descend, dotted_name, dotted_text, imported_by, names_in
from cngen.syntax.post_init import assignments

_IMPORT = re.compile(r"\bimport\b")
_DEF = re.compile(rf"^{GAP}*(?:async{GAP}+)?def{GAP}+(\w+)", re.MULTILINE)


class StatementReader:
    """Reads the statements of one file."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._expressions = Expressions(cursor)
        self._annotations = AnnotationReader(cursor, self._expressions)

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
            start = self._cursor.leaf(node.target.value)
            annotation = self._annotations.read(node.annotation.annotation)
            value = self._expressions.read(node.value) if node.value is not None else None
            yield Assign(
                node.target.value, annotation, value, start, start + len(node.target.value)
            )
        elif (
            isinstance(node, cst.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0].target, cst.Name)
        ):
            name = node.targets[0].target.value
            start = self._cursor.leaf(name)
            yield Assign(name, None, self._expressions.read(node.value), start, start + len(name))
        elif type(node).__name__ == "TypeAlias":  # libcst doesn't export its type
            alias: Any = node
            name = alias.name.value
            start = self._cursor.leaf(name)
            if alias.type_parameters is not None:
                self._cursor.skip(alias.type_parameters)
            yield Assign(name, None, self._expressions.read(alias.value), start, start + len(name))
        elif isinstance(node, cst.Import | cst.ImportFrom):
            start = self._cursor.skip(node)
            if isinstance(node.semicolon, cst.Semicolon):
                self._cursor.leaf(";")  # a fix removes a statement with it
            yield from self._imports(node, start)
        elif not isinstance(node, cst.Pass) and not _is_bare_constant(node):
            start = self._cursor.skip(node)
            names, bound = frozenset(names_in(node)), frozenset(bound_in(node))
            yield Other(names, (), start, self._cursor.at, bound, None, isinstance(node, cst.Del))
        else:
            self._cursor.skip(node)

    def _class(self, node: cst.ClassDef) -> ClassDef:
        decorators = tuple(
            self._expressions.read(decorator.decorator) for decorator in node.decorators
        )
        start = self._cursor.leaf(node.name.value)
        own: Any = getattr(node, "type_parameters", None)  # an older libcst doesn't know them
        if own is not None:
            self._cursor.skip(own)
        if isinstance(node.lpar, cst.LeftParen):
            self._cursor.leaf("(")
        bases = tuple(self._expressions.argument(arg) for arg in node.bases)
        keywords = tuple(self._expressions.keyword(arg) for arg in node.keywords)
        statements = self._suite(node.body)
        doc = _docstring(node)
        end = start + len(node.name.value)
        parameters = frozenset(p.param.name.value for p in own.params) if own is not None else ()
        made = ClassDef(node.name.value, bases, keywords, decorators, doc, statements, start, end)
        return replace(made, type_parameters=frozenset(parameters))

    def _compound(self, node: cst.CSTNode) -> Iterator[Statement]:
        """A function is a fact; of any other block the imports, the classes and the names count."""
        start = self._cursor.skip(node)
        if isinstance(node, cst.FunctionDef):
            names = frozenset(names_in(node))
            assigns = (
                assignments(self._cursor, node, start) if node.name.value == "__post_init__" else ()
            )
            place = self._place(node.name.value, start)
            marks = tuple(dotted_text(decorator.decorator) for decorator in node.decorators)
            fact = FunctionDef(
                node.name.value, start, self._cursor.at, names, tuple(assigns), place, marks
            )
            yield self._with_returned(node, fact)
            yield from (
                Other(frozenset(), classes, start, self._cursor.at)
                for classes in [self._nested(node, start)]
                if classes
            )
            return
        for found in descend(node):
            if isinstance(found, cst.Import | cst.ImportFrom):
                yield from self._imports(found, start, is_inside=True)
        names, bound, end = frozenset(names_in(node)), frozenset(bound_in(node)), self._cursor.at
        self._cursor.at = start
        block = self._block(node)
        self._cursor.at = end
        yield Other(names, self._nested(node, start), start, end, bound, block)

    def _block(self, node: cst.CSTNode) -> Block | None:
        match node:
            case cst.If():
                return Block("if", tuple(self._conditions(node)))
            case cst.Try() | cst.TryStar():
                return self._try(node)
            case cst.With():
                for item in node.items:
                    self._cursor.skip(item)
                is_quiet = any("suppress" in names_in(item) for item in node.items)
                kind = "loop" if is_quiet else "with"
                return Block(kind, (Branch(self._suite(node.body)),))
            case cst.For() | cst.While():
                self._cursor.skip(node.test if isinstance(node, cst.While) else node.iter)
                parts = [node.body, *([node.orelse.body] if node.orelse is not None else [])]
                return Block("loop", tuple(Branch(self._suite(part)) for part in parts))
            case cst.Match():
                return Block("match", tuple(Branch(self._suite(c.body)) for c in node.cases))
        return None

    def _conditions(self, node: cst.If) -> Iterator[Branch]:
        """The branches of an `if`, one for `else` at the end even where there is none."""
        test = self._expressions.read(node.test)
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
                self._cursor.skip(handler.type)
            if handler.name is not None:
                self._cursor.skip(handler.name.name)
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
                end, self._cursor.at = self._cursor.at, found.place + len(found.name)
                parameters = self._parameters(node.params)
                returns = node.returns.annotation if node.returns is not None else None
                for part in (returns, *before):
                    if part is not None:
                        self._cursor.skip(part)
                self._cursor.leaf("return")
                found = replace(
                    found, parameters=parameters, returned=self._expressions.read(small.value)
                )
                self._cursor.at = end
        return found

    def _parameters(self, node: cst.Parameters) -> tuple[Parameter, ...] | None:
        """The parameters of a function; None for those that take any number of arguments."""
        found: list[Parameter] = []
        for param in (*node.posonly_params, *node.params, *node.kwonly_params):
            self._cursor.leaf(param.name.value)
            if param.annotation is not None:
                self._cursor.skip(param.annotation.annotation)
            default = self._expressions.read(param.default) if param.default is not None else None
            is_named = any(param is other for other in node.kwonly_params)
            found.append(Parameter(param.name.value, default, is_named))
        is_open = isinstance(node.star_arg, cst.Param) or node.star_kwarg is not None
        return None if is_open or node.posonly_params else tuple(found)

    def _imports(
        self, node: cst.Import | cst.ImportFrom, start: int, is_inside: bool = False
    ) -> Iterator[Import]:
        """The names that a statement binds; where each is, unless it is inside a block."""
        keyword = _IMPORT.search(self._cursor.code, start, self._cursor.at)
        at = keyword.end() if keyword is not None else start
        for found, words in imported_by(node):
            first = at
            for number, word in enumerate(words if not is_inside else ()):
                where = re.compile(rf"\b{re.escape(word)}\b").search(
                    self._cursor.code, at, self._cursor.at
                )
                if where is None:
                    break
                first, at = (where.start() if number == 0 else first), where.end()
            place = (first, at)
            yield replace(found, start=start, end=self._cursor.at, place=place, is_inside=is_inside)

    def _nested(self, node: cst.CSTNode, start: int) -> tuple[ClassDef, ...]:
        """The classes inside a block: only their names and bases, those placed at the block."""
        classes = [inner for inner in descend(node) if isinstance(inner, cst.ClassDef)]
        if not classes:
            return ()
        code = only_code(self._cursor.code[start : self._cursor.at])
        found, at = [], 0
        for inner in classes:
            name = inner.name.value
            where = re.compile(rf"\bclass[\s\\]+({re.escape(name)})\b").search(code, at)
            first, at = (start, at) if where is None else (start + where.start(1), where.end())
            bases = tuple(dotted_name(b.value, start) for b in inner.bases if dotted_text(b.value))
            found.append(ClassDef(name, bases, (), (), None, (), first, first + len(name)))
        return tuple(found)

    def _place(self, name: str, start: int) -> int:
        """Where the name of a function is, of which the decorators begin at `start`."""
        found = _DEF.finditer(
            self._cursor.code, self._cursor.code.rfind("\n", 0, start) + 1, self._cursor.at
        )
        return next((match.start(1) for match in found if match[1] == name), start)


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
