"""Two checked trees -> all that a change does to the configuration: declared, composed and broken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cngen.compose.configs import Composed, configs
from cngen.diagnostics import Span
from cngen.diff.causes import Causes
from cngen.diff.changes import Change, Comparison, Effect, Impact, Jobs, Location, worst
from cngen.diff.command_lines import sorted_keys
from cngen.diff.declared.enums import enum_changes
from cngen.diff.declared.fields import field_changes
from cngen.diff.declared.groups import group_changes
from cngen.diff.declared.nodes import node_changes
from cngen.diff.declared.values import value_changes
from cngen.diff.effects import Comparer, Difference, JobCount, job_counts
from cngen.diff.partial import Files, Gaps, gaps, supplemented, unknown_nodes
from cngen.diff.trees import Declared, Trees
from cngen.model.printing import UNSET
from cngen.model.tree import Node, Tree
from cngen.project.sources import line_starts, module_name, position
from cngen.reading.names import File


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two trees: what it is called, its files, and those of them that have errors."""

    name: str
    tree: Tree
    files: tuple[File, ...]
    broken: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """Its files, those included that can't be read."""
        return self.broken.union(file.source.path for file in self.files)

    def gaps(self) -> Gaps:
        """What is missing where files can't be parsed."""
        unparsed = self.broken - {file.source.path for file in self.files}
        return gaps(self.files, frozenset(module_name(p, self.tree.settings) for p in unparsed))


_Found: TypeAlias = tuple[list[Difference], list[JobCount]]
"""What follows from one cause."""


def compare(base: Side, head: Side) -> Comparison:
    """Compare two trees; files with errors in either, and what needs them, are left out with a note."""
    trees, astray = _trees(base, head)
    declared = (
        *group_changes(trees),
        *enum_changes(trees),
        *node_changes(trees),
        *field_changes(trees),
        *value_changes(trees),
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
    gone = (name for name, n in configs(base.tree).items() if n.key not in trees.matching.nodes)
    names = sorted({*gone, *configs(head.tree)})
    return Comparison(
        base.name,
        head.name,
        tuple(sorted(changes, key=_order)),
        tuple(names),
        (*base.notes, *head.notes, *_lost(astray, base, head), *_partly(comparer.partly)),
        is_base_partial=bool(base.broken),
        is_head_partial=bool(head.broken),
    )


def _trees(base: Side, head: Side) -> tuple[Trees, tuple[Node, ...]]:
    """Both trees, fit for a comparison whatever errors they have, and the nodes that are astray."""
    old, new, broken = base.tree, head.tree, base.broken | head.broken
    if not broken:
        return Trees.of(old, new), ()
    holes = base.gaps(), head.gaps()
    unknown = unknown_nodes(old, new, broken, holes[0].classes | holes[1].classes)
    astray = _astray(Trees.of(old, new, unknown), base, head)
    unknown = unknown.union(node.key for node in astray)
    new = supplemented(new, old, unknown, Files(head.paths, head.broken), holes[1])
    old = supplemented(old, new, unknown, Files(base.paths, base.broken), holes[0])
    return Trees.of(old, new, unknown), astray


def _astray(trees: Trees, base: Side, head: Side) -> tuple[Node, ...]:
    """The nodes of files that may have moved: the other tree lacks them and has new files with errors."""
    gone = trees.removed if head.broken - base.paths else ()
    new = trees.added if base.broken - head.paths else ()
    return (
        *(node for node in gone if node.span.file not in head.paths),
        *(node for node in new if node.span.file not in base.paths),
    )


def _lost(astray: Iterable[Node], base: Side, head: Side) -> Iterator[str]:
    for path in sorted({node.span.file for node in astray}):
        if path in base.paths:
            name, then, others = base.name, "moved to", head.broken - base.paths
        else:
            name, then, others = head.name, "moved from", base.broken - head.paths
        listed = " or ".join(f"`{other}`" for other in sorted(others))
        yield f"`{path}` of {name} isn't compared: it may have {then} {listed}, which has errors"


def _partly(names: Iterable[str]) -> tuple[str, ...]:
    shown = ", ".join(f"`{name}`" for name in sorted(names))
    return (f"values from classes with errors aren't compared in {shown}",) if shown else ()


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
    lost = {key for d in differences for key in d.gone} | {key for j in jobs for key in j.gone}
    gone = sorted_keys({*cause.gone, *lost})
    is_breaking = any(j.gone for j in jobs) or any(
        d.gone or d.is_open or (d.new is None and not d.is_partial) for d in differences
    )
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
    """Whether a key that was there has another value, or a type that its cause doesn't explain."""
    old, new = difference.old, difference.new
    if old is None or new is None:
        return False
    if old.value == new.value:
        return cause.kind != "type-changed"
    return old.value != UNSET


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
