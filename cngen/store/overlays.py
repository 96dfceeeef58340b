"""Variations -> whether a dict that is merged over the plain option gives them."""

from collections.abc import Sequence

from cngen.compose.defaults import Choice, is_composed, is_container, normal, value_is_none
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import Computed, Instance, Items, Missing, Table, Value


def is_overlay(
    tree: Tree, node: Node, instance: Instance, before: Sequence[Choice], after: Sequence[Choice]
) -> bool:
    """Whether a dict that is merged over the plain option gives the variation."""
    if node.defaults is not None:
        return True
    return _can_merge(node, instance) and _can_override(tree, before, after)


def _can_merge(node: Node, instance: Instance) -> bool:
    """Whether the values of a variation replace those of the plain option when merged last.

    A dict doesn't (Hydra merges both, and can't merge it with a list), None for a node does too well (it
    would win over any choice on the command line), and nothing but a node can be where a defaults
    list chose one.
    """
    for argument in instance.arguments:
        field = node.field(argument.name)
        if field is None:
            continue
        if is_composed(field, argument.value):
            if value_is_none(argument.value) or has_none(field.default, argument.value):
                return False
        elif is_composed(field, field.default) or _stays(field, argument.value):
            return False
    return True


def _stays(field: Field, above: Value) -> bool:
    """Whether a dict or list would be merged with what comes over it, or can't be, instead of going."""
    below = field.default
    if isinstance(below, Computed):
        return is_container(below, field) and is_container(above, field)
    if isinstance(below, Items):
        return not isinstance(above, Items) and is_container(above, field)
    return isinstance(below, Table) and (bool(below.items) or isinstance(above, Items))


def _can_override(tree: Tree, before: Sequence[Choice], after: Sequence[Choice]) -> bool:
    """Whether every changed entry stays in its group: only groups can be overridden."""
    old, new = {c.package: c for c in before}, {c.package: c for c in after}
    for package in {**old, **new}:
        was, becomes = old.get(package), new.get(package)
        if was is not None and becomes is not None:
            if was.group != becomes.group:
                return False
            if chosen_by(tree, was) == chosen_by(tree, becomes):
                continue
        changed = becomes or was
        if changed is not None and (not changed.group or isinstance(changed.value, Missing)):
            return False
    return True


def chosen_by(tree: Tree, choice: Choice) -> object:
    """What a choice chooses, comparable."""
    return normal(tree, choice.value) if isinstance(choice.value, Instance) else choice.value


def has_none(*values: Value | None) -> bool:
    """Whether a dict of nodes has a key without one, which no defaults list can bring."""
    tables = [value for value in values if isinstance(value, Table)]
    return any(value_is_none(item) for table in tables for _, item in table.items)
