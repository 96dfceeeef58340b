"""CN407."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cngen.compose.experiments import experiments
from cngen.compose.places import Change, Path, at, is_within, put, state
from cngen.compose.references import resolved, uses
from cngen.compose.steps import Axis, steps, swept_changes
from cngen.compose.wholes import Lost, interpolations, lost_at, place_of
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.hydra.interpolations import Key, references
from cngen.lint.queries.partial_keys import lacking
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Interpolation, Points, Table, Value, every_instance

_MOST_VALUES = 100
"""How many values of a sweep are looked at: each makes a whole config."""


@dataclass(frozen=True, slots=True)
class _Failing:
    """An interpolation of a config that can't be resolved there, at a path, with the key that isn't there."""

    path: Path
    value: Interpolation
    key: Key
    lost: Lost


_Found = Mapping[tuple[Path, str], _Failing]


class RemovedKey(Rule):
    """An experiment removes the key that an interpolation refers to.

    ## What it does
    Every interpolation of an experiment, and of a primary config that derives from another one, is followed in
    the composed config, also with each of its points and swept values. A key that resolves only without the
    experiment is reported where the experiment removes it: with a dict of nodes without the key, another option,
    or None.

    ## Why is it bad
    Hydra composes the config; reading the value fails, in each run of the experiment.

    ## Example
    ```python
    # cn/head/base.py
    from cngen import CN

    class Head(CN):
        dim: int = 1

    # cn/run.py
    from cn.head.base import Head
    from cngen import CN, ref

    class Run(CN):
        heads: dict[str, Head] = {"left": Head(), "right": Head()}
        width: int = ref("heads.left.dim")

    # cn/exp/base.py
    from cn.head.base import Head
    from cn.run import Run

    class RightOnly(Run):
        heads = {"right": Head(dim=2)}
    ```

    ## Use instead
    ```python
    # cn/exp/base.py
    from cn.head.base import Head
    from cn.run import Run
    from cngen import ref

    class RightOnly(Run):
        heads = {"right": Head(dim=2)}
        width = ref("heads.right.dim")
    ```
    """

    id = RuleId("CN407", "removed-key", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every class that inherits from a primary config, against those that it inherits from."""
        if not uses(tree):
            return
        reported = _reported(tree)
        known = {
            node.key: _failing(tree, state(tree, node), reported)
            for node in tree.nodes.values()
            if node.primary or (not node.group and node.option is not None)
        }
        for node in tree.nodes.values():
            if node.primary:
                yield from self._node(tree, node, known, reported)

    def _node(
        self, tree: Tree, node: Node, known: Mapping[str, _Found], reported: frozenset[Span]
    ) -> Iterator[Diagnostic]:
        below = {place for key in node.lineage[1:] for place in known.get(key, ())}
        mine = known[node.key]
        for place, failing in mine.items():
            if place not in below:
                yield self._found(node, failing, _cause(tree, node, failing.lost.path))
        whole, said = state(tree, node), set[tuple[Span, Path, str]]()
        for axis, value, changes in _varied(tree, node):
            job = whole
            for change in changes:
                job = put(tree, job, change) if at(tree, job, change.path) is not None else job
            others = known.get(value.node, {}) if isinstance(value, Instance) else {}
            for place, failing in _failing(tree, job, reported).items():
                is_new = place not in mine and place not in below
                is_others = isinstance(axis.swept, Points) and place in others
                if is_new and not is_others and (value.span, *place) not in said:
                    said.add((value.span, *place))
                    yield self._found(node, failing, value.span)

    def _found(self, node: Node, failing: _Failing, span: Span) -> Diagnostic:
        place, lost = ".".join(failing.path), ".".join(failing.lost.path)
        message = f"`{place}` refers to `{failing.key.text}`, but `{node.name}` removes `{lost}`"
        return self.found(span, message, f"keep `{lost}`, or set `{place}` here as well")


def _reported(tree: Tree) -> frozenset[Span]:
    """The interpolations that other rules report."""
    return frozenset(
        key.use.span
        for key in resolved(tree)
        if key.failing
        or any(lacking(tree, t, partial) for t in key.targets for partial in t.found.partial)
    )


def _failing(tree: Tree, whole: Instance, reported: frozenset[Span]) -> _Found:
    found: dict[tuple[Path, str], _Failing] = {}
    for path, value in interpolations(tree, whole).items():
        for key in references(value.text) if value.span not in reported else ():
            place = place_of(path, key) if isinstance(key, Key) else None
            lost = lost_at(tree, whole, place) if place is not None else None
            if lost is not None and isinstance(key, Key):
                found[path, key.text] = _Failing(path, value, key, lost)
    return found


def _cause(tree: Tree, node: Node, lost: Path) -> Span:
    """What a body writes for a missing place or one around it; else the class itself."""
    own = (step for step in steps(tree, node) if isinstance(step, Change))
    around = [step for step in own if is_within(lost, step.path)]
    return max(around, key=lambda step: len(step.path)).value.span if around else node.span


def _varied(tree: Tree, node: Node) -> Iterator[tuple[Axis, Value, tuple[Change, ...]]]:
    """What each experiment and each value that a body sweeps changes, where that may take something away."""
    whole = state(tree, node)
    for axis in (step for step in steps(tree, node) if isinstance(step, Axis)):
        for value in axis.values[:_MOST_VALUES]:
            if isinstance(axis.swept, Points):
                named = [i.node for i in every_instance(value) if i.node in experiments(tree)]
                changes = tuple(c for key in named[:1] for c in experiments(tree)[key].all_changes)
                yield axis, value, changes
            elif isinstance(value, Instance | Table) or getattr(value, "value", 0) is None:
                place = at(tree, whole, axis.path)
                yield axis, value, tuple(swept_changes(tree, axis, place, value))
