"""CN512."""

from collections.abc import Iterator

from cngen.compose.engines import engine_of
from cngen.compose.experiments import experiments
from cngen.compose.sweeps import axis_count
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class TooManyJobs(Rule):
    """An experiment makes more jobs than `max-jobs` allows.

    ## What it does
    Multiplies the sweeps of each experiment that isn't searched by a sweeper. `max-jobs` in `[tool.cngen]` is
    1000 by default.

    ## Why is it bad
    Sweeps multiply, so one more of ten values makes ten times the jobs. Hydra composes all of them
    before the first one runs.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/grid.py
    from cngen import sweep
    from cn.run import Run

    class Grid(Run):
        seed = sweep(*range(100))
        lr = sweep(*range(1, 101))
    ```

    ## Use instead
    ```python
    # cn/exp/grid.py
    from cngen import sweep
    from cn.run import Run

    class Grid(Run):
        seed = sweep(*range(100), zip="both")
        lr = sweep(*range(1, 101), zip="both")
    ```
    """

    id = RuleId("CN512", "too-many-jobs")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment that isn't searched."""
        limit = tree.settings.max_jobs
        for experiment in experiments(tree).values():
            node = experiment.node
            count = axis_count(experiment.all_axes)
            searches = engine_of(tree, node).searches
            is_reported = not experiment.axes and experiment.base is not None  # of the base
            if node.option is not None and not searches and count > limit and not is_reported:
                message = f"`{node.name}` makes {count} jobs, more than {limit}"
                hint = "zip sweeps that belong together, search with a sweeper, or raise `max-jobs`"
                yield self.found(node.span, message, hint)
