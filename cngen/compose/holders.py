"""What may be held -> the nodes and configs in which a node can be."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from cngen.compose.held import Held, any_keys
from cngen.compose.places import Path
from cngen.compose.spots import ANY_KEY
from cngen.model.tree import Field
from cngen.model.types import node_dict_type, node_type
from cngen.model.values import Instance


class Holders:
    """The places of nodes in one tree."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._tree = held.tree
        self._below: dict[str, frozenset[str]] = {}
        self._ways: dict[tuple[str, str], Mapping[str, frozenset[Path]]] = {}
        self._mounted = {n for nodes in held.placed.values() for n in nodes}
        self._mounted |= {
            node.key
            for node in held.tree.nodes.values()
            if node.option is not None and not node.is_experiment
        }

    def of(self, node: str, field: str = "") -> Iterator[tuple[str, Path]]:
        """The places in other nodes where a node can be, and with its own value of a field."""
        for nodes, places in self._by_nodes.items():
            if node in nodes:
                for holder, path in places:
                    if field not in self._held.replaced.get((holder, path, node), ()):
                        yield holder, path

    def ways(self, node: str, field: str) -> Mapping[str, frozenset[Path]]:
        """The nodes somewhere in which a node can be with its own value of a field; where in each."""
        if (node, field) not in self._set_in_place:
            field = ""
        if (node, field) not in self._ways:
            found: dict[str, set[Path]] = {}
            waiting = list(self.of(node, field))
            while waiting:
                holder, path = waiting.pop()
                if holder not in found:
                    waiting.extend(self.of(holder))
                found.setdefault(holder, set()).add(path)
            self._ways[node, field] = {n: frozenset(paths) for n, paths in found.items()}
        return self._ways[node, field]

    def stands_in(self, root: str, node: str, field: str) -> bool:
        """Whether a node can be somewhere in a config, or is it, with its own value of a field."""
        below = self.below(root)
        if root == node or node not in below or (node, field) not in self._set_in_place:
            return node in below
        return any(holder in below for holder, _ in self.of(node, field))

    def is_mounted(self, node: str) -> bool:
        """Whether a node itself can be a part of a config."""
        return node in self._mounted

    def below(self, node: str) -> frozenset[str]:
        """The nodes that can be somewhere in a node, and itself."""
        if node not in self._below:
            seen, done, waiting = {node}, set[frozenset[str]](), [node]
            while waiting:
                for _, nodes in self._slots_by_holder.get(waiting.pop(), ()):
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

    @cached_property
    def _slots(self) -> tuple[tuple[str, Path, frozenset[str]], ...]:
        """Each place in a node that can hold others, and what it can hold."""
        found: list[tuple[str, Path, frozenset[str]]] = []
        for node in sorted(self._mounted):
            for field in self._tree.nodes[node].fields:
                found.extend(self._slots_of(node, field))
        for (node, path), nodes in self._held.placed.items():
            found.append((node, any_keys(path), frozenset(nodes)))
        return tuple(found)

    def _slots_of(self, node: str, field: Field) -> Iterator[tuple[str, Path, frozenset[str]]]:
        if node_type(field.type) is not None:
            yield node, (field.name,), self._held.of_field(node, field.name).nodes
        elif node_dict_type(field.type) is not None:
            for container in self._held.of_field(node, field.name).containers:
                yield node, (field.name, ANY_KEY), container.nodes
        elif isinstance(field.default, Instance) and field.default.node in self._tree.nodes:
            group = self._tree.nodes[field.default.node].group
            yield node, (field.name,), self._held.of_groups(frozenset({group}), field.default.node)

    @cached_property
    def _by_nodes(self) -> Mapping[frozenset[str], tuple[tuple[str, Path], ...]]:
        found: dict[frozenset[str], dict[tuple[str, Path], None]] = {}
        for node, path, nodes in self._slots:
            found.setdefault(nodes, {})[node, path] = None
        return {nodes: tuple(places) for nodes, places in found.items()}

    @cached_property
    def _set_in_place(self) -> frozenset[tuple[str, str]]:
        """The fields that nodes built in place set differently."""
        return frozenset(
            (slot[2], name) for slot, names in self._held.replaced.items() for name in names
        )

    @cached_property
    def _slots_by_holder(self) -> Mapping[str, tuple[tuple[Path, frozenset[str]], ...]]:
        found: dict[str, dict[tuple[Path, frozenset[str]], None]] = {}
        for node, path, nodes in self._slots:
            found.setdefault(node, {})[path, nodes] = None
        return {node: tuple(slots) for node, slots in found.items()}
