"""Names in sources <-> the qualified names that they mean, through imports and constants."""

import ast
import warnings
from collections.abc import Iterator, Mapping

from cngen.model.tree import Tree, per_tree
from cngen.project.sources import Source, module_name
from cngen.reading.names import File
from cngen.syntax.facts import (
    Assign,
    Attribute,
    ClassDef,
    Expr,
    Import,
    Keyword,
    Module,
    Name,
    Opaque,
    parts,
)

_FOLLOWED = 4
"""How often a name may be followed to the module that it is imported from."""


def known_as(tree: Tree, path: str, wanted: str) -> str:
    """The shortest name that a file has for a qualified name; empty if it has none."""
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
    name = dotted(expression)
    if name:
        yield name
    elif isinstance(expression, Opaque):
        yield from dotted_names(expression.text)
    else:
        for part in parts(expression):
            yield from _said(part.value if isinstance(part, Keyword) else part)


def dotted(expression: Expr) -> str:
    """`a.b.c` of a name with attributes, empty for anything else."""
    if isinstance(expression, Attribute):
        owner = dotted(expression.value)
        return f"{owner}.{expression.attr}" if owner else ""
    return expression.id if isinstance(expression, Name) else ""


def dotted_names(text: str) -> Iterator[str]:
    """The names in an expression that is text, with the attributes read from them."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Attribute | ast.Name) and dotted_name(node):
            yield dotted_name(node)


def dotted_name(node: ast.expr) -> str:
    """The same of what Python has read."""
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
    """The dotted name that a name of a file means."""
    first, dot, rest = dotted.partition(".")
    for statement in file.module.body:
        if isinstance(statement, Import) and statement.bound == first:
            return _imported(file, statement) + dot + rest
    return f"{file.source.module}.{dotted}"


def _file(tree: Tree, path: str, module: Module) -> File:
    return File(Source(path, module_name(path, tree.settings), "", b""), "", module)


@per_tree
def _paths(tree: Tree) -> Mapping[str, str]:
    return {module_name(path, tree.settings): path for path in tree.modules}
