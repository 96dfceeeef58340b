"""Settled tree -> what Hydra composes for each config without overrides, key by key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from cngen.compose.defaults import effective, is_composed
from cngen.compose.experiments import Experiment, experiments
from cngen.compose.places import Change, Place, at, item_type, put, state
from cngen.compose.sweeps import all_parameters, parameters, unswept_changes
from cngen.compose.written import key_text
from cngen.hydra.types import storable
from cngen.model.naming import class_names
from cngen.model.printing import stored_type_text, value_text
from cngen.model.tree import Node, Tree
from cngen.model.types import (
    ANY,
    ListType,
    ScalarType,
    TupleType,
    Type,
    member_of,
    without_none,
)
from cngen.model.values import (
    EnumMember,
    Instance,
    Items,
    Missing,
    PathValue,
    Scalar,
    Table,
    Value,
    every_instance,
)

Holder: TypeAlias = "Instance | Place"
"""What has keys below it: a whole config, or what is at one of its keys."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What a composed config has under one key: its value and its type, as Python text.

    A node's value is the name of its class.
    """

    value: str
    type: str


MOST_JOBS = 100
"""How many jobs of a config are looked at for keys that not every one has."""


# Configs


def configs(tree: Tree) -> Mapping[str, Node]:
    """Every primary config (`run`) and experiment (`exp/fast`) of a tree, by name."""
    found = {
        config_name(node): node
        for node in tree.nodes.values()
        if node.option is not None and (node.is_experiment or not node.group)
    }
    return dict(sorted(found.items()))


def config_name(node: Node) -> str:
    """The group and option of a config that is stored."""
    return "/".join(part for part in (node.group, node.option) if part)


def composed(tree: Tree, node: Node, number: int = 0) -> Instance:
    """The whole config that Hydra composes for a primary config or an experiment, without jobs.

    With a `number` that of the group of points which has this number instead of the first.
    """
    if not node.primary:
        return state(tree, node)
    experiment = experiments(tree)[node.key]
    if not node.is_experiment:
        return _merged(tree, state(tree, node), _points(tree, experiment, number))
    return _merged(tree, state(tree, experiment.primary), _all_changes(tree, experiment, number))


def jobs(tree: Tree, node: Node) -> Iterator[Instance]:
    """What a config composes for its jobs: each of the points and options that it sweeps is in one of them."""
    experiment = experiments(tree).get(node.key)
    found = all_parameters(tree, experiment) if experiment is not None else ()
    for number in range(min(MOST_JOBS, max((len(p.texts) for p in found), default=1))):
        whole = composed(tree, node, number)
        for axis in (p.axes[0] for p in found if not p.points and not p.is_search):
            value = axis.values[min(number, len(axis.values) - 1)]
            place = at(tree, whole, axis.path)
            if place is not None and place.is_chosen:
                whole = put(tree, whole, Change(axis.path, value, axis.owner))
        yield whole


def _all_changes(
    tree: Tree, experiment: Experiment, number: int, around: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """Everything that an experiment, its bases and its points change, in the order of merging.

    `around` are the experiments of which it is a point: one that is its own, an error, isn't followed.
    """
    around |= {experiment.node.key}
    if experiment.base is not None:
        yield from _all_changes(tree, experiments(tree)[experiment.base.key], number, around)
    else:
        primary = experiments(tree).get(experiment.primary.key)
        yield from _points(tree, primary, number, around) if primary is not None else ()
    yield from unswept_changes(tree, experiment, parameters(tree, experiment, experiment.axes))
    yield from _points(tree, experiment, number, around)


def _points(
    tree: Tree, experiment: Experiment, number: int, around: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """What is in the defaults list for each group of points: its first, or another one of a job."""
    for parameter in parameters(tree, experiment, experiment.axes):
        for point in parameter.points[: number + 1][-1:]:
            for other in point.stacked:
                if other.key not in around:
                    yield from _all_changes(tree, experiments(tree)[other.key], number, around)
            yield from point.changes


def _merged(tree: Tree, whole: Instance, changes: Iterable[Change]) -> Instance:
    """Changes as Hydra merges them: what is chosen first, then values over it."""
    later: list[Change] = []
    for change in changes:
        place = at(tree, whole, change.path)
        if place is not None and _is_choice(place, change.value):
            whole = put(tree, whole, change)
        else:
            later.append(change)
    for change in later:
        if at(tree, whole, change.path) is not None:
            whole = put(tree, whole, change)
    return whole


def _is_choice(place: Place, value: Value) -> bool:
    return place.is_chosen or (not place.is_key and is_composed(place.field, value))


# Keys


def leaf(tree: Tree, place: Place) -> Composed:
    """What is at a place, as it is stored, comparable with what is there in another tree.

    Of a dict and of a list of nodes the value is the word alone: their parts have keys of their own.
    """
    stored = storable(place.type, tree.settings.hydra)
    value: Value = place.value if place.value is not None else Missing(place.field.span)
    if isinstance(value, Instance):
        return Composed(
            class_names(tree).get(value.node, value.node), stored_type_text(tree, stored)
        )
    if isinstance(value, Table):
        return Composed("dict", stored_type_text(tree, stored))
    if isinstance(value, Items) and any(every_instance(value)):
        return Composed("list", stored_type_text(tree, stored))
    return Composed(value_text(tree, converted(stored, value)), stored_type_text(tree, stored))


def below(tree: Tree, holder: Holder) -> Mapping[str, Place]:
    """What is right below a config or a place, by key."""
    value = holder if isinstance(holder, Instance) else holder.value
    match value:
        case Instance(node) if node in tree.nodes:
            return {
                field.name: Place(
                    node,
                    field,
                    field.type,
                    given
                    if (given := value.get(field.name)) is not None
                    else effective(tree, field),
                    is_key=False,
                )
                for field in tree.nodes[node].fields
            }
        case Table(items) if isinstance(holder, Place):
            inner = replace(holder, type=item_type(holder.type), is_key=True)
            return {config_key(tree, key): replace(inner, value=item) for key, item in items}
        case Items(items=items) if isinstance(holder, Place) and any(every_instance(value)):
            # No defaults list chooses in a list: an item is no key of a config.
            inner = replace(holder, type=_item_type(holder.type), is_key=False)
            return {str(number): replace(inner, value=item) for number, item in enumerate(items)}
    return {}


def places(tree: Tree, holder: Holder, prefix: str = "") -> Iterator[tuple[str, Place]]:
    """Everything that is below a config or a place, by its key, with dots between the parts."""
    for name, place in below(tree, holder).items():
        yield prefix + name, place
        yield from places(tree, place, f"{prefix}{name}.")


def config_key(tree: Tree, key: Value) -> str:
    """A key of a dict as a key of the config; also of what isn't known, which no path can have."""
    return key_text(key) if isinstance(key, EnumMember | Scalar) else value_text(tree, key)


def _item_type(written: Type) -> Type:
    held = member_of(written, ListType)
    return held.item if isinstance(held, ListType) else ANY


def converted(stored: Type, value: Value) -> Value:
    """A value as OmegaConf keeps it in a field of a stored type: an int as a float, a text as a path."""
    stored = without_none(stored)
    match stored, value:
        case ScalarType("str" | "int"), EnumMember():
            return replace(value, is_value=True)
        case ScalarType("float"), Scalar(bool()):
            return value
        case ScalarType("float"), Scalar(int() as number):
            return replace(value, value=float(number), text=repr(float(number)))
        case ScalarType("Path"), Scalar(str() as text):
            return PathValue(text, value.span)
        case ListType(item), Items(items=items):
            return Items("list", tuple(converted(item, inner) for inner in items), value.span)
        case TupleType(types), Items(items=items) if types:
            each = types if len(types) == len(items) else (types[0],) * len(items)
            pairs = zip(each, items, strict=True)
            return Items("list", tuple(converted(t, i) for t, i in pairs), value.span)
    return value
