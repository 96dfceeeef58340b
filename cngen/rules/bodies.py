"""A resolved tree -> its classes as written: where the assignment of a field or a value stands."""

import ast
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache

from cngen.diagnostic import Span
from cngen.model import Field, Node, Tree
from cngen.names import File
from cngen.source import Source, module_name
from cngen.syntax import (
    Assign,
    Attribute,
    BinOp,
    Call,
    ClassDef,
    Dict,
    Expr,
    Import,
    Keyword,
    Lambda,
    Module,
    Name,
    Opaque,
    Sequence,
    Starred,
    Subscript,
    UnaryOp,
)

_HELPERS = frozenset({"default", "default_factory", "value"})
"""The keywords of `default(...)` and `field(...)`, which stand for the whole value of a field."""

_FOLLOWED = 4
"""How often a name may be followed to the module that it is imported from."""


def class_of(tree: Tree, node: Node) -> ClassDef | None:
    """The class that a node was read from."""
    return _classes(tree).get((node.span.file, node.span.start))


@lru_cache(maxsize=1)
def _classes(tree: Tree) -> Mapping[tuple[str, int], ClassDef]:
    return {
        (path, statement.start): statement
        for path, module in tree.modules.items()
        for statement in module.body
        if isinstance(statement, ClassDef)
    }


def assignment_of(tree: Tree, node: Node, field: Field) -> Assign | None:
    """The assignment in a node's body that makes a field."""
    definition = class_of(tree, node)
    for statement in definition.body if definition is not None else ():
        if isinstance(statement, Assign) and statement.start == field.span.start:
            return statement
    return None


def written_as(tree: Tree, name: str, span: Span) -> Expr | None:
    """The expression at a place, if it is written there for the field of that name.

    None for a value that the field has from a constant or from another field.
    """
    module = tree.modules.get(span.file)
    for definition in module.body if module is not None else ():
        for statement in definition.body if isinstance(definition, ClassDef) else ():
            value = statement.value if isinstance(statement, Assign) else None
            if isinstance(statement, Assign) and value is not None and _is_in(span, value):
                for holder, expression in _with_holders(statement.target, value, name):
                    is_there = (expression.start, expression.end) == (span.start, span.end)
                    if is_there and not isinstance(expression, Starred):
                        return expression if holder == name else None
    return None


def _is_in(span: Span, expression: Expr) -> bool:
    return expression.start <= span.start and span.end <= expression.end


def _with_holders(holder: str, expression: Expr, name: str) -> Iterator[tuple[str, Expr]]:
    """An expression and its parts, each with the field or keyword that it is a value of."""
    yield holder, expression
    for part in parts(expression):
        if isinstance(part, Keyword):
            is_field = part.name == name or part.name not in _HELPERS
            inner = part.name or "" if is_field else holder
            yield from _with_holders(inner, part.value, name)
        else:
            yield from _with_holders(holder, part, name)


def parts(expression: Expr) -> tuple[Expr | Keyword, ...]:
    """What an expression is made of; what is opaque has no parts."""
    match expression:
        case (
            Attribute(value=value)
            | Starred(value=value)
            | UnaryOp(operand=value)
            | Lambda(body=value)
        ):
            return (value,)
        case Sequence(items=items):
            return items
        case Dict(items=pairs):
            return tuple(part for pair in pairs for part in pair if part is not None)
        case Subscript(value=left, index=right) | BinOp(left=left, right=right):
            return (left, right)
        case Call(func=func, args=args, keywords=keywords):
            return (func, *args, *keywords)
    return ()


# Names


def known_as(tree: Tree, path: str, wanted: str) -> str:
    """The shortest name by which a file can say something, by its qualified name; empty if it can't."""
    spellings = _spellings(tree, path, wanted, _FOLLOWED)
    return min(spellings, key=lambda spelling: spelling.count("."), default="")


def _spellings(tree: Tree, path: str, wanted: str, depth: int) -> Iterator[str]:
    module = tree.modules.get(path)
    if module is None or depth == 0:
        return
    home, _, last = wanted.rpartition(".")
    file = _file(tree, path, module)
    for statement in module.body:
        if isinstance(statement, ClassDef) and f"{file.source.module}.{statement.name}" == wanted:
            yield statement.name
        elif isinstance(statement, Import) and statement.place[0] < statement.place[1]:
            full = _imported(file, statement)
            if full in (wanted, home):
                yield statement.bound if full == wanted else f"{statement.bound}.{last}"
            elif not statement.name and statement.module == home:
                yield f"{home}.{last}"
            elif statement.name and _brings(tree, full, wanted, depth):
                yield statement.bound


def _brings(tree: Tree, full: str, wanted: str, depth: int) -> bool:
    """Whether a module of the tree has the thing by that name."""
    module, _, name = full.rpartition(".")
    path = _paths(tree).get(module)
    return path is not None and name in _spellings(tree, path, wanted, depth - 1)


def _imported(file: File, statement: Import) -> str:
    """The dotted name of what an import binds."""
    if statement.name == "":
        return statement.bound
    source = file.absolute(statement)
    return source if statement.name is None else f"{source}.{statement.name}"


def outside_names(tree: Tree, constant: str) -> Iterator[str]:
    """The dotted names that a constant of one of the tree's modules is made of, through other constants."""
    return _made_of(tree, constant, set())


def _made_of(tree: Tree, constant: str, seen: set[str]) -> Iterator[str]:
    home, _, name = constant.rpartition(".")
    path = _paths(tree).get(home)
    if path is None or constant in seen:
        return
    seen.add(constant)
    module = tree.modules[path]
    for statement in module.body:
        if isinstance(statement, Assign) and statement.target == name and statement.value:
            for said in _said(statement.value):
                full = _qualified(_file(tree, path, module), said)
                yield full
                yield from _made_of(tree, full, seen)


def _said(expression: Expr) -> Iterator[str]:
    """The names in an expression, with the attributes read from them."""
    dotted = _dotted(expression)
    if dotted:
        yield dotted
    elif isinstance(expression, Opaque):
        yield from dotted_names(expression.text)
    else:
        for part in parts(expression):
            yield from _said(part.value if isinstance(part, Keyword) else part)


def _dotted(expression: Expr) -> str:
    if isinstance(expression, Attribute):
        owner = _dotted(expression.value)
        return f"{owner}.{expression.attr}" if owner else ""
    return expression.id if isinstance(expression, Name) else ""


def dotted_names(text: str) -> Iterator[str]:
    """The same of an expression that is text."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Attribute | ast.Name) and dotted_name(node):
            yield dotted_name(node)


def dotted_name(node: ast.expr) -> str:
    """`a.b.c` of a name with attributes, empty for anything else."""
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def parsed(text: str) -> ast.expr:
    """An expression as Python reads it; None as a literal for one that it can't read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes are for the user's own linter to judge
            return ast.parse(f"(\n{text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Constant(None)


def _qualified(file: File, dotted: str) -> str:
    """The dotted name that a name of a file stands for."""
    first, dot, rest = dotted.partition(".")
    for statement in file.module.body:
        if isinstance(statement, Import) and statement.bound == first:
            return _imported(file, statement) + dot + rest
    return f"{file.source.module}.{dotted}"


def _file(tree: Tree, path: str, module: Module) -> File:
    return File(Source(path, module_name(path, tree.settings), "", b""), "", module)


@lru_cache(maxsize=1)
def _paths(tree: Tree) -> Mapping[str, str]:
    return {module_name(path, tree.settings): path for path in tree.modules}
