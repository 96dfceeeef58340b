"""CN509."""

from collections.abc import Iterator

from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import sweeps_in, written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Sweep


class NestedSweep(Rule):
    """A sweep is inside a value of another sweep.

    ## What it does
    Looks for a `sweep` or an `interval` in the values of each sweep.

    ## Why is it bad
    The inner sweep would have to run for only some points of the outer one, but Hydra multiplies sweeps.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN, abstract=True):
        lr: float = 0.1

    class Adam(Optimizer):
        beta: float = 0.9

    class SGD(Optimizer):
        momentum: float = 0.9
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam, Optimizer

    class Run(CN):
        optimizer: Optimizer = Adam()
    # cn/exp/rates.py
    from cngen import sweep
    from cn.optimizer.base import SGD, Adam
    from cn.run import Run

    class Rates(Run):
        optimizer = sweep(SGD(), Adam(beta=sweep(0.8, 0.95)))
    ```

    ## Use instead
    ```python
    # cn/exp/rates.py
    from cngen import sweep
    from cn.optimizer.base import SGD, Adam
    from cn.run import Run

    class Rates(Run):
        optimizer = sweep(SGD(), Adam(beta=0.8), Adam(beta=0.95))
    ```
    """

    id = RuleId("CN509", "nested-sweep")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep or interval below a sweep."""
        for written in written_steps(tree):
            if isinstance(written.step, Axis) and isinstance(written.step.swept, Sweep):
                for value in written.step.values:
                    for inner in sweeps_in(value):
                        hint = "write each combination as a separate value"
                        yield self.found(inner.span, "this sweep is inside another sweep", hint)
