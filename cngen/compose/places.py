"""A path in a whole config -> what is there, and the config with another value there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from cngen.compose.defaults import effective
from cngen.model.tree import Field, Node, Tree, is_node_field, per_tree
from cngen.model.types import ANY, DictType, Type, member_of, node_type
from cngen.model.values import Argument, Instance, Missing, Scalar, Table, Value
from cngen.text.quoting import quote

Path: TypeAlias = tuple[str, ...]
"""A place in the composed config: the names of fields and the keys of dicts that lead to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place that an experiment sets. `owner` is the node whose body sets it."""

    path: Path
    value: Value
    owner: str


@dataclass(frozen=True, slots=True)
class Place:
    """What is at a path. `field` is the one that holds it, `type` that of this very place.

    `value` is None where nothing is set yet; `is_key` marks an entry of a dict.
    """

    holder: str
    field: Field
    type: Type
    value: Value | None
    is_key: bool

    @property
    def is_chosen(self) -> bool:
        """Whether a defaults list chooses what is here."""
        return node_type(self.type) is not None if self.is_key else is_node_field(self.field)


@per_tree
def _states(tree: Tree) -> dict[str, Instance]:
    """The states that were asked for, by the keys of their nodes."""
    return {}


def is_string(key: Value) -> bool:
    """Whether a key of a dict can be a part of a path."""
    return isinstance(key, Scalar) and isinstance(key.value, str)


def part_of(tree: Tree, whole: Value, name: str) -> Value | None:
    """What a node holds in a field, or a dict under a key."""
    match whole:
        case Instance(node) if node in tree.nodes:
            field = tree.nodes[node].field(name)
            given = whole.get(name)
            return given if given is not None or field is None else effective(tree, field)
        case Table():
            return whole.get(name)
    return None


def with_part(whole: Instance | Table, part: Argument, value: Value) -> Instance | Table:
    if isinstance(whole, Instance):
        others = tuple(a for a in whole.arguments if a.name != part.name)
        return replace(whole, arguments=(*others, Argument(part.name, value, part.span)))
    if any(_is_key(key, part.name) for key, _ in whole.items):
        items = tuple((k, value if _is_key(k, part.name) else v) for k, v in whole.items)
    else:
        items = (*whole.items, (Scalar(part.name, quote(part.name), part.span), value))
    return Table(items, whole.span)


def _is_key(key: Value, name: str) -> bool:
    return isinstance(key, Scalar) and key.value == name


def state(tree: Tree, node: Node) -> Instance:
    """A whole primary config, as a node that inherits from it has it."""
    known = _states(tree)
    if node.key not in known:
        known[node.key] = _find_state(node)
    return known[node.key]


def _find_state(node: Node) -> Instance:
    given = ((field, field.default) for field in node.fields)
    arguments = tuple(Argument(f.name, value, f.span) for f, value in given if value is not None)
    return Instance(node.primary if node.is_experiment else node.key, arguments, node.span)


def at(tree: Tree, whole: Instance, path: Path) -> Place | None:
    """What is at a path; None where no such field can be."""
    place: Place | None = None
    value: Value | None = whole
    for name in path:
        found = _holder(tree, place, value)
        if found is not None:
            field = found.field(name)
            if field is None:
                return None
            part = part_of(tree, value, name) if isinstance(value, Instance) else None
            value = part if part is not None else effective(tree, field)
            place = Place(found.key, field, field.type, value, is_key=False)
        elif place is not None and isinstance(value, Table):
            value = part_of(tree, value, name)
            place = replace(place, type=item_type(place.type), value=value, is_key=True)
        else:
            return None
    return place


def _holder(tree: Tree, place: Place | None, value: Value | None) -> Node | None:
    """The node whose fields stand below a place: the one there, or the one that must be chosen."""
    if isinstance(value, Instance):
        return tree.nodes.get(value.node)
    if isinstance(value, Missing) and place is not None:
        annotated = node_type(place.type)
        return tree.nodes.get(annotated.node) if annotated is not None else None
    return None


def item_type(written: Type) -> Type:
    """The type of the values of a dict."""
    held = member_of(written, DictType)
    return held.value if isinstance(held, DictType) else ANY


def put(tree: Tree, whole: Instance, change: Change) -> Instance:
    """A config with one place set differently."""
    found = _put(tree, whole, change.path, change.value)
    assert isinstance(found, Instance)  # every change lies below the root
    return found


def _put(tree: Tree, whole: Value, path: Path, value: Value) -> Value:
    name, *rest = path
    if isinstance(whole, Instance | Table):
        below = part_of(tree, whole, name)
        if not rest:
            return with_part(whole, Argument(name, value, value.span), value)
        if below is not None:
            inner = _put(tree, below, tuple(rest), value)
            return with_part(whole, Argument(name, inner, value.span), inner)
    return whole


def placed(
    tree: Tree, whole: Instance, changes: Iterable[Change]
) -> Iterator[tuple[Place, Change]]:
    """Each change with what is at its place just before it; what has no place is left out."""
    for change in changes:
        place = at(tree, whole, change.path)
        if place is not None:
            yield place, change
            whole = put(tree, whole, change)


def is_within(path: Path, outer: Path) -> bool:
    """Whether a place is another one or lies below it."""
    return path[: len(outer)] == outer


def overlap(one: Path, other: Path) -> bool:
    """Whether one of two places is or contains the other."""
    return is_within(one, other) or is_within(other, one)
