"""Nodes and variations -> the `cs.store(...)` calls that register them, as Python text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cngen.compose.defaults import Choice, choices, entry_key, is_composed, value_is_none
from cngen.compose.engines import engine_of
from cngen.compose.experiments import experiments
from cngen.compose.openings import opened
from cngen.compose.variations import Variation, Variations, variations_of
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Table
from cngen.store.deltas import Deltas
from cngen.store.emission import Emitter
from cngen.store.layers import engine_entries
from cngen.store.overlays import chosen_by, has_none, is_overlay
from cngen.store.text import WIDTH, Called, Text, flat, layout
from cngen.text.quoting import quote

GLOBAL = "_global_"
"""The package of what differs from a primary config: the root of the config."""


def store_calls(tree: Tree, emitter: Emitter) -> tuple[str, ...]:
    """Every call, sorted by group and option with the root folder last."""
    calls: dict[tuple[bool, str, str], str] = {}
    emitter = replace(emitter, is_placed=True)
    variations = variations_of(tree)
    deltas = Deltas(tree, emitter, variations)
    for node in tree.nodes.values():
        own = [(node.group, node.option)] if node.option is not None else []
        for group, option in (*own, *node.aliases):
            if node.is_experiment:
                calls[not group, group, option] = _call(
                    group, option, deltas.experiment(node, group), GLOBAL
                )
                continue
            stored = _node(tree, emitter, deltas, node, group)
            calls[not group, group, option] = _call(group, option, stored)
        for group, option, delta in deltas.points(node) if own and node.primary else ():
            calls[not group, group, option] = _call(group, option, delta, GLOBAL)
    for variation in variations.used():
        group, option = variation.group, variation.option
        stored = _variation(tree, emitter, variations, variation)
        calls[not group, group, option] = _call(group, option, stored)
    return tuple(text for _, text in sorted(calls.items()))


def _call(group: str, name: str, stored: Text, package: str = "") -> str:
    places = {"group": group, "name": name, "package": package}
    place = ", ".join(f"{key}={quote(value)}" for key, value in places.items() if value)
    call = f"cs.store({place}, node={flat(stored)})"
    if len(call) <= WIDTH:
        return call
    return f"cs.store(\n    {place},\n    node={layout(stored, 4, len('node=,'))},\n)"


def _node(tree: Tree, emitter: Emitter, deltas: Deltas, node: Node, group: str) -> Text:
    """A node's dataclass, with its defaults list attached."""
    name = emitter.names[node.key]
    if node.defaults is not None:
        return Called("_node", [name, emitter.value(node.defaults)], {})
    listed = choices(tree, node)
    listed += opened(tree, node, listed)
    entries: list[Text] = [_entry(group, c, deltas.variations) for c in listed]
    values: dict[str, Text] = {**emitter.divided_values(node.key)}
    if not node.group:
        found = deltas.parameters(experiments(tree)[node.key]) if node.primary else ()
        engine = engine_of(tree, node)
        entries.extend({quote(p.key): quote(p.texts[0])} for p in found if p.points)
        entries.extend(engine_entries(engine, ""))
        hydra = deltas.hydra(engine, found)
        values |= {"hydra": hydra} if hydra else {}
    return _stored(name, entries, values) if entries or values else name


def _stored(name: str, entries: Sequence[Text], values: Mapping[str, Text]) -> Text:
    """A dataclass with its defaults list and the values that aren't its defaults.

    `_self_` is first, or what is chosen would lose its type.
    """
    return Called("_node", [name, [quote("_self_"), *entries]], dict(values))


def _entry(group: str, choice: Choice, variations: Variations, keyword: str = "") -> Text:
    option = variations.option(choice)
    if not choice.group:
        return quote(f"/{option}@{choice.package}")
    chosen = "None" if option is None else quote(option)
    return {quote(keyword + entry_key(group, choice)): chosen}


def _variation(tree: Tree, emitter: Emitter, variations: Variations, variation: Variation) -> Text:
    """A dict over the plain option, or the whole node if a dict can't express it."""
    instance, group = variation.instance, variation.group
    node = tree.nodes[instance.node]
    values = _plain_values(emitter, node, instance)
    before, after = choices(tree, node), variations.choices(variation)
    if not is_overlay(tree, node, instance, before, after):
        whole = (*after, *opened(tree, node, after))
        entries = [_entry(group, choice, variations) for choice in whole]
        return _stored(emitter.names[node.key], entries, emitter.divided_values(node.key) | values)
    old = {(c.group, c.package): c for c in (*before, *opened(tree, node, before))}
    new = {(c.group, c.package): c for c in after}
    entries = [_entry(group, c, variations) for place, c in new.items() if place not in old]
    for place, choice in old.items():
        chosen = new.get(place, Choice(choice.package, choice.group, None, choice.owner))
        if chosen_by(tree, chosen) != chosen_by(tree, choice):
            entries.append(_entry(group, chosen, variations, "override "))
    listed: list[Text] = [quote(node.option or ""), *entries, quote("_self_")]
    return {quote("defaults"): listed, **{quote(f): v for f, v in values.items()}}


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
        elif isinstance(argument.value, Table) and has_none(field.default, argument.value):
            found[field.name] = emitter.nones(argument.value)
    return found
