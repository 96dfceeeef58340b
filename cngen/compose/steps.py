"""The body of an experiment -> its steps: changes of one place, and axes that vary from job to job."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cngen.compose.places import Change, Path, Place, at, is_within, part_of, put, state
from cngen.compose.settled_values import effective_in, is_choice, replaces, settled_value, uniform
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.values import (
    Instance,
    Interval,
    Missing,
    Patch,
    Points,
    Scalar,
    Sweep,
    Table,
    Value,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies from job to job; of `Points` the path is their attribute."""

    path: Path
    swept: Sweep | Interval | Points
    owner: str

    @property
    def values(self) -> tuple[Value, ...]:
        """What it takes in turn: values or experiments, none for an interval."""
        match self.swept:
            case Sweep(values) | Points(values):
                return values
        return ()

    @property
    def zip(self) -> str:
        """The name under which it advances together with others, empty for none."""
        return "" if isinstance(self.swept, Interval) else self.swept.zip


@per_tree
def _found_inherited(tree: Tree) -> "dict[str, Inherited]":
    return {}


Inherited: TypeAlias = Mapping[str, tuple[Value | None, str]]
"""What a node has for each field before its own body, and the node that wrote it."""


def inherited_by(tree: Tree, node: Node) -> Inherited:
    known = _found_inherited(tree)
    if node.key not in known:
        known[node.key] = _find_inherited(tree, node)
    return known[node.key]


def _find_inherited(tree: Tree, node: Node) -> Inherited:
    if len(node.bases) == 1:
        return {f.name: (f.default, f.owner) for f in tree.nodes[node.bases[0]].fields}
    if node.group:
        whole = joined(tree, node).whole
        owners = {field.name: field.owner for field in node.fields}
        return {a.name: (a.value, owners.get(a.name, node.key)) for a in whole.arguments}
    found: dict[str, tuple[Value | None, str]] = {}
    for base in (tree.nodes[key] for key in reversed(node.lineage[1:])):
        found |= {f.name: (f.default, base.key) for f in base.fields if f.name in base.declared}
    return found


Accumulated: TypeAlias = "tuple[tuple[Change, ...], tuple[Axis, ...]]"


@dataclass(frozen=True, slots=True)
class _Joined:
    """The steps of several bases of an experiment, and its primary config after them."""

    steps: Accumulated
    whole: Instance


def joined(tree: Tree, node: Node) -> _Joined:
    """Apply the bodies of all bases, each over those before it, in Python's order of bases.

    Some may be experiments of other primary configs. The primary config itself is stored whole, so only
    its steps over one of those count.
    """
    primary = tree.nodes[node.primary]
    whole, before = state(tree, primary), NOTHING
    for base in (tree.nodes[key] for key in reversed(node.lineage[1:])):
        found = tuple(_steps_over(tree, base, whole))
        if base.key in primary.lineage:
            places = [change.path for change in before[0]]
            found = tuple(s for s in found if any(is_within(s.path, p) for p in places))
        before = accumulated(found, before)
        for step in found:
            for change in (step,) if isinstance(step, Change) else _first(tree, step):
                if at(tree, whole, change.path) is not None:
                    whole = put(tree, whole, change)
    return _Joined(before, whole)


def _steps_over(tree: Tree, node: Node, whole: Instance) -> Iterator[Change | Axis]:
    """The steps of the body of a base over the config that those before it left."""
    if node.primary:
        yield from _steps(tree, node, {a.name: (a.value, "") for a in whole.arguments})
        return
    for field in node.fields:
        if field.name in node.declared and field.default is not None:
            yield Change((field.name,), field.default, node.key)


def _first(tree: Tree, axis: Axis) -> Iterator[Change]:
    """The choice from which a sweep starts."""
    value = settled_value(tree, None, axis.values[0]) if starts_from_first(axis) else None
    if value is not None:
        yield Change(axis.path, value, axis.owner)


def starts_from_first(axis: Axis) -> bool:
    """Whether the config without any job has the first value of a sweep."""
    return isinstance(axis.swept, Sweep) and replaces(axis.swept)


def steps(tree: Tree, node: Node) -> Iterator[Change | Axis]:
    """What a node's own body changes and sweeps, in the order of its statements."""
    return _steps(tree, node, inherited_by(tree, node))


def _steps(tree: Tree, node: Node, inherited: Inherited) -> Iterator[Change | Axis]:
    """The same over what is there before the body."""
    places = {
        name: field.span for name, _ in node.written if (field := node.field(name)) is not None
    }
    found = [(places[name], name, value) for name, value in node.written if name in places]
    found += [(value.span, name, value) for name, value in node.points]
    for _, name, value in sorted(found, key=lambda item: item[0]):
        field = node.field(name)
        if field is not None:
            before = effective_in(tree, field, inherited.get(name, (None, ""))[0])
            yield from steps_of(tree, (name,), before, value, node.key)
        elif isinstance(value, Points):
            yield Axis((name,), value, node.key)


def steps_of(
    tree: Tree, path: Path, before: Value | None, written: Value, owner: str
) -> Iterator[Change | Axis]:
    """What a value written for one place changes and sweeps."""
    match written:
        case Sweep():
            yield Axis(path, uniform(tree, before, written), owner)
        case Interval():
            yield Axis(path, written, owner)
        case Patch(arguments) if isinstance(before, Instance | Table | Missing):
            for argument in arguments:
                part = part_of(tree, before, argument.name)
                inner = (*path, argument.name)
                yield from steps_of(tree, inner, part, argument.value, owner)
        case _:
            value = settled_value(tree, before, written)
            yield Change(path, written if value is None else value, owner)
            yield from _axes(tree, path, before, written, owner)


def _axes(tree: Tree, path: Path, before: Value | None, value: Value, owner: str) -> Iterator[Axis]:
    """The sweeps inside a value."""
    match value:
        case Sweep():
            yield Axis(path, uniform(tree, before, value), owner)
        case Interval():
            yield Axis(path, value, owner)
        case _:
            for name, old, part in _parts(tree, before, value):
                yield from _axes(tree, (*path, name), old, part, owner)


def _parts(
    tree: Tree, before: Value | None, value: Value
) -> Iterator[tuple[str, Value | None, Value]]:
    """The keys of a value that a path can name, each with what was there before and what is."""
    match value:
        case Instance(node=node, arguments=arguments):
            plain = Instance(node, (), value.span)
            yield from ((a.name, part_of(tree, plain, a.name), a.value) for a in arguments)
        case Patch(arguments):
            yield from ((a.name, None, a.value) for a in arguments)
        case Table(items):
            old = dict(before.items) if isinstance(before, Table) else {}
            for key, item in items:
                if isinstance(key, Scalar) and isinstance(key.value, str):
                    yield key.value, old.get(key), item


NOTHING: Accumulated = ((), ())


def accumulated(found: Iterable[Change | Axis], before: Accumulated = NOTHING) -> Accumulated:
    """Steps in order after others, without those that a later one replaces."""
    changes, axes = [*before[0]], [*before[1]]
    for step in found:
        if isinstance(step, Change) or starts_from_first(step):
            changes = [c for c in changes if not is_within(c.path, step.path)]
        gone = [axis for axis in axes if _is_replaced(axis, step)]
        axes = [axis for axis in axes if axis not in gone]
        if isinstance(step, Axis) and is_additive(step):  # to what the sweep before it started from
            changes += [Change(a.path, a.values[0], a.owner) for a in gone if starts_from_first(a)]
        (changes if isinstance(step, Change) else axes).append(step)  # type: ignore[arg-type]
    return tuple(changes), tuple(axes)


def is_additive(axis: Axis) -> bool:
    """Whether the values of an axis change what is there, rather than stand for all of it."""
    return isinstance(axis.swept, Sweep) and is_choice(axis.swept) and not replaces(axis.swept)


def _is_replaced(axis: Axis, step: Change | Axis) -> bool:
    is_points = isinstance(step, Axis) and isinstance(step.swept, Points)
    if isinstance(axis.swept, Points) != is_points:
        return False
    adds = isinstance(step, Axis) and is_additive(step)
    return axis.path == step.path if adds else is_within(axis.path, step.path)


def changes_of(tree: Tree, whole: Instance, step: Change | Axis) -> Iterator[Change]:
    """A change itself; of a sweep what each of its values changes."""
    if isinstance(step, Change):
        yield step
    elif isinstance(step.swept, Sweep):
        place = at(tree, whole, step.path)
        for value in step.values:
            yield from swept_changes(tree, step, place, value)


def swept_changes(tree: Tree, axis: Axis, place: Place | None, value: Value) -> Iterator[Change]:
    """What one value of a sweep changes at the place of the axis and below; nothing for points."""
    if isinstance(axis.swept, Sweep):
        before = place.value if place is not None else None
        for step in steps_of(tree, axis.path, before, value, axis.owner):
            if isinstance(step, Change):
                yield step
