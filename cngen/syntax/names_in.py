"""Parts of a libcst tree -> the names in them: read, bound, imported."""

from collections.abc import Iterator

import libcst as cst

from cngen.syntax.facts import Attribute, Expr, Import, Name

_BINDING = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr, cst.Del)
KEYWORD_CONSTANTS: dict[str, bool | None] = {"True": True, "False": False, "None": None}


def descend(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything below it, in source order, without recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def names_in(node: cst.CSTNode) -> Iterator[str]:
    return (inner.value for inner in descend(node) if isinstance(inner, cst.Name))


def bound_in(node: cst.CSTNode) -> Iterator[str]:
    """The names that a statement, or one inside it, may bind."""
    for inner in descend(node):
        if isinstance(inner, cst.FunctionDef | cst.ClassDef):
            yield inner.name.value
        elif isinstance(inner, cst.AsName):
            yield from names_in(inner.name)
        elif isinstance(inner, _BINDING):
            yield from names_in(inner.target)
        elif isinstance(inner, cst.MatchAs | cst.MatchStar) and inner.name is not None:
            yield from names_in(inner.name)
        elif isinstance(inner, cst.Import | cst.ImportFrom):
            yield from (found.bound for found, _ in imported_by(inner))


def free_names_in(node: cst.CSTNode) -> set[str]:
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
                bound.update(names_in(current.target))
            waiting.extend(current.children)
    return read - bound - set(KEYWORD_CONSTANTS)


def imported_by(node: cst.Import | cst.ImportFrom) -> Iterator[tuple[Import, tuple[str, ...]]]:
    """The names that an import binds, each with its text."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            dotted = dotted_text(alias.name)
            words = tuple(dotted.split("."))
            if alias.asname is not None:
                bound = dotted_text(alias.asname.name)
                yield Import(dotted, 0, None, bound, 0), (*words, bound)
            else:
                yield Import(dotted, 0, "", words[0], 0), words
        return
    module = dotted_text(node.module) if node.module is not None else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        yield Import(module, level, "*", "", 0), ()
        return
    for alias in node.names:
        name = dotted_text(alias.name)
        bound = dotted_text(alias.asname.name) if alias.asname else name
        yield Import(module, level, name, bound, 0), (name, bound) if alias.asname else (name,)


def dotted_text(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return f"{dotted_text(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def dotted_name(node: cst.CSTNode, at: int) -> Expr:
    """A dotted name, placed at one offset."""
    if isinstance(node, cst.Attribute):
        return Attribute(dotted_name(node.value, at), node.attr.value, at, at)
    return Name(dotted_text(node), at, at)
