"""Tree -> the nodes and values that each field of each node may hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cngen.compose.defaults import effective, value_is_none
from cngen.compose.places import Path
from cngen.compose.spots import (
    ANY_KEY,
    Container,
    Spot,
    has_unnamed,
    is_named,
    is_plain_type,
    merged,
    texts_of,
    type_of_items,
)
from cngen.compose.written import Link, Written
from cngen.model.tree import Field, Tree, index_of
from cngen.model.types import (
    ANY,
    DictType,
    ListType,
    NodeType,
    TupleType,
    Type,
    UnionType,
    node_dict_type,
    node_type,
    without_none,
)
from cngen.model.values import Computed, Instance, Interpolation, Items, Table, Unreadable, Value

_LATER = Interpolation | Computed | Unreadable
"""Values that aren't known statically."""


class Held:
    """What may be held in one tree. `found` is everything that `written` gives of it."""

    def __init__(self, tree: Tree, found: Iterable[Written]) -> None:
        self.tree = tree
        self.placed: dict[tuple[str, Path], set[str]] = {}
        self.replaced: dict[tuple[str, Path, str], frozenset[str]] = {}
        self._given: dict[tuple[str, str], dict[int, Value]] = {}
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._spots: dict[tuple[str, str], Spot] = {}
        self._options: dict[tuple[frozenset[str], str], frozenset[str]] = {}
        self._is_by_hand = any(node.defaults is not None for node in tree.nodes.values())
        for part in found:
            self._take(part)

    def _take(self, part: Written) -> None:
        holder, path, value = part.links[-1].node, part.links[-1].path, part.value
        field = self.field(holder, path[0])
        if field is None:
            return
        if len(path) == 1 and value is not field.default:
            self._given.setdefault((holder, path[0]), {})[id(value)] = value
        if isinstance(value, Instance) and self._can_hold(self.type_at(part.links[-1]), value):
            self.placed.setdefault((holder, path), set()).add(value.node)
            slot = (holder, any_keys(path), value.node)
            names = frozenset(argument.name for argument in value.arguments)
            if _is_composed(field, path):  # another option may be chosen, without these arguments
                names = frozenset()
            self.replaced[slot] = self.replaced.get(slot, names) & names

    def _can_hold(self, held: Type, value: Instance) -> bool:
        """Whether a node is one that its place can hold: any other is reported as such."""
        nodes, base = self.tree.nodes, without_none(held)
        if value.node not in nodes:
            return False
        if isinstance(base, NodeType) and base.node in nodes:
            return self.tree.is_a(value.node, base.node)
        return True

    def field(self, node: str, name: str) -> Field | None:
        """The field of a node."""
        if node not in self._fields:
            fields = self.tree.nodes[node].fields if node in self.tree.nodes else ()
            self._fields[node] = {field.name: field for field in fields}
        return self._fields[node].get(name)

    def type_at(self, link: Link) -> Type:
        """The type of the place to which a link leads."""
        field = self.field(link.node, link.path[0])
        held = field.type if field is not None else ANY
        for _ in link.path[1:]:
            held = type_of_items(held)
        return held

    def names(self, node: str) -> Iterable[str]:
        self.field(node, "")
        return (name for name in self._fields[node] if name != "_target_")

    def of_field(self, node: str, name: str) -> Spot:
        if (node, name) not in self._spots:
            field = self.field(node, name)
            assert field is not None
            own = effective(self.tree, field)
            values = (
                *([own] if own is not None else []),
                *self._given.get((node, name), {}).values(),
            )
            spot = self._spot(field.type, values, True)
            if value_is_none(own) and node_type(field.type) is not None:
                spot = replace(spot, is_none=True)
            self._spots[node, name] = spot
        return self._spots[node, name]

    def _spot(self, held: Type, values: tuple[Value, ...], is_chosen: bool) -> Spot:
        """What is at a place of a type; `is_chosen` where a defaults list may choose it."""
        is_later = any(isinstance(value, _LATER) for value in values)
        match without_none(held):
            case NodeType() as annotated:
                nodes = self._nodes(annotated, values)
                if is_chosen:
                    nodes |= self._choices(annotated, nodes)
                return Spot(nodes, is_unknown=is_later or not nodes)
            case ListType() | TupleType() | DictType() as kind:
                container = Container(kind, values, self._item_nodes(held, values))
                return Spot(containers=(container,), is_unknown=is_later)
            case UnionType(members) if all(is_plain_type(member) for member in members):
                return Spot(plain=frozenset(members), texts=texts_of(values))
            case other if is_plain_type(other):
                return Spot(plain=frozenset({other}), texts=texts_of(values))
        return Spot(is_unknown=True)

    def _item_nodes(self, held: Type, values: tuple[Value, ...]) -> frozenset[str]:
        """The nodes that a defaults list can choose for the keys of a dict."""
        annotated = node_dict_type(held)
        items = tuple(v for t in values if isinstance(t, Table) for _, v in t.items)
        if annotated is None:
            return frozenset()
        nodes = self._nodes(annotated, items)
        return nodes | self._choices(annotated, nodes)

    def _nodes(self, annotated: NodeType, values: tuple[Value, ...]) -> frozenset[str]:
        """The nodes that are written for a place, without those that it can't hold."""
        return frozenset(
            v.node for v in values if isinstance(v, Instance) and self._can_hold(annotated, v)
        )

    def item(self, container: Container, key: str, is_open: bool) -> Spot:
        """`is_open` if nothing is in any of the dicts that can be there, so that they are filled later."""
        if isinstance(container.type, DictType):
            if has_unnamed(container):
                return Spot()
            return self._value(container, container.type.value, key, is_open)
        lists = [v for v in container.values if isinstance(v, Items) and v.items]
        if not key.isdecimal():
            return Spot()
        item = type_of_items(container.type)
        if not lists or any(v.kind == "set" for v in lists):
            return self._spot(item, (), is_chosen=True)
        number = index_of(key)
        return merged(
            self._spot(item, (v.items[number],), False) for v in lists if number < len(v.items)
        )

    def _value(self, container: Container, item: Type, key: str, is_open: bool) -> Spot:
        pairs = [pair for v in container.values if isinstance(v, Table) for pair in v.items]
        held = container.type.key if isinstance(container.type, DictType) else ANY
        named = [is_named(self.tree, held, k, key) for k, _ in pairs]
        is_open |= not any(isinstance(v, Table) for v in container.values)
        if not is_open and not any(is_it is not False for is_it in named):
            return Spot()
        if container.nodes:
            return Spot(container.nodes)
        values = tuple(v for (_, v), is_it in zip(pairs, named, strict=True) if is_it)
        return self._spot(item, values, is_chosen=not values)

    def _choices(self, annotated: NodeType, placed: frozenset[str]) -> frozenset[str]:
        """The options that a field can choose from, where some nodes are written for it."""
        groups = {self.tree.nodes[node].group for node in placed}
        if annotated.node in self.tree.nodes:
            groups.add(self.tree.nodes[annotated.node].group)
        if self._is_by_hand:
            groups = {node.group for node in self.tree.nodes.values()}
        return self.of_groups(frozenset(groups), annotated.node)

    def of_groups(self, groups: frozenset[str], base: str) -> frozenset[str]:
        key = (groups, base)
        if key not in self._options:
            self._options[key] = frozenset(
                option.key
                for group in groups
                for option in self.tree.options(group).values()
                if base in option.lineage
            )
        return self._options[key]


def any_keys(path: Path) -> Path:
    return (path[0], *(ANY_KEY for _ in path[1:]))


def _is_composed(field: Field, path: Path) -> bool:
    """Whether a defaults list chooses what is at a path of a field; elsewhere nothing can replace it."""
    return len(path) == 1 or (len(path) == 2 and node_dict_type(field.type) is not None)
