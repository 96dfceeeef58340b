"""Defaults lists written by hand -> what they choose for the fields of their nodes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cngen.compose.defaults import effective, value_is_none
from cngen.hydra.entries import GLOBAL, Entry, entries, under
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import ANY, node_dict_type, node_type
from cngen.model.values import Instance, Missing, Scalar, Table, Value
from cngen.text.quoting import quote


@dataclass(frozen=True, slots=True)
class Pick:
    """What a list chooses for a package of its node: `node`, None for nothing; `is_known` unless others decide.

    `entry` chooses it, and `brought` is the entry that it overrides, or itself.
    """

    entry: Entry
    brought: Entry
    node: Node | None
    is_known: bool

    def can_become(self, group: str) -> bool:
        """Whether an override can choose an option of a group."""
        return self.brought.is_group and self.brought.group == group


def picks(tree: Tree, node: Node) -> Mapping[str, Pick]:
    """What a node's list chooses, by package; of what is merged at one the last."""
    own = [e for e in entries(node.group, node.defaults) if not e.is_self and not e.is_of_hydra]
    overrides: dict[tuple[str, str], Entry] = {}
    for entry in own:
        if entry.is_override:
            overrides.setdefault((entry.group, _package(node, entry)), entry)
    found: dict[str, Pick] = {}
    for entry in own:
        package = _package(node, entry)
        if not entry.is_override and GLOBAL not in package:
            is_one = entry.is_group and not entry.is_list
            chosen = overrides.get((entry.group, package), entry) if is_one else entry
            found[package] = _pick(tree, chosen, entry)
    return found


def _package(node: Node, entry: Entry) -> str:
    """That of a primary config is the root."""
    return entry.package if node.group else under("", entry.package)


def _pick(tree: Tree, entry: Entry, brought: Entry) -> Pick:
    is_open = entry.is_unknown or entry.is_interpolated or entry.must_choose
    option = entry.options[-1] if entry.options else None
    node = tree.options(entry.group).get(option) if option is not None and not is_open else None
    return Pick(entry, brought, node, not is_open and (node is not None) == (option is not None))


def with_picks(tree: Tree, node: Node) -> Node:
    """The node with what its list chooses in the fields that have no value of their own."""
    return replace(node, fields=tuple(_picked(tree, node)))


def _picked(tree: Tree, node: Node) -> Iterator[Field]:
    chosen = picks(tree, node)
    for field in node.fields:
        value = _value(tree, field, chosen)
        yield field if value is None else replace(field, default=value, owner=node.key)


def _value(tree: Tree, field: Field, chosen: Mapping[str, Pick]) -> Value | None:
    """What a list chooses for a field that has no node of its own."""
    before, pick = field.default, chosen.get(field.name)
    if pick is not None and pick.node is not None and _is_free(tree, field, before, pick.node):
        return Instance(pick.node.key, (), pick.entry.span)
    held = node_dict_type(field.type)
    items = {p.removeprefix(f"{field.name}."): c for p, c in chosen.items()}
    if held is None or not isinstance(before, Table):
        return None
    more = tuple(
        (Scalar(key, quote(key), pick.entry.span), Instance(pick.node.key, (), pick.entry.span))
        for key, pick in items.items()
        if "." not in key and f"{field.name}.{key}" in chosen and before.get(key) is None
        if pick.node is not None and tree.is_a(pick.node.key, held.node)
    )
    return Table((*before.items, *more), before.span) if more else None


def _is_free(tree: Tree, field: Field, before: Value | None, chosen: Node) -> bool:
    """Whether a field has no value of its own, and can hold the node."""
    is_unset = before is None or isinstance(before, Missing)
    if field.type == ANY:
        return is_unset
    held = node_type(field.type)
    is_empty = is_unset or value_is_none(before)
    return held is not None and is_empty and tree.is_a(chosen.key, held.node)


def unapplied(tree: Tree, node: Node) -> Entry | None:
    """The first entry of a node's list that its fields don't imply; it is lost where no list is applied."""
    chosen = picks(tree, node)
    brought = {(pick.brought.group, package) for package, pick in chosen.items()}
    for entry in entries(node.group, node.defaults):
        package = _package(node, entry)
        if entry.is_override and not entry.is_of_hydra and (entry.group, package) not in brought:
            return entry
        if entry.is_self or entry.is_of_hydra or entry.is_override:
            continue
        pick = chosen.get(package)
        if pick is None or not pick.is_known or pick.brought != entry:
            return entry
        value = value_at(tree, node, package)
        held = value.node if isinstance(value, Instance) else ""
        if held != (pick.node.key if pick.node is not None else ""):
            return entry
    return None


def value_at(tree: Tree, node: Node, package: str) -> Value | None:
    """What a node has for a field, or for a key of a dict in it."""
    name, _, key = package.partition(".")
    field = node.field(name)
    value = effective(tree, field) if field is not None else None
    if not key:
        return value
    return value.get(key) if isinstance(value, Table) and "." not in key else None
