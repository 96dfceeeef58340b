"""A value as written, over what is there before -> the value that both compose to."""

from collections.abc import Iterable
from dataclasses import replace

from cngen.compose.defaults import effective
from cngen.compose.places import is_string, part_of, with_part
from cngen.model.tree import Field, Tree
from cngen.model.values import (
    Argument,
    Instance,
    Interval,
    Missing,
    Patch,
    Sweep,
    Table,
    Value,
    instances,
)


def effective_in(tree: Tree, field: Field, value: Value | None) -> Value | None:
    return effective(tree, replace(field, default=value))


def settled_value(tree: Tree, before: Value | None, written: Value) -> Value | None:
    """What a value composes to over what is there before; None if nothing is set."""
    match written:
        case Sweep():
            sweep = uniform(tree, before, written)
            return settled_value(tree, before, sweep.values[0]) if replaces(sweep) else before
        case Interval():
            return before
        case Patch(arguments):
            return _patched(tree, before, written, arguments)
        case Instance(node, arguments) if node in tree.nodes:
            kept = []
            for argument in arguments:
                field = tree.nodes[node].field(argument.name)
                default = effective(tree, field) if field is not None else None
                value = settled_value(tree, default, argument.value)
                if value is not None:
                    kept.append(Argument(argument.name, value, argument.span))
            return Instance(node, tuple(kept), written.span)
        case Table(items):
            old = dict(before.items) if isinstance(before, Table) else {}
            pairs = (
                # No path leads below a key that isn't a string: a sweep there stays, and is reported.
                (key, settled_value(tree, old.get(key), value) if is_string(key) else value)
                for key, value in items
            )
            return Table(tuple((k, v) for k, v in pairs if v is not None), written.span)
    return written


def uniform(tree: Tree, before: Value | None, sweep: Sweep) -> Sweep:
    """A sweep between patches and whole values as one between whole values.

    Merged over a whole value, a patch would have to remove what is set below it.
    """
    is_mixed = len({isinstance(value, Patch) for value in sweep.values}) > 1
    if not is_mixed or not isinstance(before, Instance | Table):
        return sweep
    whole = (settled_value(tree, before, v) if isinstance(v, Patch) else v for v in sweep.values)
    return replace(sweep, values=tuple(v for v in whole if v is not None))


def replaces(sweep: Sweep) -> bool:
    """Whether each value of a sweep replaces everything that was set at its place."""
    return is_choice(sweep) and not any(isinstance(value, Patch) for value in sweep.values)


def is_choice(sweep: Sweep) -> bool:
    """Whether a sweep chooses between nodes, or changes several places at once."""
    return any(isinstance(value, Patch) or any(instances(value)) for value in sweep.values)


def _patched(
    tree: Tree, before: Value | None, patch: Patch, arguments: Iterable[Argument]
) -> Value | None:
    """A value with some of its fields or keys set differently; the patch itself if it has none."""
    if not isinstance(before, Instance | Table):
        return before if isinstance(before, Missing) else patch
    state = before
    for argument in arguments:
        value = settled_value(tree, part_of(tree, state, argument.name), argument.value)
        if value is not None and not isinstance(value, Patch):
            state = with_part(state, argument, value)
    return state
