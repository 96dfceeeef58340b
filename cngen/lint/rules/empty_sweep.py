"""CN507."""

from collections.abc import Iterator

from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Interval, Points


class EmptySweep(Rule):
    """A sweep has no values.

    ## What it does
    Checks every `sweep(...)` and `points(...)`.

    ## Why is it bad
    No job would run, however many values the other sweeps have.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep()
    ```

    ## Use instead
    ```python
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep(1, 2)
    ```
    """

    id = RuleId("CN507", "empty-sweep")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep and every `points`."""
        for written in written_steps(tree):
            axis = written.step
            if isinstance(axis, Axis) and not isinstance(axis.swept, Interval) and not axis.values:
                word = "points" if isinstance(axis.swept, Points) else "sweep"
                message = f"`{'.'.join(axis.path)}` has no values"
                yield self.found(
                    axis.swept.span, message, f"give `{word}` at least one value, or remove it"
                )
