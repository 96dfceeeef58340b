"""CN525."""

from collections.abc import Iterator
from itertools import product

from cngen.compose.experiments import Experiment, experiments
from cngen.compose.places import Change, Path, is_within, overlap
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Instance, Points, Table, Value


class ConflictingPoint(Rule):
    """An experiment that is swept over sets a field that something else in the sweep sets too.

    ## What it does
    Compares what each experiment in `points(...)` sets with what the sweeping experiment sets and sweeps, and
    with the experiments of its other `points(...)`.

    ## Why is it bad
    Only one of the two values counts, and which one depends on the order in which Hydra merges. The same job
    may run several times.

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

    id = RuleId("CN525", "conflicting-point")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment that sweeps over others."""
        for experiment in experiments(tree).values():
            fields = [axis for axis in experiment.own_axes if not isinstance(axis.swept, Points)]
            for axis in experiment.all_axes:
                if isinstance(axis.swept, Points):
                    for value in axis.values:
                        yield from self._stacked(tree, experiment, fields, value)
            yield from self._twice(tree, experiment)

    def _stacked(
        self, tree: Tree, experiment: Experiment, fields: list[Axis], value: Value
    ) -> Iterator[Diagnostic]:
        """An experiment that is swept over, against what the sweeping experiment sets."""
        other = experiments(tree).get(value.node) if isinstance(value, Instance) else None
        if other is None:
            return
        lineage = experiment.node.lineage
        set_here: list[Change | Axis] = [*experiment.all_changes, *fields]
        for theirs in other.all_changes:
            for ours in set_here:
                is_shared = ours.owner in other.node.lineage
                if theirs.owner in lineage:  # a common base: it comes again with each point
                    is_shared |= not _comes_over(theirs, ours)
                is_shared |= _is_chosen_below(tree, theirs, ours)
                if not is_shared and overlap(theirs.path, ours.path):
                    verb = "swept" if isinstance(ours, Axis) else "fixed"
                    where = f"{verb} in `{tree.nodes[ours.owner].name}`"
                    message = (
                        f"`{other.node.name}` sets `{'.'.join(theirs.path)}`, which is {where}"
                    )
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
                        names = f"`{'.'.join(other.path)}` and `{'.'.join(axis.path)}`"
                        message = f"{names} both sweep over experiments that set `{'.'.join(path)}`"
                        yield self.found(value.span, message, "set it in only one of the two")
                        return


def _comes_over(theirs: Change, ours: Change | Axis) -> bool:
    """Whether a value that is set again replaces a later one; a choice leaves values below it."""
    return is_within(theirs.path, ours.path) or isinstance(theirs.value, Table)


def _is_chosen_below(tree: Tree, theirs: Change, ours: Change | Axis) -> bool:
    """Whether a point only chooses the node in which a value is set here: that stays, whatever is chosen."""
    node, length = theirs.value, len(theirs.path)
    if not isinstance(node, Instance) or not isinstance(ours, Change):
        return False
    if len(ours.path) <= length or not is_within(ours.path, theirs.path):
        return False
    name = ours.path[length]
    return node.get(name) is None and tree.nodes[node.node].field(name) is not None


def _shared(tree: Tree, one: Value, other: Value) -> Path | None:
    """A place that two experiments set."""
    known = experiments(tree)
    found = [known.get(v.node) if isinstance(v, Instance) else None for v in (one, other)]
    sets = [e.all_changes if e is not None else () for e in found]
    pairs = product(*sets)
    return next((a.path for a, b in pairs if a is not b and overlap(a.path, b.path)), None)
