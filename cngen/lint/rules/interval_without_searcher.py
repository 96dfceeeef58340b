"""CN514."""

from collections.abc import Iterator

from cngen.compose.engines import engine_of
from cngen.compose.experiments import experiments
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Interval


class IntervalWithoutSearcher(Rule):
    """An interval is in an experiment whose sweeper doesn't search.

    ## What it does
    Checks every interval of every experiment that can be started, including inherited ones.

    ## Why is it bad
    Hydra's own sweeper runs only lists of values, and refuses an interval when it starts.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/search.py
    from cngen import interval
    from cn.run import Run

    class Search(Run):
        lr = interval(0.001, 0.1)
    ```

    ## Use instead
    ```python
    # cn/exp/search.py
    from cngen import interval
    from cn.run import Run

    class Search(Run, sweeper="optuna"):
        lr = interval(0.001, 0.1)
    ```
    """

    id = RuleId("CN514", "interval-without-searcher")
    former_names = ("unsearched-interval",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every interval of every experiment that can be started."""
        for experiment in experiments(tree).values():
            node = experiment.node
            if node.option is None or engine_of(tree, node).searches:
                continue
            for axis in experiment.all_axes:
                is_own = axis.owner == node.key or bool(node.engine.sweeper)
                if isinstance(axis.swept, Interval) and (
                    is_own or not _can_start(tree, axis.owner)
                ):
                    message = f"the sweeper of `{node.name}` can't search the interval of `{'.'.join(axis.path)}`"
                    hint = f'write `class {node.name}(..., sweeper="optuna")`, or `sweep(...)` over values'
                    yield self.found(axis.swept.span, message, hint)


def _can_start(tree: Tree, owner: str) -> bool:
    """Whether the class that writes an interval is reported itself."""
    return tree.nodes[owner].option is not None
