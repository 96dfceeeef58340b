"""Two trees and what they declare otherwise -> the keys of composed configs that differ, by their cause."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cngen.changes import Composed, Gone, Impact
from cngen.classnames import class_names
from cngen.composed import Holder, Leaf, below, composed, configs, leaf
from cngen.composition import effective
from cngen.declarations import Declared, Site, Trees, place_key
from cngen.diagnostic import Span
from cngen.experiments import Place, experiments
from cngen.model import (
    EnumMember,
    Instance,
    Missing,
    Node,
    Tree,
    Type,
    Value,
    every_instance,
    inner_values,
    mentioned_enums,
    mentioned_nodes,
)
from cngen.sweeps import all_parameters, job_count

_OF_CLASSES = ("renamed", "moved", "bases-changed", "group-renamed", "group-added", "group-removed")
_GOES = ("value-unset", "sweep-unset", "field-removed")
"""Kinds of changes after which another declaration counts, one that may have been there all the time."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of one config that differs, and the declared change that is the cause."""

    config: str
    key: str
    old: Composed | None
    new: Composed | None
    cause: Declared
    gone: Gone | None = None


@dataclass(frozen=True, slots=True)
class JobCount:
    """A config that runs another number of jobs; None where a sweeper searches."""

    config: str
    old: int | None
    new: int | None
    cause: Declared


# What is declared where


class Bodies:
    """The declarations of a tree by their places: whatever is written in a body belongs to a field of it."""

    def __init__(self, tree: Tree) -> None:
        found: dict[str, list[tuple[int, Site]]] = {}
        for node in tree.nodes.values():
            for own in node.fields:
                if own.name in node.declared:
                    found.setdefault(own.span.file, []).append(
                        (own.span.start, Site(node.key, own.name))
                    )
            for name, value in node.points:
                found.setdefault(value.span.file, []).append(
                    (value.span.start, Site(node.key, name))
                )
        self._found = {path: sorted(sites, key=lambda s: s[0]) for path, sites in found.items()}

    def at(self, span: Span) -> Site | None:
        """The declaration that a place is a part of."""
        sites = self._found.get(span.file, [])
        number = bisect_right(sites, span.start, key=lambda site: site[0])
        return sites[number - 1][1] if number else None


@dataclass(frozen=True)
class Causes:
    """Finds the declared change from which a difference follows."""

    trees: Trees
    declared: tuple[Declared, ...]

    @cached_property
    def _old(self) -> Mapping[Site, list[Declared]]:
        return _by_site((site, change) for change in self.declared for site in change.sites[0])

    @cached_property
    def _new(self) -> Mapping[Site, list[Declared]]:
        return _by_site((site, change) for change in self.declared for site in change.sites[1])

    @cached_property
    def _sites(self) -> tuple[Bodies, Bodies]:
        return Bodies(self.trees.old), Bodies(self.trees.new)

    def of(
        self,
        configs: tuple[Node, Node],
        old: Place | None,
        new: Place | None,
        is_type: bool = False,
    ) -> Declared:
        """The cause of what differs at one place of a config."""
        written = [*self._written(old, new)]
        found = [c for c in written if c.kind == "type-changed"] if is_type else []
        found += [c for c in written if is_type or c.kind != "type-changed"]
        found += self._inherited(old, new, is_type)
        found += self._named(old, new) if is_type else ()
        found += self._of_config(*configs)
        return found[0] if found else self._unknown(old, new)

    def _written(self, old: Place | None, new: Place | None) -> Iterator[Declared]:
        """The changes of what is written for a place, then and now."""
        one, other = self._site(old, 0), self._site(new, 1)
        before = self._old.get(one, []) if one is not None else []
        after = self._new.get(other, []) if other is not None else []
        if any(change.kind in _GOES for change in before):
            after = [*before, *after]
        yield from dict.fromkeys((*after, *before))

    def _site(self, place: Place | None, side: int) -> Site | None:
        if place is None:
            return None
        value = place.value
        is_said = value is not None and value != effective_default(place)
        span = value.span if value is not None and (is_said or value.span) else place.field.span
        return self._sites[side].at(span)

    def _inherited(self, old: Place | None, new: Place | None, is_type: bool) -> Iterator[Declared]:
        """The changes of the field itself, in the class that holds it or in a base."""
        sides = ((new, self.trees.new, self._new), (old, self.trees.old, self._old))
        found: list[Declared] = []
        for place, tree, known in sides:
            if place is not None and place.holder in tree.nodes:
                lineage = tree.nodes[place.holder].lineage
                found += [c for key in lineage for c in known.get(Site(key, place.field.name), [])]
        found.sort(key=lambda change: (change.kind == "type-changed") != is_type)
        yield from found
        for place, tree, known in sides:
            if place is not None and place.holder in tree.nodes:
                for key in tree.nodes[place.holder].lineage:
                    yield from (c for c in known.get(Site(key), []) if _is_of_class(c))

    def _named(self, old: Place | None, new: Place | None) -> Iterator[Declared]:
        """The changes of the classes that a type names."""
        for place, known in ((new, self._new), (old, self._old)):
            for key in _named_in(place.type) if place is not None else ():
                yield from (c for c in known.get(Site(key), []) if _is_of_class(c))

    def _of_config(self, old: Node, new: Node) -> Iterator[Declared]:
        """What else is said of a config: its bases, its sweeps; then the settings of the whole tree."""
        for node, known in ((new, self._new), (old, self._old)):
            for key in node.lineage:
                yield from (c for c in known.get(Site(key), []) if _is_of_class(c))
                for site, changes in known.items():
                    if site.node == key and site.field:
                        yield from (c for c in changes if c.kind.startswith(("sweep", "value")))
        yield from (c for c in self.declared if c.kind == "setting-changed")

    def of_class(self, old: Value | None, new: Value | None) -> Declared | None:
        """The renaming of the class, or of the member of an enum, that stands at a place."""
        if old is not None and new is not None and self.trees.matching.value(old) == new:
            for member in _members(new):
                sites = (Site(member.enum, member.member), Site(member.enum))
                for change in (c for site in sites for c in self._new.get(site, [])):
                    if _is_of_class(change):
                        return change
        if isinstance(old, Instance) and isinstance(new, Instance):
            for change in (*self._new.get(Site(new.node), []), *self._old.get(Site(old.node), [])):
                if _is_of_class(change):
                    return change
        return None

    def sweeps(self, old: Node, new: Node) -> Iterator[Declared]:
        """The changes of what a config sweeps: those of the nearest class that has some, else of its bases."""
        for node, known in ((new, self._new), (old, self._old)):
            for key in node.lineage:
                found = [c for site, cs in known.items() if site.node == key for c in cs]
                swept = dict.fromkeys(c for c in found if c.kind.startswith("sweep"))
                if swept:
                    yield from swept
                    return
        yield self.of((old, new), None, None)

    def _unknown(self, old: Place | None, new: Place | None) -> Declared:
        """A change of its own for what follows from no declaration that is compared."""
        place = new if new is not None else old
        side = 1 if new is not None else 0
        site = self._site(place, side)
        span = place.field.span if place is not None else Span("pyproject.toml", 0, 0)
        tree = (self.trees.old, self.trees.new)[side]
        name = f"{tree.nodes[site.node].name}.{site.field}" if site is not None else "the sources"
        message = f"`{name}` composes otherwise"
        return Declared(
            "composed-otherwise", name, message, Impact.BEHAVIOUR, span, is_old=new is None
        )


def _members(value: Value) -> Iterator[EnumMember]:
    if isinstance(value, EnumMember):
        yield value
    for inner in inner_values(value):
        yield from _members(inner)


def _named_in(written: Type) -> tuple[str, ...]:
    return (*mentioned_nodes(written), *mentioned_enums(written))


def effective_default(place: Place) -> Value | None:
    """What the field of a place has by itself."""
    return None if place.is_key else place.field.default


def _by_site(pairs: Iterable[tuple[Site, Declared]]) -> Mapping[Site, list[Declared]]:
    found: dict[Site, list[Declared]] = {}
    for site, change in pairs:
        found.setdefault(site, []).append(change)
    return found


def _is_of_class(change: Declared) -> bool:
    return change.kind.endswith(_OF_CLASSES) or change.kind in (
        "store-name-changed",
        "abstract-changed",
    )


# What differs


@dataclass
class Comparer:
    """Walks the configs of two trees side by side."""

    trees: Trees
    causes: Causes
    partly: set[str] = field(default_factory=set)

    def differences(self) -> Iterator[Difference]:
        """Every key that differs, of the configs that are in both trees."""
        for name, old, new in paired_configs(self.trees):
            one, other = composed(self.trees.old, old), composed(self.trees.new, new)
            yield from self._inside((name, old, new), "", one, other)

    def jobs(self) -> Iterator[JobCount]:
        """Every config that runs another number of jobs."""
        for name, old, new in paired_configs(self.trees):
            before, after = _jobs(self.trees.old, old), _jobs(self.trees.new, new)
            if before != after:
                for cause in self.causes.sweeps(old, new):
                    yield JobCount(name, before, after, cause)

    def _inside(
        self, config: tuple[str, Node, Node], prefix: str, old: Holder, new: Holder
    ) -> Iterator[Difference]:
        """What differs below two holders of one kind, each by its own cause."""
        one, other = below(self.trees.old, old), below(self.trees.new, new)
        node = old.node if isinstance(old, Instance) else _node(old.value)
        renamed = self.trees.matching.fields.get(node, {})
        for name, place in one.items():
            now = renamed.get(name, name)
            if now in other and now == name:
                yield from self._both(config, prefix + name, place, other[name])
            else:
                cause = self.causes.of(config[1:], place, other.get(now))
                instead = (
                    place_key(self.trees.new, other[now], prefix + now) if now in other else ""
                )
                yield from self._one(config, prefix + name, place, cause, instead)
        before = {old: new for old, new in renamed.items() if old in one}
        for name, place in other.items():
            if name not in one or name in renamed:
                was = next((o for o, n in before.items() if n == name), None)
                cause = self.causes.of(config[1:], one[was] if was is not None else None, place)
                yield from self._new(config, prefix + name, place, cause)

    def _both(
        self,
        config: tuple[str, Node, Node],
        key: str,
        old: Place,
        new: Place,
        cause: Declared | None = None,
    ) -> Iterator[Difference]:
        if _node(old.value) in self.trees.unknown or _node(new.value) in self.trees.unknown:
            self.partly.add(config[0])
            return
        before, after = leaf(self.trees.old, old), leaf(self.trees.new, new)
        is_same_class = self._is_one(old.value, new.value)
        if before != after:
            is_type = before.value == after.value
            known = cause or (
                self.causes.of_class(old.value, new.value)
                if is_same_class and not is_type
                else None
            )
            found = known or self.causes.of(config[1:], old, new, is_type)
            is_open = isinstance(new.value, Missing) or new.value is None
            was_open = isinstance(old.value, Missing) or old.value is None
            gone = Gone("") if is_open and not was_open else None
            yield Difference(config[0], key, _shown(before), _shown(after), found, gone)
            if not is_same_class and not is_type:
                cause = found
        elif self._is_stable(old, new):
            return
        if is_same_class and cause is None:
            yield from self._inside(config, f"{key}.", old, new)
        else:
            reason = cause or self.causes.of(config[1:], old, new)
            yield from self._replaced(config, f"{key}.", old, new, reason)

    def _replaced(
        self, config: tuple[str, Node, Node], prefix: str, old: Holder, new: Holder, cause: Declared
    ) -> Iterator[Difference]:
        """What differs below a place where something else is chosen: that choice is the cause of all."""
        one, other = below(self.trees.old, old), below(self.trees.new, new)
        for name in dict.fromkeys((*one, *other)):
            if name in one and name in other:
                yield from self._both(config, prefix + name, one[name], other[name], cause)
            elif name in one:
                yield from self._one(config, prefix + name, one[name], cause)
            else:
                yield from self._new(config, prefix + name, other[name], cause)

    def _one(
        self,
        config: tuple[str, Node, Node],
        key: str,
        place: Place,
        cause: Declared,
        instead: str = "",
    ) -> Iterator[Difference]:
        """A key that is gone, and those below it."""
        gone = Gone(place_key(self.trees.old, place, key), instead)
        yield Difference(config[0], key, _shown(leaf(self.trees.old, place)), None, cause, gone)
        for name, inner in below(self.trees.old, place).items():
            found = self._one(config, f"{key}.{name}", inner, cause)
            yield from (replace(difference, gone=None) for difference in found)

    def _new(
        self, config: tuple[str, Node, Node], key: str, place: Place, cause: Declared
    ) -> Iterator[Difference]:
        yield Difference(config[0], key, None, _shown(leaf(self.trees.new, place)), cause)
        for name, inner in below(self.trees.new, place).items():
            yield from self._new(config, f"{key}.{name}", inner, cause)

    def _is_one(self, old: Value | None, new: Value | None) -> bool:
        """Whether the keys below two values are those of one class, or of two containers."""
        if isinstance(old, Instance) and isinstance(new, Instance):
            return self.trees.matching.nodes.get(old.node) == new.node
        return type(old) is type(new)

    # Whether anything below can differ at all

    @cached_property
    def _stable(self) -> dict[str, bool]:
        return {}

    def _is_stable(self, old: Place, new: Place) -> bool:
        """Whether two equal values compose equally: no class in them has changed."""
        if old.value != new.value or new.value is None:
            return False
        return all(self._is_stable_node(i.node) for i in every_instance(new.value))

    def _is_stable_node(self, key: str) -> bool:
        if key not in self._stable:
            self._stable[key] = True  # for the time being: a class may hold itself
            self._stable[key] = self._is_unchanged(key)
        return self._stable[key]

    def _is_unchanged(self, key: str) -> bool:
        old, new = self.trees.old.nodes.get(key), self.trees.new.nodes.get(key)
        if old is None or new is None or old.fields != new.fields or key in self.trees.unknown:
            return False
        named = {key, *(k for f in new.fields for k in _named_in(f.type))}
        one, other = class_names(self.trees.old), class_names(self.trees.new)
        if any(one.get(name) != other.get(name) for name in named):
            return False
        if self.trees.old.settings.hydra != self.trees.new.settings.hydra:
            return False
        values = (effective(self.trees.new, own) for own in new.fields)
        held = {i.node for value in values if value is not None for i in every_instance(value)}
        return all(self._is_stable_node(node) for node in sorted(held))


def paired_configs(trees: Trees) -> Iterator[tuple[str, Node, Node]]:
    """The configs that are in both trees, by their new names."""
    names = {node.key: name for name, node in configs(trees.new).items()}
    before = {node.key for node in configs(trees.old).values()}
    found = [(names[new.key], old, new) for old, new in trees.pairs if new.key in names]
    yield from sorted((f for f in found if f[1].key in before), key=lambda f: f[0])


def _jobs(tree: Tree, node: Node) -> int | None:
    experiment = experiments(tree).get(node.key)
    return job_count(all_parameters(tree, experiment)) if experiment is not None else 1


def _node(value: Value | None) -> str:
    return value.node if isinstance(value, Instance) else ""


def _shown(found: Leaf) -> Composed:
    return Composed(found.value, found.type)
