"""Two trees side by side, and the declared changes between them, before anything is composed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from cngen.compose.configs import composed, configs, places
from cngen.compose.places import Place
from cngen.diagnostics import Span
from cngen.diff.changes import Gone, Impact
from cngen.diff.matching import Matching
from cngen.diff.pairing import match
from cngen.model.tree import Node, Tree, per_tree


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

    def now(self, key: str) -> Node | None:
        """What an old node is in the new tree, None if it is gone."""
        return self.new.nodes.get(self.matching.nodes.get(key, ""))

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


@per_tree
def primary_places(tree: Tree) -> tuple[tuple[str, Place], ...]:
    """Everything in the primary configs of a tree, by its key."""
    return tuple(
        found
        for node in configs(tree).values()
        if not node.group
        for found in places(tree, composed(tree, node))
    )


def in_root(tree: Tree, path: str) -> str:
    """A path from the root folder on, where it leads into one."""
    roots = sorted((root for root in tree.settings.roots if path.startswith(f"{root}/")), key=len)
    return path[len(roots[-1]) + 1 :] if roots else path


def chosen_now(trees: Trees, old: Node, group: str, option: str) -> Node | None:
    """What an option that chose a class of the old tree chooses now, if that is another class."""
    now = trees.new.options(group).get(option)
    return now if now is not None and now.key != trees.matching.nodes.get(old.key) else None


def inherited_changes(trees: Trees, old: Node, new: Node) -> tuple[list[str], list[str]]:
    """The fields that a class lost, and those that it gained, only because its bases changed."""
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


def called(node: Node) -> str:
    """How a command line names a node; the class where it can't."""
    return called_as(node, node.group, node.option) if node.option is not None else node.name


def called_as(node: Node, group: str, option: str) -> str:
    """How a command line names a node by an option of its own or an alias."""
    if not group:
        return f"--config-name {option}"
    return f"{'+' if node.is_experiment else ''}{group}={option}"
