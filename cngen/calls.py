"""Nodes and variations -> the `cs.store(...)` calls that register them, as Python text."""

from collections.abc import Mapping, Sequence

from cngen.composition import Choice, choices, entry_key, is_composed, normal, value_is_none
from cngen.emission import Emitter, quote
from cngen.model import Instance, Missing, Node, Table, Tree, Value
from cngen.variations import Variation, Variations

WIDTH = 100
"""Longer calls are broken, one argument a line."""


def store_calls(tree: Tree, emitter: Emitter, variations: Variations) -> tuple[str, ...]:
    """Every call, sorted by group and option with the root folder last."""
    calls: dict[tuple[bool, str, str], str] = {}
    for node in tree.nodes.values():
        own = [(node.group, node.option)] if node.option is not None else []
        for group, option in (*own, *node.aliases):
            stored = _node(tree, emitter, variations, node, group)
            calls[not group, group, option] = _call(group, option, stored)
    for variation in variations.used():
        group, option = variation.group, variation.option
        stored = _variation(tree, emitter, variations, variation)
        calls[not group, group, option] = _call(group, option, stored)
    return tuple(text for _, text in sorted(calls.items()))


def _call(group: str, name: str, node: str) -> str:
    place = f"group={quote(group)}, name={quote(name)}" if group else f"name={quote(name)}"
    call = f"cs.store({place}, node={node})"
    return call if len(call) <= WIDTH else f"cs.store(\n    {place},\n    node={node},\n)"


def _node(tree: Tree, emitter: Emitter, variations: Variations, node: Node, group: str) -> str:
    """A node's dataclass, with its defaults list attached."""
    name = emitter.names[node.key]
    if node.defaults is not None:
        return f"_node({name}, {emitter.value(node.defaults)})"
    entries = [_entry(group, choice, variations) for choice in choices(tree, node)]
    values = emitter.divided_values(node.key)
    return _stored(name, entries, values) if entries or values else name


def _stored(name: str, entries: Sequence[str], values: Mapping[str, str]) -> str:
    """A dataclass with its defaults list and the values that aren't its defaults.

    `_self_` stands first, or what is chosen would lose its type.
    """
    listed = ", ".join([quote("_self_"), *entries])
    return f"_node({name}, [{listed}]{''.join(f', {f}={v}' for f, v in values.items())})"


def _entry(group: str, choice: Choice, variations: Variations, keyword: str = "") -> str:
    option = variations.option(choice)
    if not choice.group:
        return quote(f"/{option}@{choice.package}")
    chosen = "None" if option is None else quote(option)
    return f"{{{quote(keyword + entry_key(group, choice))}: {chosen}}}"


def _variation(tree: Tree, emitter: Emitter, variations: Variations, variation: Variation) -> str:
    """A dict over the plain option, or the whole node where a dict can't say it."""
    instance, group = variation.instance, variation.group
    node = tree.nodes[instance.node]
    values = _plain_values(emitter, node, instance)
    before, after = choices(tree, node), variations.choices(variation)
    if not _is_overlay(tree, node, instance, before, after):
        entries = [_entry(group, choice, variations) for choice in after]
        return _stored(emitter.names[node.key], entries, emitter.divided_values(node.key) | values)
    old, new = {c.package: c for c in before}, {c.package: c for c in after}
    entries = [_entry(group, c, variations) for c in after if c.package not in old]
    for package, choice in old.items():
        chosen = new.get(package, Choice(package, choice.group, None, choice.owner))
        if _chosen(tree, chosen) != _chosen(tree, choice):
            entries.append(_entry(group, chosen, variations, "override "))
    listed = ", ".join([quote(node.option or ""), *entries, quote("_self_")])
    return f'{{"defaults": [{listed}]{"".join(f", {quote(f)}: {v}" for f, v in values.items())}}}'


def _chosen(tree: Tree, choice: Choice) -> object:
    """What a choice chooses, comparable."""
    return normal(tree, choice.value) if isinstance(choice.value, Instance) else choice.value


def _plain_values(emitter: Emitter, node: Node, instance: Instance) -> dict[str, str]:
    """The fields that a variation sets itself, without those that its defaults list chooses."""
    found: dict[str, str] = {}
    for argument in instance.arguments:
        field = node.field(argument.name)
        if field is None:
            continue
        if not is_composed(field, argument.value):
            found[field.name] = emitter.held(field, argument.value)
        elif value_is_none(argument.value):
            found[field.name] = "None"
        elif isinstance(argument.value, Table) and _has_none(field.default, argument.value):
            found[field.name] = emitter.nones(argument.value)
    return found


def _has_none(*values: Value | None) -> bool:
    """Whether a dict of nodes has a key without one, which no defaults list can bring."""
    tables = [value for value in values if isinstance(value, Table)]
    return any(value_is_none(item) for table in tables for _, item in table.items)


def _is_overlay(
    tree: Tree, node: Node, instance: Instance, before: Sequence[Choice], after: Sequence[Choice]
) -> bool:
    """Whether a dict that is merged over the plain option gives the variation."""
    if node.defaults is not None:
        return True
    return _can_merge(node, instance) and _can_override(tree, before, after)


def _can_merge(node: Node, instance: Instance) -> bool:
    """Whether the values of a variation replace those of the plain option when merged last.

    A dict doesn't (Hydra merges both), None for a node does too well (it would win over any choice
    on the command line), and nothing but a node can stand where a defaults list chose one.
    """
    for argument in instance.arguments:
        field = node.field(argument.name)
        if field is None:
            continue
        if is_composed(field, argument.value):
            if value_is_none(argument.value) or _has_none(field.default, argument.value):
                return False
        elif is_composed(field, field.default) or (
            isinstance(field.default, Table) and field.default.items
        ):
            return False
    return True


def _can_override(tree: Tree, before: Sequence[Choice], after: Sequence[Choice]) -> bool:
    """Whether every changed entry stays in its group: only groups can be overridden."""
    old, new = {c.package: c for c in before}, {c.package: c for c in after}
    for package in {**old, **new}:
        was, becomes = old.get(package), new.get(package)
        if was is not None and becomes is not None:
            if was.group != becomes.group:
                return False
            if _chosen(tree, was) == _chosen(tree, becomes):
                continue
        changed = becomes or was
        if changed is not None and (not changed.group or isinstance(changed.value, Missing)):
            return False
    return True
