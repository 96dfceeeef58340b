"""Two trees side by side, and what an edit of the sources declares otherwise, before anything is composed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from cngen.changes import Gone, Impact
from cngen.composed import composed, configs, places
from cngen.composition import command_key, effective
from cngen.diagnostic import Span
from cngen.experiments import Place
from cngen.matching import Matching, match
from cngen.model import TREES, Field, Instance, Node, Tree, Value, node_type


@dataclass(frozen=True, slots=True)
class Site:
    """Where something is declared: a node by its key and one of its fields, or the class itself."""

    node: str
    field: str = ""


Sites: TypeAlias = tuple[tuple[Site, ...], tuple[Site, ...]]
"""Where something was declared and where it is."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared change; see `cngen.changes.Change`.

    `span` is in the old tree where `is_old`. `sites` are where in the old and in the new tree that stands
    which changed, so that what follows from it can be found.
    """

    kind: str
    subject: str
    message: str
    impact: Impact
    span: Span
    old: str = ""
    new: str = ""
    is_old: bool = False
    sites: Sites = ((), ())
    gone: tuple[Gone, ...] = ()


def class_sites(old: Iterable[Node], new: Iterable[Node]) -> Sites:
    """The sites of whole classes."""
    return tuple(Site(node.key) for node in old), tuple(Site(node.key) for node in new)


def field_sites(old: Node, new: Node, before: str, after: str) -> Sites:
    """The sites of one field under its name in each tree."""
    return (Site(old.key, before),), (Site(new.key, after),)


@dataclass(frozen=True)
class Trees:
    """Two trees, what of the one is what of the other, and the nodes of which too little is known.

    `unknown` are keys of either tree: of nodes in files that can't be read, or that need some.
    """

    old: Tree
    new: Tree
    matching: Matching
    unknown: frozenset[str] = frozenset()

    @classmethod
    def of(cls, old: Tree, new: Tree, unknown: frozenset[str] = frozenset()) -> "Trees":
        """Two trees with all that is the same in both matched."""
        return cls(old, new, match(old, new), unknown)

    @cached_property
    def before(self) -> Mapping[str, str]:
        """The old key of every node that is in both trees, by its new one."""
        return {new: old for old, new in self.matching.nodes.items()}

    @cached_property
    def pairs(self) -> tuple[tuple[Node, Node], ...]:
        """Every known node that is in both trees, in the order of the new one."""
        return tuple(
            (self.old.nodes[self.before[key]], node)
            for key, node in self.new.nodes.items()
            if key in self.before and not {key, self.before[key]} & self.unknown
        )

    @cached_property
    def removed(self) -> tuple[Node, ...]:
        """The nodes of the old tree that are gone."""
        gone = (n for k, n in self.old.nodes.items() if k not in self.matching.nodes)
        return tuple(node for node in gone if node.key not in self.unknown)

    @cached_property
    def added(self) -> tuple[Node, ...]:
        """The nodes of the new tree that are new."""
        known = set(self.matching.nodes.values()) | self.unknown
        return tuple(node for key, node in self.new.nodes.items() if key not in known)

    @cached_property
    def old_packages(self) -> Mapping[str, tuple[str, ...]]:
        """Where the old tree's configs choose from each group."""
        return packages(self.old)

    @cached_property
    def new_packages(self) -> Mapping[str, tuple[str, ...]]:
        """Where the new tree's configs choose from each group."""
        return packages(self.new)

    def _package(self, group: str, package: str, becomes: str) -> str:
        """Where the new tree chooses from a group what the old one chose from another."""
        known = self.new_packages.get(becomes, ())
        if package in known or (known and package != group.replace("/", ".")):
            return package
        return known[0] if len(known) == 1 else becomes.replace("/", ".")

    def gone(self, group: str, option: str, becomes: Node | None) -> Iterator[Gone]:
        """The ways to choose an option that no longer is one, and those that choose what it became."""
        if option in self.new.options(group):
            return
        own = group.replace("/", ".")
        for package in self.old_packages.get(group, (own,)):
            instead = ""
            if becomes is not None and becomes.option is not None:
                now = self._package(group, package, becomes.group)
                instead = f"{command_key(becomes.group, now)}={becomes.option}"
            yield Gone(f"{command_key(group, package)}={option}", instead)


def packages(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """The places at which the configs of a tree choose from each group, those of dicts included."""
    found: dict[str, set[str]] = {}
    for key, place in primary_places(tree):
        group = _group(tree, place) if place.is_chosen else ""
        if group:
            found.setdefault(group, set()).add(key)
    return {group: tuple(sorted(keys)) for group, keys in found.items()}


@lru_cache(maxsize=TREES)
def primary_places(tree: Tree) -> tuple[tuple[str, Place], ...]:
    """Everything that stands in the primary configs of a tree, by its key."""
    return tuple(
        found
        for node in configs(tree).values()
        if not node.group
        for found in places(tree, composed(tree, node))
    )


def _group(tree: Tree, place: Place) -> str:
    value: Value | None = place.value
    annotated = node_type(place.type)
    key = value.node if isinstance(value, Instance) else annotated.node if annotated else ""
    return tree.nodes[key].group if key in tree.nodes else ""


def in_root(tree: Tree, path: str) -> str:
    """A path from the root folder on, where it leads into one."""
    roots = sorted((root for root in tree.settings.roots if path.startswith(f"{root}/")), key=len)
    return path[len(roots[-1]) + 1 :] if roots else path


def chosen_otherwise(trees: Trees, old: Node, group: str, option: str) -> Node | None:
    """What an option that chose a class of the old tree chooses now, if that is another class."""
    now = trees.new.options(group).get(option)
    return now if now is not None and now.key != trees.matching.nodes.get(old.key) else None


def inherited_otherwise(trees: Trees, old: Node, new: Node) -> tuple[list[str], list[str]]:
    """The fields that a class has no more, and those that it has now, because of other bases alone."""
    names, known = (
        trees.matching,
        {f.name: trees.matching.field(old.key, f.name) for f in old.fields},
    )
    stayed = [(b, names.nodes[b]) for b in old.lineage[1:] if names.nodes.get(b) in new.lineage]
    less = [
        name
        for name, now in known.items()
        if name not in old.declared
        and new.field(now) is None
        and not any(trees.old.nodes[b].field(name) is not None for b, _ in stayed)
    ]
    more = [
        field.name
        for field in new.fields
        if field.name not in new.declared
        and field.name not in known.values()
        and not any(trees.new.nodes[b].field(field.name) is not None for _, b in stayed)
    ]
    return less, more


def place_key(tree: Tree, place: Place, key: str) -> str:
    """How a command line names a key: by its group where an option is chosen."""
    group = _group(tree, place) if place.is_chosen else ""
    return command_key(group, key) if group else key


def field_keys(trees: Trees, old: Node, name: str, becomes: str) -> tuple[Gone, ...]:
    """The keys of a field that are gone, wherever the class, or one that inherits it, can be chosen.

    `becomes` is what the field is called now, empty where it is called nothing.
    """
    found = set()
    for node in trees.old.nodes.values():
        other = trees.new.nodes.get(trees.matching.nodes.get(node.key, ""))
        field = node.field(name) if old.key in node.lineage else None
        if field is None or other is None or other.field(name) is not None:
            continue
        if node.option is None or node.is_experiment:
            continue
        now = other.field(becomes)
        packages = trees.old_packages.get(node.group, ()) if node.group else ("",)
        for prefix in (f"{package}." if package else "" for package in packages):
            instead = _field_key(trees.new, now, prefix) if now is not None else ""
            found.add(Gone(_field_key(trees.old, field, prefix), instead))
    return tuple(sorted(found, key=lambda gone: (gone.key, gone.instead)))


def _field_key(tree: Tree, field: Field, prefix: str) -> str:
    place = Place("", field, field.type, effective(tree, field), is_key=False)
    return place_key(tree, place, prefix + field.name)


def called(node: Node) -> str:
    """How a command line names a node; the class where it can't."""
    if node.option is None:
        return node.name
    if not node.group:
        return f"--config-name {node.option}"
    return f"{'+' if node.is_experiment else ''}{node.group}={node.option}"
