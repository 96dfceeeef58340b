"""What the classes of a tree write: values, steps of experiments, and what is swept."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.places import Change, Place, at, state
from cngen.compose.steps import Axis, steps, swept_changes
from cngen.diagnostics import Span
from cngen.model.tree import Field, Node, Tree, per_tree
from cngen.model.types import ANY, DictType, ListType, TupleType, Type, member_of
from cngen.model.values import Instance, Interval, Items, Sweep, Table, Value, instances, outermost


def declared_fields(tree: Tree) -> Iterator[tuple[Node, Field]]:
    """Every field that a class annotates or sets itself, with the node of the class."""
    for node in tree.nodes.values():
        for field in node.fields:
            if field.name in node.declared:
                yield node, field


@per_tree
def written_values(tree: Tree) -> tuple[tuple[Node, str, Type, Value], ...]:
    """Every value written for a field: the node that holds the field, the field's name and type.

    Arguments of instances count, at any depth, those of swept ones as well; unknown ones
    don't.
    """
    return tuple(_written(tree))


@dataclass(frozen=True, slots=True)
class Step:
    """A change or a sweep that the body of `node` writes, and the place that it changes, if there is one."""

    node: Node
    step: Change | Axis
    place: Place | None


@per_tree
def written_steps(tree: Tree) -> tuple[Step, ...]:
    """What every node that inherits from a primary config changes and sweeps itself."""
    return tuple(
        Step(node, step, at(tree, state(tree, node), step.path))
        for node in tree.nodes.values()
        if node.primary
        for step in steps(tree, node)
    )


@dataclass(frozen=True, slots=True)
class Swept:
    """What one value of a sweep, the one of that number, changes; `place` is None where nothing is."""

    node: Node
    axis: Axis
    number: int
    change: Change
    place: Place | None


@per_tree
def swept_values(tree: Tree) -> tuple[Swept, ...]:
    """Every value that is swept, in parts where it is a patch."""
    return tuple(_swept(tree))


def span_in(axis: Axis, value: Value) -> Span:
    """Where a sweep writes a value; at the sweep if the value is from a constant."""
    outer, inner = axis.swept.span, value.span
    is_inside = outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end
    return inner if is_inside else outer


def _swept(tree: Tree) -> Iterator[Swept]:
    for written in written_steps(tree):
        axis = written.step
        if not isinstance(axis, Axis) or not isinstance(axis.swept, Sweep):
            continue
        whole = state(tree, written.node)
        for number, value in enumerate(axis.values, 1):
            for change in swept_changes(tree, axis, written.place, value):
                place = at(tree, whole, change.path)
                yield Swept(written.node, axis, number, change, place)


def _written(tree: Tree) -> Iterator[tuple[Node, str, Type, Value]]:
    for node, field in declared_fields(tree):
        if field.default is not None and not _is_kept(tree, node, field):
            yield node, field.name, field.type, field.default
            yield from _arguments(tree, field.default)
    for swept in swept_values(tree):
        yield from _arguments(tree, swept.change.value)


def _is_kept(tree: Tree, node: Node, field: Field) -> bool:
    """Whether the body of a node leaves a field as a base has it: what it sweeps isn't the field's default."""
    held = (tree.nodes[key].field(field.name) for key in node.bases if node.primary)
    return any(old is not None and old.default is field.default for old in held)


def _arguments(tree: Tree, value: Value) -> Iterator[tuple[Node, str, Type, Value]]:
    for instance in instances(value):
        node = tree.nodes.get(instance.node)
        for argument in instance.arguments if node is not None else ():
            field = node.field(argument.name) if node is not None else None
            if node is None or field is None or argument.value is field.default:
                continue  # a swept argument starts from its default, which has its own place
            yield node, field.name, field.type, argument.value
            yield from _arguments(tree, argument.value)


def placed_instances(written: Type, value: Value) -> Iterator[tuple[Type, Instance]]:
    """The outermost instances in a value, each with the type of its place."""
    if isinstance(value, Instance):
        yield written, value
        return
    written = member_of(written, DictType if isinstance(value, Table) else (ListType, TupleType))
    if isinstance(value, Items):
        for item in value.items:
            inner = written.item if isinstance(written, ListType) else ANY
            yield from placed_instances(inner, item)
    elif isinstance(value, Table):
        for _, item in value.items:
            yield from placed_instances(
                written.value if isinstance(written, DictType) else ANY, item
            )


def inherits_type(tree: Tree, node: Node, field: Field) -> bool:
    """Whether a base of a node has a field with the same annotation already."""
    held = (tree.nodes[base].field(field.name) for base in node.bases)
    return any(inherited is not None and inherited.type == field.type for inherited in held)


def sweeps_in(value: Value) -> Iterator[Value]:
    """The outermost sweeps and intervals in a value."""
    return outermost(value, (Sweep, Interval))
