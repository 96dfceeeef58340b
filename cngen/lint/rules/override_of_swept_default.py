"""CN524."""

from collections.abc import Iterator

from cngen.compose.experiments import Experiment, experiments
from cngen.compose.places import Change, overlap
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree


class OverrideOfSweptDefault(Rule):
    """An experiment sets or sweeps a field that its primary config sweeps.

    ## What it does
    Compares what each experiment sets and sweeps with the sweeps of the primary config that it inherits from.

    ## Why is it bad
    A primary config is stored whole, with its sweeps, and nothing that is stacked removes a sweep: the jobs
    would use the values of the primary config.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/daily.py
    from cngen import sweep
    from cn.run import Run

    class Daily(Run):
        seed = sweep(1, 2)
    # cn/exp/fixed.py
    from cn.daily import Daily

    class Fixed(Daily):
        seed = 3
    ```

    ## Use instead
    ```python
    # cn/exp/fixed.py
    from cn.run import Run

    class Fixed(Run):
        seed = 3
    ```
    """

    id = RuleId("CN524", "override-of-swept-default")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such value and sweep."""
        for experiment in experiments(tree).values():
            yield from self._overrides(tree, experiment)

    def _overrides(self, tree: Tree, experiment: Experiment) -> Iterator[Diagnostic]:
        """What an experiment sets and sweeps in a place that its primary config sweeps."""
        primary = experiments(tree).get(experiment.primary.key)
        if primary is None or not experiment.node.is_experiment:
            return
        own: list[Change | Axis] = [*experiment.changes, *experiment.axes]
        for axis in primary.all_axes:
            for ours in own:
                is_same_zip = isinstance(ours, Axis) and ours.zip and ours.zip == axis.zip
                if is_same_zip or overlap(ours.path, axis.path):
                    span = ours.swept.span if isinstance(ours, Axis) else ours.value.span
                    message = f"`{'.'.join(axis.path)}` is swept in the primary config `{primary.node.name}`"
                    hint = f"inherit from `{_unswept(tree, primary.node).name}` instead"
                    yield self.found(span, message, hint)


def _unswept(tree: Tree, node: Node) -> Node:
    """The nearest primary config below one that sweeps which doesn't."""
    known = experiments(tree)
    while node.key in known and known[node.key].all_axes:
        node = tree.nodes[node.primary]
    return node
