"""Tree -> the keys that composed configs can have: at each place a set of nodes, whatever is chosen.

An option that can be somewhere counts, whether or not another choice excludes it: what no place here
has, no composition has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cngen.compose.held import Held
from cngen.compose.holders import Holders
from cngen.compose.places import Path
from cngen.compose.spots import ANY_KEY, Spot, has_items, has_unnamed, merged
from cngen.compose.written import Written, key_text
from cngen.model.tree import Tree
from cngen.model.values import Table


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
    """Follows paths in the configs of one tree. `found` is everything that `written` gives of it."""

    def __init__(self, tree: Tree, found: Iterable[Written]) -> None:
        self.held = Held(tree, found)
        self.holders = Holders(self.held)
        self._found: dict[tuple[str, Path], Found] = {}

    def find(self, start: str, path: Path) -> Found:
        """Where a path leads from a node."""
        key = (start, path)
        if key not in self._found:
            self._found[key] = self.follow(Spot(frozenset({start})), path)
        return self._found[key]

    def find_around(self, start: str, path: Path, holder: str, field: str) -> Found:
        """Where a path leads from a config in which `holder` is with its own value of a field.

        A node that can hold it only in the next part of the path has to hold it there.
        """
        found = self.find(start, path)
        if not found.spot or start == holder:
            return found
        ways, partial = self.holders.ways(holder, field), list[Partial]()
        free, bound = Spot(), frozenset({start})
        for number, part in enumerate(path):
            bound = frozenset(node for node in bound if node == holder or node in ways)
            beside = {n for n in bound if n == holder or ways[n] - {(part,)}}
            free = merged([free, Spot(frozenset(beside))])
            bound -= beside
            after, lacking = self._step(free, part)
            inside, lacking_inside = self._step(Spot(bound), part)
            if not after and not inside:
                known = self._known(merged([free, Spot(bound)]))
                return Found(after, number, known, tuple(partial))
            if not free.is_unknown and part != ANY_KEY and (lacking or lacking_inside):
                partial.append(Partial(number, tuple(sorted({*lacking, *lacking_inside}))))
            rest = replace(inside, nodes=frozenset(), is_none=False)
            free, bound = merged([after, rest]), inside.nodes
        return Found(merged([free, Spot(bound)]), len(path), (), tuple(partial))

    def find_along(self, start: str, path: Path, way: Mapping[Path, str]) -> Found:
        """Where a path leads from a node, if the nodes that are at some parts of it are known."""
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
            if self.held.field(node, key) is not None:
                found.append(self.held.of_field(node, key))
            else:
                lacking.append(node)
        if spot.is_none:
            lacking.append("")
        is_open = not any(map(has_items, spot.containers))
        found.extend(self.held.item(container, key, is_open) for container in spot.containers)
        return merged(found), tuple(lacking)

    def _known(self, spot: Spot) -> tuple[str, ...]:
        keys = {key: None for node in sorted(spot.nodes) for key in self.held.names(node)}
        for container in spot.containers:
            for table in container.values:
                if isinstance(table, Table) and not has_unnamed(container):
                    keys.update((key_text(key), None) for key, _ in table.items)
        return tuple(keys)
