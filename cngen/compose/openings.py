"""Experiments -> the entries of defaults lists that they override, so that every list must have them.

Hydra overrides an entry only where there is one, and takes two of one key for a conflict. So no experiment
adds an entry: what it chooses, or removes, has a null entry in each list in which another option, or
another primary config, leaves it out. Then experiments stack in any order, over any option.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cngen.compose.defaults import Choice, choices, is_composed, origin, value_is_none
from cngen.compose.experiments import Experiment, experiments, stored_over
from cngen.compose.places import Change, Place, placed, put
from cngen.compose.sweeps import parameters, unswept_changes
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.types import node_type
from cngen.model.values import Instance, Missing, Scalar, Table, Value, every_instance

ALL = "*"
"""Stands for every key of a dict of nodes; no key is called so."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One entry of a node's list: the field, the key if the field is a dict, and the group to choose from."""

    field: str
    key: str
    group: str

    @property
    def package(self) -> str:
        """Where it puts what it chooses, below the node."""
        return f"{self.field}.{self.key}" if self.key else self.field


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is overridden in the list of whatever node is in the place of `holder`.

    These are all entries of a field, or of one of its keys, however many groups there are; `group` is
    the one that is chosen from, empty where nothing is.
    """

    holder: str
    field: str
    key: str
    group: str


@per_tree
def overridden_entries(tree: Tree) -> Mapping[str, frozenset[Opening]]:
    """Of each node the entries that experiments override: those that its list, or a variation's, must have."""
    wanted = dict.fromkeys(w for e in experiments(tree).values() for w in _wanted(tree, e))
    known = _written_entries(tree) if wanted else {}
    found: dict[str, set[Opening]] = {key: set() for key in tree.nodes}
    count = -1
    while count != (count := sum(map(len, found.values()))):
        for want in wanted:
            nodes = _nodes(tree, want.holder, want.field)
            there = {e for key in nodes for e in (*found[key], *known.get(key, ()))}
            needed = {e for e in there if _is_for(e, want)}
            needed |= {Opening(want.field, want.key, want.group)} if want.group else set()
            for key in nodes:
                found[key] |= needed
    return {key: frozenset(entries) for key, entries in found.items()}


def opened(tree: Tree, node: Node, listed: Iterable[Choice]) -> tuple[Choice, ...]:
    """The null entries that a node's list, or a variation's, needs beside those that it has."""
    has = {(choice.group, choice.package) for choice in listed}
    wanted = overridden_entries(tree)[node.key]
    missing = sorted((e.group, e.package) for e in wanted if (e.group, e.package) not in has)
    return tuple(Choice(package, group, None, node.key) for group, package in missing)


def unpointed(tree: Tree, experiment: Experiment) -> Instance:
    """What an experiment makes of the config that it is stored over, without its groups of points."""
    whole = stored_over(tree, experiment)
    for _, change in placed(tree, whole, own_changes(tree, experiment)):
        whole = put(tree, whole, change)
    return whole


def own_changes(tree: Tree, experiment: Experiment) -> Iterator[Change]:
    """What is stored of an experiment itself; a primary config is stored whole."""
    if experiment.node.is_experiment:
        yield from unswept_changes(tree, experiment, parameters(tree, experiment, experiment.axes))


def chosen_group(tree: Tree, place: Place, value: Value | None) -> str | None:
    """The group from which a place's entry selects; None where there is no entry."""
    if isinstance(value, Instance):
        return tree.nodes[value.node].group
    annotated = node_type(place.type)
    if annotated is not None and (isinstance(value, Missing) or value_is_none(value)):
        return tree.nodes[annotated.node].group or None
    return None


def _wanted(tree: Tree, experiment: Experiment) -> Iterator[_Wanted]:
    if experiment.node.option is None:
        return
    changes = own_changes(tree, experiment)
    yield from _of_changes(tree, stored_over(tree, experiment), changes)
    found = parameters(tree, experiment, experiment.axes)
    points = [point for parameter in found for point in parameter.points]
    whole = unpointed(tree, experiment) if points else None
    for point in points:
        assert whole is not None
        yield from _of_changes(tree, whole, point.changes)


def _of_changes(tree: Tree, whole: Instance, changes: Iterable[Change]) -> Iterator[_Wanted]:
    for place, change in placed(tree, whole, changes):
        holder, name, value = place.holder, place.field.name, change.value
        if tree.nodes[holder].defaults is not None:
            continue  # a list that is written by hand is as it stands
        if place.is_chosen:
            key = change.path[-1] if place.is_key else ""
            yield _Wanted(holder, name, key, _group_of(tree, value))
        elif isinstance(value, Table) and is_composed(place.field, value):
            yield _Wanted(holder, name, ALL, "")
            for written, item in value.items:
                if isinstance(written, Scalar):
                    yield _Wanted(holder, name, str(written.value), _group_of(tree, item))


def _group_of(tree: Tree, value: Value) -> str:
    return tree.nodes[value.node].group if isinstance(value, Instance) else ""


def _is_for(entry: Opening, want: _Wanted) -> bool:
    return entry.field == want.field and want.key in (entry.key, ALL)


def _written_entries(tree: Tree) -> Mapping[str, set[Opening]]:
    """The entries of every node's own list, and of the variations that are written of it."""
    found: dict[str, set[Opening]] = {}
    for node in tree.nodes.values():
        found.setdefault(node.key, set()).update(_entries(choices(tree, node)))
        written = [field.default for field in node.fields if field.name in node.declared]
        for value in (*written, *(value for _, value in node.written)):
            for instance in every_instance(value) if value is not None else ():
                if instance.arguments and instance.node in tree.nodes:
                    made = choices(tree, tree.nodes[instance.node], instance)
                    found.setdefault(instance.node, set()).update(_entries(made))
    return found


def _entries(found: Iterable[Choice]) -> Iterator[Opening]:
    for choice in found:
        if choice.group:
            field, _, key = choice.package.partition(".")
            yield Opening(field, key, choice.group)


@per_tree
def _places(tree: Tree) -> dict[tuple[str, str], tuple[str, ...]]:
    return {}


def _nodes(tree: Tree, holder: str, field: str) -> tuple[str, ...]:
    """The nodes that may be in the place of one: primary configs that derive from it, or its group's."""
    known = _places(tree)
    if (holder, field) not in known:
        node = tree.nodes[holder]
        held = (n for n in tree.nodes.values() if n.defaults is None and not n.is_experiment)
        found = (
            n.key for n in held if n.field(field) is not None and _is_like(tree, node, n, field)
        )
        known[holder, field] = tuple(found)
    return known[holder, field]


def _is_like(tree: Tree, node: Node, other: Node, field: str) -> bool:
    if not node.group:
        return node.key in other.lineage
    is_beside = other.group == node.group
    return is_beside or origin(tree, other, field) == origin(tree, node, field)
