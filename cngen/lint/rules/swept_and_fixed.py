"""CN503."""

from collections.abc import Iterator

from cngen import codes
from cngen.compose.experiments import experiments
from cngen.compose.places import Change, is_within
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Points


class SweptAndFixed(Rule):
    """A field is swept, and set or swept a second time.

    ## What it does
    Compares the sweeps of each experiment with what it sets, inherits and sweeps below the same field, and
    finds fields that one class body sets twice and sweeps.

    ## Why is it bad
    Only one of the two can win, and which one depends on the order in which Hydra merges. A sweep that loses
    runs the same job several times.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3
        eps: float = 1e-8
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam()
    # cn/exp/rates.py
    from cngen import patch, sweep
    from cn.optimizer.base import Adam
    from cn.run import Run

    class Rates(Run):
        optimizer = sweep(Adam(lr=0.1), Adam(lr=0.2))

    class Fine(Rates):
        optimizer = patch(eps=1e-6)
    ```

    ## Use instead
    ```python
    # cn/exp/rates.py
    from cngen import sweep
    from cn.optimizer.base import Adam
    from cn.run import Run

    class Rates(Run):
        optimizer = sweep(Adam(lr=0.1), Adam(lr=0.2))

    class Fine(Run):
        optimizer = sweep(Adam(lr=0.1, eps=1e-6), Adam(lr=0.2, eps=1e-6))
    ```
    """

    id = codes.SWEPT_AND_FIXED

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment, with what it inherits."""
        for experiment in experiments(tree).values():
            fields = [axis for axis in experiment.own_axes if not isinstance(axis.swept, Points)]
            for axis in fields:
                others: list[Change | Axis] = [*experiment.all_changes, *fields]
                for other in others:
                    yield from self._beside(tree, axis, other)

    def _beside(self, tree: Tree, axis: Axis, other: Change | Axis) -> Iterator[Diagnostic]:
        """A value below the place of a sweep, unless it was there before a patch that is swept."""
        is_before = other.owner in tree.nodes[axis.owner].lineage[1:]
        is_kept = is_before and isinstance(other, Change)
        if other.path != axis.path and is_within(other.path, axis.path) and not is_kept:
            span = other.swept.span if isinstance(other, Axis) else other.value.span
            verb = "swept" if isinstance(other, Axis) else "set"
            outer = f"`{'.'.join(axis.path)}` is swept in `{tree.nodes[axis.owner].name}`"
            yield self.found(
                span,
                f"`{'.'.join(other.path)}` is {verb} here, but {outer}",
                "set it in each value of the sweep",
            )
