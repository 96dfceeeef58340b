"""Nodes -> what their defaults lists choose: one Choice for each field, or dict key, that holds a node.

Hydra composes nodes into fields and into dicts with string keys. Into lists, and under keys that
can't be part of a package, it can't: nodes there are built in place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from cngen.model.tree import Field, Node, Tree, is_node_field, per_tree
from cngen.model.types import (
    ANY,
    DictType,
    NodeType,
    OtherType,
    Type,
    UnionType,
    node_dict_type,
    node_type,
)
from cngen.model.values import (
    Computed,
    Instance,
    Interpolation,
    Items,
    Missing,
    Scalar,
    Table,
    Value,
    every_instance,
)

_PACKAGE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
"""What Hydra's grammar takes as a part of a package (`ID` in OverrideLexer.g4)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a defaults list before it is named.

    `package` is relative to the node's own, `group` the group that the entry selects from (empty for
    the root folder), `value` what is chosen: an instance, None for `null`, Missing for `???`.
    """

    package: str
    group: str
    value: Instance | Missing | None
    owner: str


def choices(tree: Tree, node: Node, arguments: Instance | None = None) -> tuple[Choice, ...]:
    """What a node's defaults list selects, in field order, with some fields set differently."""
    found: list[Choice] = []
    for field in node.fields:
        given = arguments.get(field.name) if arguments is not None else None
        found.extend(_of_field(tree, field, given if given is not None else effective(tree, field)))
    return tuple(found)


def effective(tree: Tree, field: Field) -> Value | None:
    """A field's default; a node field without one holds its own type's option, or must be chosen."""
    annotated = node_type(field.type)
    if field.default is not None or annotated is None or annotated.node not in tree.nodes:
        return field.default
    if tree.nodes[annotated.node].option is None:
        return Missing(field.span)
    return Instance(annotated.node, (), field.span)


def is_composed(field: Field, value: Value | None) -> bool:
    """Whether the defaults list chooses what the field holds (else its value is built in place)."""
    if is_node_field(field):
        return not isinstance(value, Interpolation)
    return (
        node_dict_type(field.type) is not None
        and isinstance(value, Table)
        and has_package_keys(value)
    )


def has_package_keys(table: Table) -> bool:
    """Whether every key can be a part of a package and every value be chosen by a defaults list."""
    return all(
        is_package_key(key) and (isinstance(value, Instance) or value_is_none(value))
        for key, value in table.items
    )


def is_package_key(key: Value) -> bool:
    """Whether a key of a dict can be a part of a package."""
    text = key.value if isinstance(key, Scalar) else None
    return isinstance(text, str) and _PACKAGE_KEY.match(text) is not None


def value_is_none(value: Value | None) -> bool:
    """Whether a value is a literal None."""
    return isinstance(value, Scalar) and value.value is None


def _of_field(tree: Tree, field: Field, value: Value | None) -> Iterator[Choice]:
    if not is_composed(field, value):
        return
    if isinstance(value, Table):
        annotated = node_dict_type(field.type)
        for key, item in value.items:
            if isinstance(key, Scalar) and isinstance(key.value, str):
                yield from _choice(tree, f"{field.name}.{key.value}", annotated, item, field.owner)
    elif value is not None:
        yield from _choice(tree, field.name, node_type(field.type), value, field.owner)


def _choice(
    tree: Tree, package: str, annotated: NodeType | None, value: Value, owner: str
) -> Iterator[Choice]:
    chosen = (
        value.node
        if isinstance(value, Instance)
        else annotated.node
        if annotated is not None
        else ""
    )
    if chosen not in tree.nodes:
        return
    group = tree.nodes[chosen].group
    if isinstance(value, Instance):
        yield Choice(package, group, value, owner)
    elif group and (isinstance(value, Missing) or value_is_none(value)):
        yield Choice(package, group, value if isinstance(value, Missing) else None, owner)


def divided(tree: Tree) -> frozenset[tuple[str, str]]:
    """The (node, field) pairs whose dict or list must be stored beside the dataclass, not as its default.

    Hydra fills a field with its annotated class's defaults and merges the chosen option over them; of
    two dicts it keeps the keys of both, and a list over a dict, or a dict over a list, fails
    (omegaconf/basecontainer.py, `expand` and `_merge_with`). So where related nodes give one field
    different dicts, or dicts and lists, the dataclasses must have it empty.
    """
    holders: dict[tuple[str, str], set[str]] = {}
    values: dict[tuple[str, str], set[Table | Items | Computed]] = {}
    for node, field, value in _containers(tree):
        family = (origin(tree, node, field.name), field.name)
        values.setdefault(family, set()).add(_in_class(field, value))
        if value is field.default:
            holders.setdefault(family, set()).add(node.key)
    return frozenset(
        (key, family[1])
        for family, nodes in holders.items()
        if len(values[family]) > 1 and not all(isinstance(v, Items) for v in values[family])
        for key in nodes
    )


def derives(tree: Tree, value: Value) -> bool:
    """Whether a value that is built in place has a node with a `__post_init__` in it."""
    return any(_derives(tree, instance.node) for instance in every_instance(value))


@lru_cache(maxsize=4096)
def _derives(tree: Tree, node: str) -> bool:
    """Whether a node has a `__post_init__`, or a part of it that is there by default has one."""
    waiting, seen = [node], {node}
    while waiting:
        current = tree.nodes.get(waiting.pop())
        if current is None:
            continue
        if current.behaviour is not None and "__post_init__" in current.behaviour.custom:
            return True
        values = (effective(tree, field) for field in current.fields)
        inner = {i.node for v in values if v is not None for i in every_instance(v)} - seen
        seen |= inner
        waiting.extend(inner)
    return False


def may_be_dict(written: Type) -> bool:
    """Whether a field of this type may hold a dict, when its value isn't known."""
    members = written.members if isinstance(written, UnionType) else (written,)
    return any(m == ANY or isinstance(m, DictType | OtherType) for m in members)


def is_container(value: Value | None, field: Field) -> TypeGuard[Table | Items | Computed]:
    """Whether a value is a dict or a list, or may be one that isn't known."""
    return isinstance(value, Table | Items) or (
        isinstance(value, Computed) and may_be_dict(field.type)
    )


def _containers(tree: Tree) -> Iterator[tuple[Node, Field, "Table | Items | Computed"]]:
    """Every dict and list that a node has for a field, or is given where it is written as a value."""
    for node in tree.nodes.values():
        for field in node.fields:
            if is_container(field.default, field) and not node.is_experiment:
                yield node, field, field.default
            for instance in _written_instances(node, field):
                holder = tree.nodes.get(instance.node)
                for argument in instance.arguments if holder is not None else ():
                    held = holder.field(argument.name) if holder is not None else None
                    if (
                        holder is not None
                        and held is not None
                        and is_container(argument.value, held)
                    ):
                        yield holder, held, argument.value


def origin(tree: Tree, node: Node, field: str) -> str:
    """The farthest base that has a field, or the node itself."""
    return next(key for key in reversed(node.lineage) if tree.nodes[key].field(field) is not None)


def _in_class(field: Field, value: Table | Items | Computed) -> Table | Items | Computed:
    """What of a dict or a list would be the dataclass's default."""
    if not isinstance(value, Table) or not is_composed(field, value):
        return value
    return Table(tuple((key, item) for key, item in value.items if value_is_none(item)), value.span)


def _written_instances(node: Node, field: Field) -> Iterator[Instance]:
    """Every instance that a node's own body writes for a field, also those that are swept."""
    if field.name in node.declared:
        for value in (field.default, dict(node.written).get(field.name)):
            yield from every_instance(value) if value is not None else ()


def normal(
    tree: Tree, instance: Instance, within: frozenset[tuple[str, str]] = frozenset()
) -> Instance:
    """An instance without the arguments that are the defaults of its node, in field order.

    `within` are the fields whose defaults it is a part of: a default may hold its own node with arguments.
    """
    node = tree.nodes[instance.node]
    kept = []
    for field in node.fields:
        argument = next((a for a in instance.arguments if a.name == field.name), None)
        if argument is None:
            continue
        value = _normal_value(tree, argument.value, within)
        default, place = effective(tree, field), (node.key, field.name)
        if default is not None and place not in within:
            default = _normal_value(tree, default, within | {place})
        if value != default:
            kept.append(type(argument)(argument.name, value, argument.span))
    return Instance(instance.node, tuple(kept), instance.span)


def _normal_value(tree: Tree, value: Value, within: frozenset[tuple[str, str]]) -> Value:
    if isinstance(value, Instance) and value.node in tree.nodes:
        return normal(tree, value, within)
    if isinstance(value, Table):
        return Table(
            tuple((key, _normal_value(tree, item, within)) for key, item in value.items), value.span
        )
    return value


def command_key(group: str, package: str) -> str:
    """What is before `=` on a command line: Hydra's default package is the group's own path."""
    return group if group.replace("/", ".") == package else f"{group}@{package}"


def entry_key(owner_group: str, choice: Choice) -> str:
    """The key of a defaults list entry, which is the command-line key below the owner's own.

    Groups below the owner's are relative, others absolute; either way Hydra's default package is
    the written path, and any other is written after `@` (hydra/core/default_element.py).
    """
    written = choice.group
    if owner_group and not written.startswith(f"{owner_group}/"):
        key = f"/{written}"
    else:
        written = written.removeprefix(f"{owner_group}/") if owner_group else written
        key = written
    return key if written.replace("/", ".") == choice.package else f"{key}@{choice.package}"


@per_tree
def with_source(tree: Tree) -> frozenset[str]:
    """The nodes whose dataclass inherits from the source class: those with behaviour.

    Where such a node comes from several bases, its data-only bases do so too: else Python finds no
    order for a class in which some bases stand before CN and some behind it.
    """
    found: set[str] = set()
    for node in tree.nodes.values():
        if node.behaviour is not None and not node.is_experiment:
            is_joined = any(len(tree.nodes[key].bases) > 1 for key in node.lineage)
            found.update(node.lineage if is_joined else (node.key,))
    return frozenset(found)
