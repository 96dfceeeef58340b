"""CN512."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.experiments import engine_of, experiments
from cngen.model import Tree
from cngen.rules.base import Rule
from cngen.sweeps import axis_count


class TooManyJobs(Rule):
    """An experiment makes more jobs than `max-jobs` in [tool.cngen] allows (1000 unless told)."""

    code = "CN512"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment that isn't searched."""
        limit = tree.settings.max_jobs
        for experiment in experiments(tree).values():
            node = experiment.node
            count = axis_count(experiment.all_axes)
            searches = engine_of(tree, node).sweeper not in ("", "basic")
            is_told = not experiment.axes and experiment.base is not None  # of the base
            if node.option is not None and not searches and count > limit and not is_told:
                message = f"`{node.name}` makes {count} jobs, more than {limit}"
                hint = "zip sweeps that belong together, search with a sweeper, or raise `max-jobs`"
                yield self.found(node.span, message, hint)
