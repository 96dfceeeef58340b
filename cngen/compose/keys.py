"""Tree -> the keys that composed configs can have: at each place a set of nodes, whatever is chosen.

An option that can stand somewhere counts, whether or not another choice excludes it: what no place here
has, no composition has.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cngen.compose.defaults import effective, value_is_none
from cngen.compose.places import Path, at, state
from cngen.compose.steps import Axis, changes_of, steps
from cngen.model.tree import Field, Node, Tree, index_of
from cngen.model.types import (
    ANY,
    NONE,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    NodeType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
    node_dict_type,
    node_type,
)
from cngen.model.values import (
    Computed,
    EnumMember,
    Instance,
    Interpolation,
    Items,
    Scalar,
    Table,
    Unreadable,
    Value,
)
from cngen.text.quoting import quote

ANY_KEY = "*"
"""Stands in a path for whichever key of a dict, or index of a list, a node stands at."""

_LATER = Interpolation | Computed | Unreadable
"""Values that the sources don't tell."""


@dataclass(frozen=True, slots=True)
class Link:
    """A node, and the keys that lead from it to the next one, or to a value."""

    node: str
    path: Path


@dataclass(frozen=True, slots=True)
class Written:
    """A value where it stands: the first link is in a config of its own or wherever its node is held.

    `writer` is the node in whose body it was found.
    """

    links: tuple[Link, ...]
    value: Value
    writer: Node

    @property
    def path(self) -> Path:
        """The keys from the first node to the value."""
        return tuple(key for link in self.links for key in link.path)

    def pinned(self, path: Path) -> str | None:
        """The node that is written at a place above the value; None if it may be another."""
        for number in range(1, len(self.links)):
            if Written(self.links[:number], self.value, self.writer).path == path:
                return self.links[number].node
        return None


_UNNAMED = tuple(ScalarType(name) for name in ("int", "float", "bool", "bytes"))
"""Types of keys that no interpolation can name: OmegaConf looks up strings."""

_PARTS = Interpolation | Instance | Items | Table


def written(tree: Tree) -> Iterator[Written]:
    """Every part of a value that says something of keys: instances, lists, dicts and interpolations.

    Inherited defaults come once for each node that has them.
    """
    for node in tree.nodes.values():
        root = node.primary if node.is_experiment else node.key
        for field in node.fields:
            is_own = field.name in node.declared or not node.is_experiment
            if is_own and isinstance(field.default, _PARTS):
                yield from _parts((Link(root, (field.name,)),), field.default, node)
        if node.engine.settings is not None:
            yield from _parts((Link(root, ("hydra",)),), node.engine.settings, node)
        if node.primary:
            yield from _swept(tree, node, root)


def _swept(tree: Tree, node: Node, root: str) -> Iterator[Written]:
    axes = [step for step in steps(tree, node) if isinstance(step, Axis)]
    if not axes:
        return
    whole = state(tree, node)
    for axis in axes:
        for change in changes_of(tree, whole, axis):
            place = at(tree, whole, change.path)
            if place is None:
                continue
            path, value = change.path, change.value
            if place.is_key:
                key = Scalar(path[-1], quote(path[-1]), value.span)
                path, value = path[:-1], Table(((key, value),), value.span)
            yield from _parts(_links(tree, whole, root, path), value, node)


def _links(tree: Tree, whole: Instance, root: str, path: Path) -> tuple[Link, ...]:
    """The way to a place in a whole config, through the nodes that stand there."""
    links = [Link(root, ())]
    for number, key in enumerate(path, 1):
        links[-1] = Link(links[-1].node, (*links[-1].path, key))
        place = at(tree, whole, path[:number]) if number < len(path) else None
        if place is not None and isinstance(place.value, Instance):
            links.append(Link(place.value.node, ()))
    return tuple(links)


def _parts(links: tuple[Link, ...], value: Value, writer: Node) -> Iterator[Written]:
    if not isinstance(value, _PARTS):
        return
    yield Written(links, value, writer)
    match value:
        case Instance(node, arguments):
            for argument in arguments:
                yield from _parts((*links, Link(node, (argument.name,))), argument.value, writer)
        case Items(items=items):
            for number, item in enumerate(items):
                yield from _parts(_inside(links, str(number)), item, writer)
        case Table(items=pairs):
            for key, item in pairs:
                yield from _parts(_inside(links, key_text(key)), item, writer)


def _inside(links: tuple[Link, ...], key: str) -> tuple[Link, ...]:
    return (*links[:-1], Link(links[-1].node, (*links[-1].path, key)))


def key_text(key: Value) -> str:
    """A key of a dict as a part of a path: of a member of an enum the name."""
    if isinstance(key, EnumMember):
        return key.member
    return str(key.value) if isinstance(key, Scalar) else ""


def key_type(held: Type) -> Type:
    """The type of the keys of a dict."""
    held = without_none(held)
    return held.key if isinstance(held, DictType) else ANY


def is_named(tree: Tree, held: Type, key: Value, name: str) -> bool | None:
    """Whether an interpolation finds a key of a dict by a name; None where the sources don't tell.

    OmegaConf looks up strings, and of a dict with an enum for its keys the member of that name.
    """
    match key:
        case Scalar(value):
            return isinstance(value, str) and value == name
        case EnumMember(enum, member) if held == EnumType(enum):
            names = tree.enums[enum].named if enum in tree.enums else str
            return names(name) == names(member)
        case EnumMember() if held == ANY:
            return False
    return None


def without_none(held: Type) -> Type:
    """`X` of `X | None`; of other unions what is left."""
    if isinstance(held, UnionType):
        rest = tuple(member for member in held.members if member != NONE)
        return rest[0] if len(rest) == 1 else UnionType(rest)
    return held


def _item_type(held: Type) -> Type:
    match without_none(held):
        case ListType(item) | DictType(value=item):
            return item
        case TupleType(items) if len(set(items)) == 1:
            return items[0]
    return ANY


@dataclass(frozen=True, slots=True)
class Container:
    """A list or a dict: what is written for it, and the nodes that its items may be."""

    type: ListType | TupleType | DictType
    values: tuple[Value, ...]
    nodes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """What may stand at one place; `is_unknown` where that may be anything, so that every key may be there.

    `texts` are the strings among what is written there. `is_none` tells of a node that is None by default.
    """

    nodes: frozenset[str] = frozenset()
    containers: tuple[Container, ...] = ()
    plain: frozenset[Type] = frozenset()
    is_unknown: bool = False
    texts: frozenset[str] = frozenset()
    is_none: bool = False

    def __bool__(self) -> bool:
        return bool(self.nodes or self.containers or self.plain or self.is_unknown)


@dataclass(frozen=True, slots=True)
class Partial:
    """A step of a path that only some of the nodes at its start can do; `""` among the others is None."""

    number: int
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads: to `spot`, which is empty if the part of that `number` can't be done.

    `known` are the keys that there are instead, `partial` the parts that not every node has.
    """

    spot: Spot
    number: int
    known: tuple[str, ...] = ()
    partial: tuple[Partial, ...] = ()


class Keys:
    """The keys of one tree. `found` is everything that `written` gives of it."""

    def __init__(self, tree: Tree, found: Iterable[Written]) -> None:
        self._tree = tree
        self._given: dict[tuple[str, str], dict[int, Value]] = {}
        self._placed: dict[tuple[str, Path], set[str]] = {}
        self._replaced: dict[tuple[str, Path, str], frozenset[str]] = {}
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._spots: dict[tuple[str, str], Spot] = {}
        self._options: dict[tuple[frozenset[str], str], frozenset[str]] = {}
        self._found: dict[tuple[str, Path], Found] = {}
        self._below: dict[str, frozenset[str]] = {}
        self._ways: dict[tuple[str, str], Mapping[str, frozenset[Path]]] = {}
        self._is_by_hand = any(node.defaults is not None for node in tree.nodes.values())
        for part in found:
            self._take(part)
        self._mounted = {n for nodes in self._placed.values() for n in nodes}
        self._mounted |= {
            node.key
            for node in tree.nodes.values()
            if node.option is not None and not node.is_experiment
        }

    def _take(self, part: Written) -> None:
        holder, path, value = part.links[-1].node, part.links[-1].path, part.value
        field = self.field(holder, path[0])
        if field is None:
            return
        if len(path) == 1 and value is not field.default:
            self._given.setdefault((holder, path[0]), {})[id(value)] = value
        if isinstance(value, Instance) and self._can_hold(self.type(part.links[-1]), value):
            self._placed.setdefault((holder, path), set()).add(value.node)
            slot = (holder, _any_keys(path), value.node)
            names = frozenset(argument.name for argument in value.arguments)
            if _is_composed(field, path):  # another option may be chosen, without these arguments
                names = frozenset()
            self._replaced[slot] = self._replaced.get(slot, names) & names

    def _can_hold(self, held: Type, value: Instance) -> bool:
        """Whether a node is one that its place can hold: any other is told as such."""
        nodes, base = self._tree.nodes, without_none(held)
        if value.node not in nodes:
            return False
        if isinstance(base, NodeType) and base.node in nodes:
            return self._tree.is_a(value.node, base.node)
        return True

    def field(self, node: str, name: str) -> Field | None:
        """The field of a node."""
        if node not in self._fields:
            fields = self._tree.nodes[node].fields if node in self._tree.nodes else ()
            self._fields[node] = {field.name: field for field in fields}
        return self._fields[node].get(name)

    def type(self, link: Link) -> Type:
        """The type of the place to which a link leads."""
        field = self.field(link.node, link.path[0])
        held = field.type if field is not None else ANY
        for _ in link.path[1:]:
            held = _item_type(held)
        return held

    # Down

    def find(self, start: str, path: Path) -> Found:
        """Where a path leads from a node."""
        key = (start, path)
        if key not in self._found:
            self._found[key] = self.follow(Spot(frozenset({start})), path)
        return self._found[key]

    def find_around(self, start: str, path: Path, holder: str, field: str) -> Found:
        """Where a path leads from a config in which `holder` stands with its own value of a field.

        A node that can hold it only in the next part of the path has to hold it there.
        """
        found = self.find(start, path)
        if not found.spot or start == holder:
            return found
        ways, partial = self.ways(holder, field), list[Partial]()
        free, bound = Spot(), frozenset({start})
        for number, part in enumerate(path):
            bound = frozenset(node for node in bound if node == holder or node in ways)
            beside = {n for n in bound if n == holder or ways[n] - {(part,)}}
            free = _merged([free, Spot(frozenset(beside))])
            bound -= beside
            after, lacking = self._step(free, part)
            inside, lacking_inside = self._step(Spot(bound), part)
            if not after and not inside:
                known = self._known(_merged([free, Spot(bound)]))
                return Found(after, number, known, tuple(partial))
            if not free.is_unknown and part != ANY_KEY and (lacking or lacking_inside):
                partial.append(Partial(number, tuple(sorted({*lacking, *lacking_inside}))))
            rest = replace(inside, nodes=frozenset(), is_none=False)
            free, bound = _merged([after, rest]), inside.nodes
        return Found(_merged([free, Spot(bound)]), len(path), (), tuple(partial))

    def find_along(self, start: str, path: Path, way: Mapping[Path, str]) -> Found:
        """Where a path leads from a node, if the nodes that stand at some parts of it are known."""
        spot = Spot(frozenset({start}))
        for number, part in enumerate(path):
            after, _ = self._step(spot, part)
            if not after:
                return Found(after, number, self._known(spot))
            known = way.get(path[: number + 1])
            spot = after if known is None else Spot(frozenset({known}))
        return Found(spot, len(path))

    def follow(self, spot: Spot, path: Path) -> Found:
        """Where a path leads from a place."""
        partial: list[Partial] = []
        for number, part in enumerate(path):
            after, lacking = self._step(spot, part)
            if not after:
                return Found(after, number, self._known(spot), tuple(partial))
            if lacking and not spot.is_unknown and part != ANY_KEY:
                partial.append(Partial(number, lacking))
            spot = after
        return Found(spot, len(path), (), tuple(partial))

    def _step(self, spot: Spot, key: str) -> tuple[Spot, tuple[str, ...]]:
        found = [Spot(is_unknown=True)] if spot.is_unknown or key == ANY_KEY else []
        lacking: list[str] = []
        for node in sorted(spot.nodes):
            if self.field(node, key) is not None:
                found.append(self._of_field(node, key))
            else:
                lacking.append(node)
        if spot.is_none:
            lacking.append("")
        is_open = not any(map(_has_items, spot.containers))
        found.extend(self._item(container, key, is_open) for container in spot.containers)
        return _merged(found), tuple(lacking)

    def _known(self, spot: Spot) -> tuple[str, ...]:
        keys = {key: None for node in sorted(spot.nodes) for key in self._names(node)}
        for container in spot.containers:
            for table in container.values:
                if isinstance(table, Table) and not _has_unnamed(container):
                    keys.update((key_text(key), None) for key, _ in table.items)
        return tuple(keys)

    def _names(self, node: str) -> Iterable[str]:
        self.field(node, "")
        return (name for name in self._fields[node] if name != "_target_")

    def _of_field(self, node: str, name: str) -> Spot:
        if (node, name) not in self._spots:
            field = self.field(node, name)
            assert field is not None
            own = effective(self._tree, field)
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
            case UnionType(members) if all(_is_plain(member) for member in members):
                return Spot(plain=frozenset(members), texts=_texts(values))
            case other if _is_plain(other):
                return Spot(plain=frozenset({other}), texts=_texts(values))
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

    def _item(self, container: Container, key: str, is_open: bool) -> Spot:
        """`is_open` if nothing is in any of the dicts that can stand there, so that they are filled later."""
        if isinstance(container.type, DictType):
            if _has_unnamed(container):
                return Spot()
            return self._value(container, container.type.value, key, is_open)
        lists = [v for v in container.values if isinstance(v, Items) and v.items]
        if not key.isdecimal():
            return Spot()
        item = _item_type(container.type)
        if not lists or any(v.kind == "set" for v in lists):
            return self._spot(item, (), is_chosen=True)
        number = index_of(key)
        return _merged(
            self._spot(item, (v.items[number],), False) for v in lists if number < len(v.items)
        )

    def _value(self, container: Container, item: Type, key: str, is_open: bool) -> Spot:
        pairs = [pair for v in container.values if isinstance(v, Table) for pair in v.items]
        held = container.type.key if isinstance(container.type, DictType) else ANY
        named = [is_named(self._tree, held, k, key) for k, _ in pairs]
        is_open |= not any(isinstance(v, Table) for v in container.values)
        if not is_open and not any(is_it is not False for is_it in named):
            return Spot()
        if container.nodes:
            return Spot(container.nodes)
        values = tuple(v for (_, v), is_it in zip(pairs, named, strict=True) if is_it)
        return self._spot(item, values, is_chosen=not values)

    def _choices(self, annotated: NodeType, placed: frozenset[str]) -> frozenset[str]:
        """The options that a field can choose from, where some nodes are written for it."""
        groups = {self._tree.nodes[node].group for node in placed}
        if annotated.node in self._tree.nodes:
            groups.add(self._tree.nodes[annotated.node].group)
        if self._is_by_hand:
            groups = {node.group for node in self._tree.nodes.values()}
        return self._of_groups(frozenset(groups), annotated.node)

    def _of_groups(self, groups: frozenset[str], base: str) -> frozenset[str]:
        key = (groups, base)
        if key not in self._options:
            self._options[key] = frozenset(
                option.key
                for group in groups
                for option in self._tree.options(group).values()
                if base in option.lineage
            )
        return self._options[key]

    # Up

    @cached_property
    def _slots(self) -> tuple[tuple[str, Path, frozenset[str]], ...]:
        """Each place in a node that can hold others, and what it can hold."""
        found: list[tuple[str, Path, frozenset[str]]] = []
        for node in sorted(self._mounted):
            for field in self._tree.nodes[node].fields:
                found.extend(self._slots_of(node, field))
        for (node, path), nodes in self._placed.items():
            found.append((node, _any_keys(path), frozenset(nodes)))
        return tuple(found)

    def _slots_of(self, node: str, field: Field) -> Iterator[tuple[str, Path, frozenset[str]]]:
        if node_type(field.type) is not None:
            yield node, (field.name,), self._of_field(node, field.name).nodes
        elif node_dict_type(field.type) is not None:
            for container in self._of_field(node, field.name).containers:
                yield node, (field.name, ANY_KEY), container.nodes
        elif isinstance(field.default, Instance) and field.default.node in self._tree.nodes:
            group = self._tree.nodes[field.default.node].group
            yield node, (field.name,), self._of_groups(frozenset({group}), field.default.node)

    @cached_property
    def _by_nodes(self) -> Mapping[frozenset[str], tuple[tuple[str, Path], ...]]:
        found: dict[frozenset[str], dict[tuple[str, Path], None]] = {}
        for node, path, nodes in self._slots:
            found.setdefault(nodes, {})[node, path] = None
        return {nodes: tuple(places) for nodes, places in found.items()}

    def holders(self, node: str, field: str = "") -> Iterator[tuple[str, Path]]:
        """The places in other nodes where a node can stand, and with its own value of a field."""
        for nodes, places in self._by_nodes.items():
            if node in nodes:
                for holder, path in places:
                    if field not in self._replaced.get((holder, path, node), ()):
                        yield holder, path

    def ways(self, node: str, field: str) -> Mapping[str, frozenset[Path]]:
        """The nodes somewhere in which a node can stand with its own value of a field; where in each."""
        if (node, field) not in self._set_in_place:
            field = ""
        if (node, field) not in self._ways:
            found: dict[str, set[Path]] = {}
            waiting = list(self.holders(node, field))
            while waiting:
                holder, path = waiting.pop()
                if holder not in found:
                    waiting.extend(self.holders(holder))
                found.setdefault(holder, set()).add(path)
            self._ways[node, field] = {n: frozenset(paths) for n, paths in found.items()}
        return self._ways[node, field]

    def stands_in(self, root: str, node: str, field: str) -> bool:
        """Whether a node can stand somewhere in a config, or is it, with its own value of a field."""
        below = self.below(root)
        if root == node or node not in below or (node, field) not in self._set_in_place:
            return node in below
        return any(holder in below for holder, _ in self.holders(node, field))

    @cached_property
    def _set_in_place(self) -> frozenset[tuple[str, str]]:
        """The fields that nodes built in place have otherwise."""
        return frozenset(
            (slot[2], name) for slot, names in self._replaced.items() for name in names
        )

    @cached_property
    def _held(self) -> Mapping[str, tuple[tuple[Path, frozenset[str]], ...]]:
        found: dict[str, dict[tuple[Path, frozenset[str]], None]] = {}
        for node, path, nodes in self._slots:
            found.setdefault(node, {})[path, nodes] = None
        return {node: tuple(slots) for node, slots in found.items()}

    def below(self, node: str) -> frozenset[str]:
        """The nodes that can stand somewhere in a node, and itself."""
        if node not in self._below:
            seen, done, waiting = {node}, set[frozenset[str]](), [node]
            while waiting:
                for _, nodes in self._held.get(waiting.pop(), ()):
                    if nodes not in done:
                        done.add(nodes)
                        waiting.extend(nodes - seen)
                        seen |= nodes
            self._below[node] = frozenset(seen)
        return self._below[node]

    @cached_property
    def roots(self) -> Mapping[str, bool]:
        """The configs that can be composed by themselves; whether other nodes hold them as well."""
        held = {node for _, _, nodes in self._slots for node in nodes}
        return {
            node.key: node.key in held
            for node in self._tree.nodes.values()
            if not node.group and node.option is not None
        }

    @cached_property
    def composed(self) -> frozenset[str]:
        """The nodes that are a part of some config."""
        return frozenset().union(*(self.below(root) for root in self.roots))

    def is_mounted(self, node: str) -> bool:
        """Whether a node itself can be a part of a config."""
        return node in self._mounted


def _any_keys(path: Path) -> Path:
    return (path[0], *(ANY_KEY for _ in path[1:]))


def _is_composed(field: Field, path: Path) -> bool:
    """Whether a defaults list chooses what stands at a path of a field; elsewhere nothing can replace it."""
    return len(path) == 1 or (len(path) == 2 and node_dict_type(field.type) is not None)


def _has_unnamed(container: Container) -> bool:
    return isinstance(container.type, DictType) and container.type.key in _UNNAMED


def _has_items(container: Container) -> bool:
    return any(isinstance(value, Table) and value.items for value in container.values)


def _texts(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(v.value for v in values if isinstance(v, Scalar) and isinstance(v.value, str))


def _is_plain(held: Type) -> bool:
    if isinstance(held, ScalarType):
        return held != ANY
    return isinstance(held, EnumType | LiteralType)


def _merged(spots: Iterable[Spot]) -> Spot:
    found = tuple(spots)
    if len(found) == 1:
        return found[0]
    return Spot(
        frozenset().union(*(spot.nodes for spot in found)),
        tuple(container for spot in found for container in spot.containers),
        frozenset().union(*(spot.plain for spot in found)),
        any(spot.is_unknown for spot in found),
        frozenset().union(*(spot.texts for spot in found)),
        any(spot.is_none for spot in found),
    )
