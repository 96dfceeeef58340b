"""CN505."""

from collections.abc import Iterator

from cngen.compose.experiments import experiments
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Interval


class ZipLengthMismatch(Rule):
    """Sweeps that advance together have different numbers of values.

    ## What it does
    Compares the sweeps that share a `zip` name in an experiment, with those that it inherits.

    ## Why is it bad
    Job n takes the n-th value of each of them. The values beyond the shortest sweep would be dropped.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/pairs.py
    from cngen import sweep
    from cn.run import Run

    class Pairs(Run):
        seed = sweep(1, 2, 3, zip="pair")
        lr = sweep(0.1, 0.2, zip="pair")
    ```

    ## Use instead
    ```python
    # cn/exp/pairs.py
    from cngen import sweep
    from cn.run import Run

    class Pairs(Run):
        seed = sweep(1, 2, 3, zip="pair")
        lr = sweep(0.1, 0.2, 0.3, zip="pair")
    ```
    """

    id = RuleId("CN505", "zip-length-mismatch")
    former_names = ("zip-length",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep of a zip against the first one."""
        for experiment in experiments(tree).values():
            first: dict[str, Axis] = {}
            for axis in experiment.all_axes:
                if not axis.zip or isinstance(axis.swept, Interval):
                    continue
                other = first.setdefault(axis.zip, axis)
                wanted, count = len(other.values), len(axis.values)
                if count != wanted:
                    theirs = (
                        f"`{'.'.join(other.path)}`, zipped with it as `{axis.zip}`, has {wanted}"
                    )
                    message = f"`{'.'.join(axis.path)}` has {count} values, but {theirs}"
                    yield self.found(
                        axis.swept.span, message, "give both the same number of values"
                    )
