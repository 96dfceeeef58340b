"""Which options lack a key that an interpolation names."""

from cngen.compose.defaults import effective
from cngen.compose.keys import Keys, Partial
from cngen.compose.places import Path, at, state
from cngen.compose.references import Destination, keys_of
from cngen.compose.written import Written
from cngen.model.tree import Tree, index_of
from cngen.model.values import Instance, Items, Table, Value


def lacking(tree: Tree, target: Destination, partial: Partial) -> tuple[str, ...]:
    """The nodes without the key that can be there while the interpolation is where it is."""
    above = target.path[: partial.number]
    there = _settled(tree, target, above)
    if there is not None and (
        there not in partial.lacking or not target.place.writer.is_experiment
    ):
        return tuple({there}.intersection(partial.lacking))
    keys = keys_of(tree)
    around = _around(keys, target, above)
    return tuple(node for node in partial.lacking if not around or node in around)


def _settled(tree: Tree, target: Destination, above: Path) -> str | None:
    """The node that must be there: written around the interpolation, or chosen by its experiment."""
    place: Written = target.place
    if place.links[0].node != target.start:
        return None
    beside = _beside(tree, place, above)
    if beside is not None:
        return beside
    if place.writer.is_experiment:
        stands = at(tree, state(tree, place.writer), above)
        if stands is not None and isinstance(stands.value, Instance):
            return stands.value.node
    return place.pinned(above)


def _beside(tree: Tree, place: Written, above: Path) -> str | None:
    """The node at a path that leads through the list that contains the interpolation.

    What is in one list is built together: nothing can be chosen there, and another list has other items.
    """
    holder = place.writer if place.writer.is_experiment else tree.nodes[place.links[0].node]
    field = holder.field(place.path[0])
    value = field.default if field is not None else None
    is_built = False
    for number, key in enumerate(above[1:], 1):
        is_around = above[:number] == place.path[:number]
        is_built |= is_around and isinstance(value, Items)
        value = _part(tree, value, key)
    return value.node if is_built and isinstance(value, Instance) else None


def _part(tree: Tree, value: Value | None, key: str) -> Value | None:
    """What a value has at a key of a path."""
    match value:
        case Instance(node) if node in tree.nodes:
            field = tree.nodes[node].field(key)
            given = value.get(key)
            return given if given is not None or field is None else effective(tree, field)
        case Items(items=items) if key.isdecimal() and index_of(key) < len(items):
            return items[index_of(key)]
        case Table():
            return value.get(key)
    return None


def _around(keys: Keys, target: Destination, above: Path) -> frozenset[str]:
    """Of the nodes that can be there, those that can hold the interpolation."""
    holder, field = target.place.links[0].node, target.place.path[0]
    if target.start == holder:
        return frozenset()
    nodes = keys.find(target.start, above).spot.nodes
    return nodes & {holder, *keys.holders.ways(holder, field)}
