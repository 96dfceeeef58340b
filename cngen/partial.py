"""Two trees of which one or both have errors -> two that can be compared.

What can't be read in one of them is taken to be as it is in the other, so that nothing of it counts as
changed. What that conceals is noted where the comparison meets it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cngen.model import (
    DictType,
    EnumType,
    Field,
    ListType,
    Node,
    NodeType,
    Tree,
    TupleType,
    Type,
    UnionType,
    Unreadable,
    Value,
    outermost,
)


def unknown_nodes(old: Tree, new: Tree, broken: frozenset[str]) -> frozenset[str]:
    """The nodes in broken files, and those that inherit from one."""
    nodes = (*old.nodes.values(), *new.nodes.values())
    found = {node.key for node in nodes if node.span.file in broken}
    return frozenset(found | {n.key for n in nodes if found & set(n.lineage)})


def supplemented(
    tree: Tree, other: Tree, unknown: frozenset[str], broken: frozenset[str], paths: frozenset[str]
) -> Tree:
    """A tree with what can't be read in it as it is in another one.

    Its files are at `paths`, those with errors are `broken`. The `unknown` nodes are left without
    fields, by which a node with errors may hold itself without end.
    """
    lost = {k for k, enum in other.enums.items() if enum.span.file in broken}
    enums = {**tree.enums, **{key: other.enums[key] for key in sorted(lost)}}
    kept = {k: n for k, n in other.nodes.items() if k in unknown and n.span.file in paths}
    missing = frozenset(unknown | lost) - {*tree.nodes, *tree.enums}
    nodes = {
        key: replace(node, fields=(), points=(), written=())
        if key in unknown
        else _supplemented(node, other.nodes.get(key), missing)
        for key, node in {**kept, **tree.nodes}.items()
    }
    return replace(tree, nodes=nodes, enums=enums)


def _supplemented(node: Node, twin: Node | None, missing: frozenset[str]) -> Node:
    if twin is None:
        return node
    fields = tuple(_field(own, twin.field(own.name), missing) for own in node.fields)
    written = tuple(_values(node.written, twin.written))
    points = tuple(_values(node.points, twin.points))
    return replace(node, fields=fields, written=written, points=points)


def _field(own: Field, twin: Field | None, missing: frozenset[str]) -> Field:
    """The field, with type and default of its twin where its own need what is missing."""
    if twin is None:
        return own
    is_lost = own.type != twin.type and not missing.isdisjoint(_mentioned(twin.type))
    is_unread = own.default is not None and _is_unread(own.default)
    return replace(
        own,
        type=twin.type if is_lost else own.type,
        default=twin.default if is_unread else own.default,
    )


def _values(
    own: Iterable[tuple[str, Value]], twin: Iterable[tuple[str, Value]]
) -> Iterator[tuple[str, Value]]:
    others = dict(twin)
    for name, value in own:
        yield name, others.get(name, value) if _is_unread(value) else value


def _is_unread(value: Value) -> bool:
    return next(outermost(value, (Unreadable,)), None) is not None


def _mentioned(written: Type) -> Iterator[str]:
    """Every node and enum that a type names."""
    match written:
        case NodeType(key) | EnumType(key):
            yield key
        case ListType(item):
            yield from _mentioned(item)
        case DictType(key, value):
            yield from _mentioned(key)
            yield from _mentioned(value)
        case TupleType(items) | UnionType(items):
            for item in items:
                yield from _mentioned(item)
