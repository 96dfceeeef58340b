"""What a rule is, and what several rules look at."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from cngen.diagnostic import Diagnostic, Severity, Span
from cngen.model import (
    ANY,
    DictType,
    Instance,
    Items,
    ListType,
    Node,
    Table,
    Tree,
    TupleType,
    Type,
    UnionType,
    Value,
)


class Rule(ABC):
    """One kind of finding about a resolved tree.

    The docstring of a rule is its documentation: what is wrong, and why that is bad.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR

    @abstractmethod
    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every place of a tree where the rule is broken."""

    def found(self, span: Span, message: str, hint: str = "") -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(span, self.code, message, hint, self.severity)


@lru_cache(maxsize=1)
def written_values(tree: Tree) -> tuple[tuple[Node, str, Type, Value], ...]:
    """Every value written for a field: the node that holds the field, the field's name and type.

    Arguments of instances count, however deep they stand; unknown ones don't.
    """
    return tuple(_written(tree))


def _written(tree: Tree) -> Iterator[tuple[Node, str, Type, Value]]:
    for node in tree.nodes.values():
        for field in node.fields:
            if field.name in node.declared and field.default is not None:
                yield node, field.name, field.type, field.default
                yield from _arguments(tree, field.default)


def _arguments(tree: Tree, value: Value) -> Iterator[tuple[Node, str, Type, Value]]:
    for instance in instances(value):
        node = tree.nodes.get(instance.node)
        for argument in instance.arguments if node is not None else ():
            field = node.field(argument.name) if node is not None else None
            if node is not None and field is not None:
                yield node, field.name, field.type, argument.value
                yield from _arguments(tree, argument.value)


def instances(value: Value) -> Iterator[Instance]:
    """The outermost instances in a value."""
    if isinstance(value, Instance):
        yield value
    elif isinstance(value, Items):
        for item in value.items:
            yield from instances(item)
    elif isinstance(value, Table):
        for _, item in value.items:
            yield from instances(item)


def placed_instances(written: Type, value: Value) -> Iterator[tuple[Type, Instance]]:
    """The outermost instances in a value, each with the type of its place."""
    if isinstance(value, Instance):
        yield written, value
        return
    if isinstance(written, UnionType):
        kind = DictType if isinstance(value, Table) else ListType | TupleType
        written = next((member for member in written.members if isinstance(member, kind)), ANY)
    if isinstance(value, Items):
        for item in value.items:
            inner = written.item if isinstance(written, ListType) else ANY
            yield from placed_instances(inner, item)
    elif isinstance(value, Table):
        for _, item in value.items:
            yield from placed_instances(
                written.value if isinstance(written, DictType) else ANY, item
            )
