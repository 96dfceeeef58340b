"""Two checked trees -> all that a change does to the configuration: declared, composed and broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cngen.causes import Causes
from cngen.changes import Change, Comparison, Composed, Effect, Gone, Impact, Jobs, Location, worst
from cngen.composed import UNSET, configs
from cngen.declarations import Declared, Trees
from cngen.diagnostic import Span
from cngen.effects import Comparer, Difference, JobCount, job_counts
from cngen.enum_changes import enum_changes
from cngen.field_changes import field_changes
from cngen.group_changes import group_changes
from cngen.model import Tree
from cngen.names import File
from cngen.node_changes import node_changes
from cngen.source import line_starts, position


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two trees: what it is called, its files, and those of them that have errors."""

    name: str
    tree: Tree
    files: tuple[File, ...]
    broken: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


_Found: TypeAlias = tuple[list[Difference], list[JobCount]]
"""What follows from one cause."""


def compare(base: Side, head: Side) -> Comparison:
    """Compare two trees; what lies in broken files of either, or needs them, is left out and noted."""
    unknown = _unknown(base.tree, head.tree, base.broken | head.broken)
    trees = Trees.of(base.tree, head.tree, unknown)
    declared = (
        *group_changes(trees),
        *enum_changes(trees),
        *node_changes(trees),
        *field_changes(trees),
    )
    causes = Causes(trees, declared)
    comparer = Comparer(trees, causes)
    found: dict[Declared, _Found] = {cause: ([], []) for cause in declared}
    for difference in comparer.differences():
        found.setdefault(difference.cause, ([], []))[0].append(difference)
    for jobs in job_counts(trees, causes):
        found.setdefault(jobs.cause, ([], []))[1].append(jobs)
    places = (_Places(base.files), _Places(head.files))
    changes = [_change(cause, places, *follows) for cause, follows in found.items()]
    names = sorted({*configs(base.tree), *configs(head.tree)})
    return Comparison(
        base.name,
        head.name,
        tuple(sorted(changes, key=_order)),
        tuple(names),
        (*base.notes, *head.notes, *_partly(comparer.partly)),
    )


def _unknown(old: Tree, new: Tree, broken: frozenset[str]) -> frozenset[str]:
    """The nodes in broken files, and those that inherit from one."""
    nodes = (*old.nodes.values(), *new.nodes.values())
    found = {node.key for node in nodes if node.span.file in broken}
    return (
        frozenset(found | {n.key for n in nodes if found & set(n.lineage)})
        if found
        else frozenset()
    )


def _partly(names: Iterable[str]) -> tuple[str, ...]:
    shown = ", ".join(f"`{name}`" for name in sorted(names))
    return (f"what comes from classes with errors isn't compared in {shown}",) if shown else ()


class _Places:
    """Lines and columns in the texts of one tree."""

    def __init__(self, files: Sequence[File]) -> None:
        self._texts = {file.source.path: file.text for file in files}
        self._starts: dict[str, tuple[int, ...]] = {}

    def of(self, span: Span) -> tuple[int, int]:
        if span.file not in self._starts:
            self._starts[span.file] = line_starts(self._texts.get(span.file, ""))
        return position(self._starts[span.file], span.start)


def _change(
    cause: Declared,
    places: tuple[_Places, _Places],
    differences: Sequence[Difference],
    jobs: Sequence[JobCount],
) -> Change:
    line, column = places[not cause.is_old].of(cause.span)
    gone = _outermost(
        {*cause.gone, *(d.gone for d in differences if d.gone is not None and d.gone.key)}
    )
    is_breaking = any(d.gone is not None for d in differences)
    is_other = bool(jobs) or any(_is_other(cause, d) for d in differences)
    impacts = (
        cause.impact,
        Impact.BREAKING if is_breaking else Impact.BEHAVIOUR if is_other else Impact.SAFE,
    )
    return Change(
        kind=cause.kind,
        subject=cause.subject,
        message=cause.message,
        old=cause.old,
        new=cause.new,
        impact=worst(impacts),
        location=Location(cause.span.file, line, column, cause.is_old),
        gone=gone,
        effects=_effects(differences),
        jobs=tuple(
            sorted((Jobs(j.config, j.old, j.new) for j in set(jobs)), key=lambda j: j.config)
        ),
    )


def _is_other(cause: Declared, difference: Difference) -> bool:
    """Whether a key that was there has another value, or a type on which its cause has nothing to say."""
    old, new = difference.old, difference.new
    if old is None or new is None:
        return False
    if old.value == new.value:
        return cause.kind != "type-changed"
    return old.value != UNSET


def _outermost(found: Iterable[Gone]) -> tuple[Gone, ...]:
    """What is gone, by key; the same with another key to say instead counts once."""
    best: dict[str, Gone] = {}
    for gone in sorted(found, key=lambda g: (g.key, not g.instead, g.instead)):
        best.setdefault(gone.key, gone)
    return tuple(best.values())


def _effects(differences: Iterable[Difference]) -> tuple[Effect, ...]:
    """Each key with its values before and after, and all configs in which they are these."""
    found: dict[tuple[str, Composed | None, Composed | None], list[str]] = {}
    for d in differences:
        found.setdefault((d.key, d.old, d.new), []).append(d.config)
    effects = (
        Effect(key, old, new, tuple(sorted(names))) for (key, old, new), names in found.items()
    )
    return tuple(sorted(effects, key=lambda e: (e.key.split("."), e.configs)))


def _order(change: Change) -> tuple[object, ...]:
    place = change.location
    where = (place.path, place.line, place.column) if place is not None else ("", 0, 0)
    return (list(Impact).index(change.impact), *where, change.kind, change.subject, change.message)
