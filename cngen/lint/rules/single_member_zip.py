"""CN506."""

from collections.abc import Iterator, Sequence

from cngen.compose.experiments import experiments
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId, Severity, did_you_mean
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Unreadable


class SingleMemberZip(Rule):
    """A sweep has a `zip` name that no other sweep has.

    ## What it does
    Looks for another sweep with the same `zip` name, in the experiment itself and in those that inherit the
    sweep.

    ## Why is it bad
    The sweep multiplies the jobs as if it had no name. Mostly the name is misspelled in one of two sweeps: nine
    jobs run where three were meant.

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
        lr = sweep(0.1, 0.2, 0.3, zip="pairs")
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

    id = RuleId("CN506", "single-member-zip", Severity.WARNING)
    former_names = ("lonely-zip",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep whose `zip` name nothing else has, also in the experiments that inherit it."""
        zipped = [e for e in experiments(tree).values() if any(a.zip for a in e.all_axes)]
        for experiment in zipped:
            names = [axis.zip for axis in experiment.all_axes if axis.zip]
            for axis in experiment.all_axes:
                is_own = axis.zip and axis.values and axis.owner == experiment.node.key
                is_known = not any(
                    isinstance(value, Unreadable) for _, value in experiment.node.written
                )
                if (
                    is_own
                    and is_known
                    and not any(_has_company(axis, other.all_axes) for other in zipped)
                ):
                    others = [name for name in names if name != axis.zip]
                    message = f"no other sweep is zipped as `{axis.zip}`"
                    hint = (
                        did_you_mean(axis.zip, others)
                        or "give the other sweep the same `zip`, or remove it"
                    )
                    yield self.found(axis.swept.span, message, hint)


def _has_company(axis: Axis, axes: Sequence[Axis]) -> bool:
    return axis in axes and sum(other.zip == axis.zip for other in axes) > 1
