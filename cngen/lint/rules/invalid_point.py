"""CN510."""

from collections.abc import Iterator

from cngen.compose.experiments import experiments
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Engine, Node, Tree
from cngen.model.values import Instance, Points, Table, Value

_EARLY = frozenset({"hydra_logging", "launcher", "mode", "sweep", "sweeper"})


class InvalidPoint(Rule):
    """`points` names an experiment that sets how jobs are run, or a class that isn't an experiment.

    ## What it does
    Checks what `points` names: it must be experiments that can be started, over the same primary config, other
    than the sweeping experiment and its bases, without a launcher, a sweeper or sweeps of their own.

    ## Why is it bad
    Hydra chooses launcher and sweeper once, before it looks at the first job. What a swept experiment sets for
    them comes too late, and so do its sweeps.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/sizes.py
    from cngen import points
    from cn.run import Run

    class Small(Run, launcher="joblib"):
        lr = 0.01

    class Sizes(Run):
        size = points(Small)
    ```

    ## Use instead
    ```python
    # cn/exp/sizes.py
    from cngen import points
    from cn.run import Run

    class Small(Run):
        lr = 0.01

    class Sizes(Run, launcher="joblib"):
        size = points(Small)
    ```
    """

    id = RuleId("CN510", "invalid-point")
    former_names = ("swept-engine",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment that is swept over."""
        for written in written_steps(tree):
            axis = written.step
            if isinstance(axis, Axis) and isinstance(axis.swept, Points):
                for value in axis.values:
                    yield from self._experiment(tree, written.node, value)

    def _experiment(self, tree: Tree, node: Node, value: Value) -> Iterator[Diagnostic]:
        other = tree.nodes.get(value.node) if isinstance(value, Instance) else None
        primary = tree.nodes[node.primary]
        if other is node:
            yield self.found(
                value.span, f"`{node.name}` sweeps over itself", "name other experiments"
            )
            return
        if other is not None and other.is_experiment and other.option is None:
            message = f"`{other.name}` is abstract, so no job can run it"
            yield self.found(value.span, message, "name an experiment that inherits from it")
            return
        if other is None or not other.is_experiment:
            message = "`points` takes experiments, but this is not one"
            yield self.found(
                value.span,
                message,
                "name classes in a config group that inherit from a primary config",
            )
            return
        if other.primary not in (primary.key, *primary.lineage):
            theirs = tree.nodes[other.primary].name
            message = f"`{other.name}` is an experiment over `{theirs}`, not over `{primary.name}`"
            yield self.found(value.span, message)
        if other.key in node.lineage:
            message = f"`{node.name}` inherits from `{other.name}` and sweeps over it"
            yield self.found(value.span, message, f"inherit from `{primary.name}`")
        own = [tree.nodes[key] for key in other.lineage if key not in node.lineage]
        if any(_comes_too_late(n.engine) for n in own):
            what = "a launcher, a sweeper or their settings"
            message = f"`{other.name}` sets {what}, which comes too late here"
            yield self.found(value.span, message, f"set it in `{node.name}`")
        if experiments(tree)[other.key].all_axes:
            message = f"`{other.name}` contains sweeps, which come too late here"
            yield self.found(value.span, message, f"write the sweeps in `{node.name}`")


def _comes_too_late(engine: Engine) -> bool:
    """Whether settings are those that Hydra reads before the first job; `hydra.job` is each job's own."""
    settings = engine.settings
    keys = (
        {getattr(k, "value", "") for k, _ in settings.items}
        if isinstance(settings, Table)
        else set()
    )
    return bool(engine.launcher or engine.sweeper or keys & _EARLY)
