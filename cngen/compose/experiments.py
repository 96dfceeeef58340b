"""Nodes that inherit from a primary config -> what they change and what they sweep.

In a config group such a node is an experiment, of which the differences alone are stored; in the root
folder it is another primary config, stored whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cngen.compose.defaults import Choice, is_composed
from cngen.compose.engines import leaves_settings
from cngen.compose.places import Change, Path, at, is_within, state
from cngen.compose.steps import (
    NOTHING,
    Accumulated,
    Axis,
    accumulated,
    changes_of,
    is_additive,
    joined,
    steps,
)
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.values import Instance, Scalar, Table, Value


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is stored of a node that inherits from the primary config `primary`.

    `base` is the experiment that its defaults list starts from; `changes` and `axes` are those to be
    stored on top of it (or of the primary config), `all_changes` and `all_axes` those of its bases as
    well; a primary config that sweeps counts for the axes.
    """

    node: Node
    primary: Node
    base: Node | None
    changes: tuple[Change, ...]
    axes: tuple[Axis, ...]
    all_changes: tuple[Change, ...]
    all_axes: tuple[Axis, ...]

    @property
    def own_axes(self) -> tuple[Axis, ...]:
        """Its sweeps with those of the experiment on which it is stored, if it is stored on one."""
        return self.axes if self.base is None else self.all_axes


@per_tree
def _found_inherited_steps(tree: Tree) -> "dict[str, Accumulated]":
    """What was found out of nodes by their keys: each of a chain of many would else look at all again."""
    return {}


@per_tree
def _found_experiments(tree: Tree) -> dict[str, Experiment]:
    return {}


@per_tree
def experiments(tree: Tree) -> Mapping[str, Experiment]:
    """Every node of a settled tree that inherits from a primary config, by key."""
    return {node.key: experiment_of(tree, node) for node in tree.nodes.values() if node.primary}


def _experiment(tree: Tree, node: Node) -> Experiment:
    primary = tree.nodes[node.primary]
    own = tuple(steps(tree, node))
    before = _inherited_steps(tree, node)
    all_changes, all_axes = accumulated(own, before)
    if node.is_experiment and primary.primary:
        all_axes = (*experiment_of(tree, primary).all_axes, *all_axes)
    base = tree.nodes[node.bases[0]] if len(node.bases) == 1 else None
    if base is None or not base.is_experiment or base.option is None or not node.is_experiment:
        base = None
    if base is not None and not _can_follow(tree, node, base, *before):
        base = None
    changes, axes = accumulated(own, before if base is None else NOTHING)
    return Experiment(node, primary, base, changes, axes, all_changes, all_axes)


def experiment_of(tree: Tree, node: Node) -> Experiment:
    """The node as an experiment, also while others are still looked at."""
    known = _found_experiments(tree)
    if node.key not in known:
        known[node.key] = _experiment(tree, node)
    return known[node.key]


def _inherited_steps(tree: Tree, node: Node) -> Accumulated:
    """The steps of the bases of a node, without those that a later one replaces.

    A primary config is stored whole: what its bases sweep is its own.
    """
    if not node.is_experiment:
        chain = [tree.nodes[key] for key in reversed(node.lineage[1:]) if tree.nodes[key].primary]
        return accumulated(step for base in chain for step in steps(tree, base))
    known, waiting = _found_inherited_steps(tree), [node]
    whole = tree.nodes[node.primary].lineage
    while waiting[-1].key not in known and len(waiting[-1].bases) == 1:
        if waiting[-1].bases[0] in whole:
            break
        waiting.append(tree.nodes[waiting[-1].bases[0]])
    first = waiting[-1]
    if first.key not in known:
        known[first.key] = joined(tree, first).steps if len(first.bases) > 1 else NOTHING
    for above, below in zip(reversed(waiting[1:]), reversed(waiting[:-1]), strict=True):
        known[below.key] = accumulated(steps(tree, above), known[above.key])
    return known[node.key]


def stored_over(tree: Tree, experiment: Experiment) -> Instance:
    """The config over which an experiment's changes are stored: its base, or the primary config."""
    if not experiment.node.is_experiment:
        return state(tree, experiment.node)
    return state(tree, experiment.base or experiment.primary)


def may_meet(other: Experiment, experiment: Experiment) -> bool:
    """Whether a config may be used beside an experiment, neither being made of the other."""
    one, own = other.node, experiment.node
    if own.key in one.lineage or one.key in own.lineage:
        return False
    if not one.is_experiment:
        return experiment.primary.key in one.lineage
    return other.primary.key in experiment.primary.lineage or (
        experiment.primary.key in other.primary.lineage
    )


def _can_follow(
    tree: Tree,
    node: Node,
    base: Node,
    changes: Sequence[Change],
    axes: Sequence[Axis],
) -> bool:
    """Whether the steps of a body can be merged over its stored base, with nothing to remove.

    Hydra's merge can't take values, keys, swept parameters or settings of a launcher away.
    """
    before = state(tree, base)
    for step in steps(tree, node):
        if any(is_within(axis.path, step.path) for axis in axes):
            return False
        if isinstance(step, Axis):
            if step.zip and any(axis.zip == step.zip for axis in axes):
                return False
            if is_additive(step):
                continue
        below = (change for change in changes if is_within(change.path, step.path))
        if not all(_can_be_set_again(tree, before, change, step) for change in below):
            return False
    return not leaves_settings(tree, node, base)


def _can_be_set_again(tree: Tree, before: Instance, change: Change, step: Change | Axis) -> bool:
    """Whether a step's own value, merged over an earlier change within its place, is all that stays."""
    place = at(tree, before, change.path)
    if change.path != step.path or place is None:
        return False
    return (
        isinstance(place.value, Instance) if place.is_chosen else not isinstance(place.value, Table)
    )


def chosen(tree: Tree, node: Node, found: Iterable[Change | Axis]) -> Iterator[Choice]:
    """The nodes that changes and sweeps put into defaults lists."""
    whole = state(tree, node)
    for step in found:
        for change in changes_of(tree, whole, step):
            place = at(tree, whole, change.path)
            if place is None:
                continue
            if place.is_chosen and isinstance(change.value, Instance):
                yield from _choice(tree, change.path, change.value, change.owner)
            elif isinstance(change.value, Table) and is_composed(place.field, change.value):
                for key, item in change.value.items:
                    if isinstance(key, Scalar):
                        path = (*change.path, str(key.value))
                        yield from _choice(tree, path, item, change.owner)


def _choice(tree: Tree, path: Path, value: Value, owner: str) -> Iterator[Choice]:
    if isinstance(value, Instance) and value.node in tree.nodes:
        yield Choice(".".join(path), tree.nodes[value.node].group, value, owner)
