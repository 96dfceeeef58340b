"""Declared changes -> which of them causes a difference at one place of a config."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cngen.compose.experiments import experiments
from cngen.compose.places import Place
from cngen.diagnostics import Span
from cngen.diff.changes import Impact
from cngen.diff.matching import NAME
from cngen.diff.trees import Declared, Site, Trees
from cngen.model.tree import Node, Tree
from cngen.model.types import mentioned
from cngen.model.values import Instance, Interpolation, Points, Value, every_instance, members

_OF_CLASSES = ("-added", "-moved", "-removed", "-renamed")
_OTHERS_OF_CLASSES = (
    "abstract-changed",
    "bases-changed",
    "defaults-list-changed",
    "store-name-changed",
)
_OF_BASES = ("bases-changed", "defaults-list-changed")
_GOES = ("value-unset", "sweep-unset", "field-removed")
"""Kinds of changes after which another declaration counts, one that may have been there all the time."""


class Bodies:
    """The declarations of a tree by their places: what is written in a body belongs to a field of it."""

    def __init__(self, tree: Tree) -> None:
        found: dict[str, list[tuple[int, Site]]] = {}
        for node in tree.nodes.values():
            own = [(f.span, f.name) for f in node.fields if f.name in node.declared]
            for span, name in (*own, *((value.span, name) for name, value in node.points)):
                found.setdefault(span.file, []).append((span.start, Site(node.key, name)))
        self._found = {path: sorted(sites, key=_start) for path, sites in found.items()}

    def at(self, span: Span) -> Site | None:
        """The declaration that a place is a part of."""
        sites = self._found.get(span.file, [])
        number = bisect_right(sites, span.start, key=_start)
        return sites[number - 1][1] if number else None


def _start(found: tuple[int, Site]) -> int:
    return found[0]


@dataclass(frozen=True)
class _Half:
    """One of the trees, and the changes of what is declared in it."""

    tree: Tree
    changes: Mapping[Site, list[Declared]]

    @cached_property
    def _bodies(self) -> Bodies:
        return Bodies(self.tree)

    @cached_property
    def _of_fields(self) -> Mapping[str, list[Declared]]:
        found: dict[str, list[Declared]] = {}
        for site, changes in self.changes.items():
            if site.field:
                found.setdefault(site.node, []).extend(changes)
        return found

    def site(self, place: Place) -> Site | None:
        """Where the value at a place is written."""
        return self._bodies.at(place.value.span if place.value is not None else place.field.span)

    def written(self, place: Place | None) -> list[Declared]:
        """The changes of what is written for a place."""
        site = self.site(place) if place is not None else None
        return self.changes.get(site, []) if site is not None else []

    def of_field(self, place: Place | None) -> Iterator[Declared]:
        """The changes of the field that a place is, in the class that holds it and in its bases."""
        for key in self._lineage(place):
            yield from self.changes.get(
                Site(key, place.field.name if place is not None else ""), []
            )

    def of_enum(self, key: str) -> Iterator[Declared]:
        """The changes of an enum and of its members."""
        yield from self.changes.get(Site(key), [])
        yield from self._of_fields.get(key, [])

    def of_holder(self, place: Place | None) -> Iterator[Declared]:
        """The changes of what the class that holds a place, or a base of it, inherits."""
        for key in self._lineage(place):
            yield from self.of_bases(key)

    def of_bases(self, key: str) -> Iterator[Declared]:
        """The changes of the bases and the defaults list of a class."""
        return (c for c in self.changes.get(Site(key), []) if c.kind in _OF_BASES)

    def of_class(self, key: str, member: str = "") -> Iterator[Declared]:
        """What makes a class, or a member of an enum, another one: its name, its place, its bases."""
        return (c for c in self.changes.get(Site(key, member), []) if _is_of_class(c))

    def of_body(self, key: str, *kinds: str) -> list[Declared]:
        """The changes of some kinds that the body of one class makes of its fields."""
        found = (c for c in self._of_fields.get(key, []) if c.kind.startswith(kinds))
        return list(dict.fromkeys(found))

    def of_fields(self, config: Node) -> Iterator[Declared]:
        """The changes of the fields that a config sets."""
        bases = [self.tree.nodes[key] for key in config.lineage]
        for name in dict.fromkeys(name for base in bases for name, _ in base.written):
            for base in bases:
                yield from self.changes.get(Site(base.key, name), [])

    def _lineage(self, place: Place | None) -> tuple[str, ...]:
        node = self.tree.nodes.get(place.holder) if place is not None else None
        return node.lineage if node is not None else ()


def _is_of_class(change: Declared) -> bool:
    return change.kind.endswith(_OF_CLASSES) or change.kind in _OTHERS_OF_CLASSES


def contributing_classes(tree: Tree, config: Node) -> tuple[str, ...]:
    """The classes whose bodies make a config: its lineage, then the experiments that it runs as points."""
    found: dict[str, None] = {}
    waiting = [config]
    while waiting:
        for key in waiting.pop(0).lineage:
            if key not in found:
                found[key] = None
                waiting += [
                    tree.nodes[instance.node]
                    for _, points in tree.nodes[key].points
                    if isinstance(points, Points)
                    for experiment in points.experiments
                    for instance in every_instance(experiment)
                    if instance.node in tree.nodes
                ]
    return tuple(found)


@dataclass(frozen=True)
class Causes:
    """Finds the declared change from which a difference follows."""

    trees: Trees
    declared: tuple[Declared, ...]

    @cached_property
    def _halves(self) -> tuple[_Half, _Half]:
        sides: tuple[dict[Site, list[Declared]], dict[Site, list[Declared]]] = ({}, {})
        for change in self.declared:
            for found, sites in zip(sides, change.sites, strict=True):
                for site in sites:
                    found.setdefault(site, []).append(change)
        return _Half(self.trees.old, sides[0]), _Half(self.trees.new, sides[1])

    def of(
        self,
        configs: tuple[Node, Node],
        old: Place | None,
        new: Place | None,
        is_type: bool = False,
    ) -> Declared:
        """The cause of what differs at one place of a config, in its type alone or in its value."""
        found = [*self._written(old, new), *self._inherited(old, new)]
        found.sort(key=lambda change: (change.kind == "type-changed") != is_type)
        nearest = found[0] if found else next(self._elsewhere(configs, old, new, is_type), None)
        return nearest or self._unknown(old, new)

    def _written(self, old: Place | None, new: Place | None) -> Iterator[Declared]:
        """The changes of what is written for a place, now and before."""
        one, other = self._halves
        before, after = one.written(old), other.written(new)
        if any(change.kind in _GOES for change in before):
            yield from before
        yield from (*after, *before)

    def _inherited(self, old: Place | None, new: Place | None) -> Iterator[Declared]:
        one, other = self._halves
        yield from (*other.of_field(new), *one.of_field(old))

    def _elsewhere(
        self, configs: tuple[Node, Node], old: Place | None, new: Place | None, is_type: bool
    ) -> Iterator[Declared]:
        """The changes of whole classes, of the config itself, and of the settings."""
        halves = list(zip(self._halves, (old, new), configs, strict=True))[::-1]
        for half, place, _ in halves:
            yield from half.of_holder(place)
            for key in mentioned(place.field.type) if place is not None else ():
                yield from half.of_enum(key) if key in half.tree.enums else ()
            for key in mentioned(place.type) if place is not None and is_type else ():
                yield from half.of_class(key)
        for half, _, config in halves:
            for key in config.lineage:
                yield from half.of_bases(key)
            for key in contributing_classes(half.tree, config):
                yield from half.of_body(key, "sweep", "value")
        yield from (change for change in self.declared if change.kind == "setting-changed")

    def of_class(self, old: Value | None, new: Value | None) -> Declared | None:
        """The renaming of the class, of the enum or its member, or of the field that is referred to."""
        one, other = self._halves
        if isinstance(old, Interpolation) and self.trees.matching.value(old) == new:
            names = set(NAME.findall(old.text))
            renamed = (c for c in self.declared if c.kind == "field-renamed" and c.old in names)
            return next(renamed, None)
        if old is not None and new is not None and self.trees.matching.value(old) == new:
            for member in members(new):
                found = (*other.of_class(member.enum, member.member), *other.of_class(member.enum))
                if found:
                    return found[0]
        if not isinstance(old, Instance) or not isinstance(new, Instance):
            return None
        return next(iter((*other.of_class(new.node), *one.of_class(old.node))), None)

    def of_jobs(self, old: Node, new: Node) -> tuple[Declared, ...]:
        """The changes of what a config, or the nearest base that does, sweeps.

        Where none does, a field that was swept came or went.
        """
        one, other = self._halves
        halves = ((other, new), (one, old))
        for half, node in halves:
            for key in contributing_classes(half.tree, node):
                found = half.of_body(key, "sweep")
                if found:
                    return tuple(found)
        for half, node in halves:
            cause = next(half.of_fields(node), None)
            if cause is not None:
                return (cause,)
        return (self.of((old, new), None, None),)

    def of_swept(self, old: Node, new: Node) -> tuple[Declared, ...]:
        """The changes of what a config sweeps: the values, the classes among them, and the experiments."""
        found: dict[Declared, None] = {}
        one, other = self._halves
        for half, node in ((other, new), (one, old)):
            experiment = experiments(half.tree).get(node.key)
            axes = experiment.all_axes if experiment is not None else ()
            swept = [i.node for axis in axes for v in axis.values for i in every_instance(v)]
            nodes = [half.tree.nodes[key] for key in swept if key in half.tree.nodes]
            for key in contributing_classes(half.tree, node) if axes else ():
                found |= dict.fromkeys(half.of_body(key, "sweep"))
            for key in dict.fromkeys(
                key for swept in nodes for key in contributing_classes(half.tree, swept)
            ):
                if key not in node.lineage:
                    found |= dict.fromkeys(half.of_body(key, ""))
        return tuple(found)

    def _unknown(self, old: Place | None, new: Place | None) -> Declared:
        """A change of its own for what follows from no declaration that is compared."""
        half, place = self._halves[new is not None], new if new is not None else old
        site = half.site(place) if place is not None else None
        span = place.field.span if place is not None else Span("pyproject.toml", 0, 0)
        name = f"{half.tree.nodes[site.node].name}.{site.field}" if site is not None else "config"
        message = f"composed value of `{name}` changed" if site is not None else "configs changed"
        kind = "composed-changed"
        return Declared(kind, name, message, Impact.BEHAVIOUR, span, is_old=new is None)
