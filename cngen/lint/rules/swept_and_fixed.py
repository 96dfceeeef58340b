"""CN503."""

from collections.abc import Iterator
from itertools import product

from cngen import codes
from cngen.compose.experiments import Axis, Change, Experiment, Path, experiments, is_within
from cngen.diagnostics import Diagnostic
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Points, Scalar, Table, Value


class SweptAndFixed(Rule):
    """A field is swept, and set or swept a second time.

    ## What it does
    Compares the sweeps of each experiment with what it sets, what it inherits, what the experiments
    that it sweeps over set, and with `hydra.sweeper.params` written by hand.

    ## Why is it bad
    Only one of the two can win, and which one depends on the order in which Hydra merges. A sweep
    that loses runs the same job several times.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/seeds.py
    from cngen import points, sweep
    from cn.run import Run

    class Small(Run):
        seed = 1

    class Seeds(Run):
        seed = sweep(1, 2)
        size = points(Small)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/seeds.py
    from cngen import points, sweep
    from cn.run import Run

    class Small(Run):
        lr = 0.01

    class Seeds(Run):
        seed = sweep(1, 2)
        size = points(Small)
    ```
    """

    id = codes.SWEPT_AND_FIXED

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment, with what it inherits and the experiments that it sweeps over."""
        for node in tree.nodes.values():
            yield from self._parameters(node)
        for experiment in experiments(tree).values():
            own = [*experiment.axes] if experiment.base is None else [*experiment.all_axes]
            fields = [a for a in own if not isinstance(a.swept, Points)]
            for axis in fields:
                others: list[Change | Axis] = [*experiment.all_changes, *fields]
                for other in others:
                    yield from self._beside(tree, axis, other)
            for axis in experiment.all_axes:
                if isinstance(axis.swept, Points):
                    for value in axis.values:
                        yield from self._stacked(tree, experiment, fields, value)
            yield from self._twice(tree, experiment)
            yield from self._stored_whole(tree, experiment)

    def _stored_whole(self, tree: Tree, experiment: Experiment) -> Iterator[Diagnostic]:
        """What an experiment says of a place that its primary config sweeps: nothing takes that away."""
        primary = experiments(tree).get(experiment.primary.key)
        if primary is None or not experiment.node.is_experiment:
            return
        own: list[Change | Axis] = [*experiment.changes, *experiment.axes]
        for axis in primary.all_axes:
            for ours in own:
                is_same_zip = isinstance(ours, Axis) and ours.zip and ours.zip == axis.zip
                if is_same_zip or _overlap(ours.path, axis.path):
                    span = ours.swept.span if isinstance(ours, Axis) else ours.value.span
                    message = (
                        f"`{_text(axis.path)}` is swept in the primary config `{primary.node.name}`"
                    )
                    hint = f"inherit from `{_unswept(tree, primary.node).name}` instead"
                    yield self.found(span, message, hint)

    def _beside(self, tree: Tree, axis: Axis, other: Change | Axis) -> Iterator[Diagnostic]:
        """What lies below the place of a sweep, unless it was there before a patch that is swept."""
        is_before = other.owner in tree.nodes[axis.owner].lineage[1:]
        is_kept = is_before and isinstance(other, Change)
        if other.path != axis.path and is_within(other.path, axis.path) and not is_kept:
            span = other.swept.span if isinstance(other, Axis) else other.value.span
            said = "swept" if isinstance(other, Axis) else "set"
            outer = f"`{_text(axis.path)}` is swept in `{tree.nodes[axis.owner].name}`"
            yield self.found(
                span,
                f"`{_text(other.path)}` is {said} here, but {outer}",
                "set it in each value of the sweep",
            )

    def _stacked(
        self, tree: Tree, experiment: Experiment, fields: list[Axis], value: Value
    ) -> Iterator[Diagnostic]:
        """An experiment that is swept over, against what the sweeping one says itself."""
        other = experiments(tree).get(value.node) if isinstance(value, Instance) else None
        if other is None:
            return
        lineage = experiment.node.lineage
        said_here: list[Change | Axis] = [*experiment.all_changes, *fields]
        for theirs in other.all_changes:
            for ours in said_here:
                is_shared = ours.owner in other.node.lineage
                if theirs.owner in lineage:  # a common base: it comes again with each point
                    is_shared |= not _comes_over(theirs, ours)
                if not is_shared and _overlap(theirs.path, ours.path):
                    said = "swept" if isinstance(ours, Axis) else "fixed"
                    where = f"{said} in `{tree.nodes[ours.owner].name}`"
                    message = f"`{other.node.name}` sets `{_text(theirs.path)}`, which is {where}"
                    yield self.found(value.span, message, "set it in only one of the two")
                    return

    def _twice(self, tree: Tree, experiment: Experiment) -> Iterator[Diagnostic]:
        """Two sweeps over experiments that set one place: each job has just one of them."""
        points = [axis for axis in experiment.axes if isinstance(axis.swept, Points)]
        for number, axis in enumerate(points):
            for other in points[:number]:
                for value, before in product(axis.values, other.values):
                    path = _shared(tree, value, before)
                    if path is not None:
                        names = f"`{_text(other.path)}` and `{_text(axis.path)}`"
                        message = f"{names} both sweep over experiments that set `{_text(path)}`"
                        yield self.found(value.span, message, "set it in only one of the two")
                        return

    def _parameters(self, node: Node) -> Iterator[Diagnostic]:
        """Keys of `hydra.sweeper.params` that are written by hand."""
        for key in _params(node):
            message = f"`{key.value!s}` is swept in `hydra`, where cngen can't check or count it"
            yield self.found(
                key.span, message, "remove it here, and write `sweep(...)` for the field"
            )


def _comes_over(theirs: Change, ours: Change | Axis) -> bool:
    """Whether what is said again replaces what was said later; a choice leaves values below it."""
    return is_within(theirs.path, ours.path) or isinstance(theirs.value, Table)


def _shared(tree: Tree, one: Value, other: Value) -> Path | None:
    """A place that two experiments set."""
    known = experiments(tree)
    found = [known.get(v.node) if isinstance(v, Instance) else None for v in (one, other)]
    sets = [e.all_changes if e is not None else () for e in found]
    pairs = product(*sets)
    return next((a.path for a, b in pairs if a is not b and _overlap(a.path, b.path)), None)


def _unswept(tree: Tree, node: Node) -> Node:
    """The nearest primary config below one that sweeps which doesn't."""
    known = experiments(tree)
    while node.key in known and known[node.key].all_axes:
        node = tree.nodes[node.primary]
    return node


def _params(node: Node) -> Iterator[Scalar]:
    value = node.engine.settings
    for name in ("sweeper", "params"):
        value = value.get(name) if isinstance(value, Table) else None
    for key, _ in value.items if isinstance(value, Table) else ():
        if isinstance(key, Scalar):
            yield key


def _overlap(one: Path, other: Path) -> bool:
    return is_within(one, other) or is_within(other, one)


def _text(path: Path) -> str:
    return ".".join(path)
