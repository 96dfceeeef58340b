"""A resolved tree -> its classes as written: where a field or a value is assigned."""

from collections.abc import Iterator, Mapping

from cngen.diagnostics import Span
from cngen.model.tree import Field, Node, Tree, per_tree
from cngen.syntax.facts import Assign, ClassDef, Expr, Keyword, Starred, parts

_HELPERS = frozenset({"default", "default_factory", "value"})
"""The keywords of `default(...)` and `field(...)`, which are the whole value of a field."""


def class_of(tree: Tree, node: Node) -> ClassDef | None:
    """The class that a node was read from."""
    return _classes(tree).get((node.span.file, node.span.start))


@per_tree
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
