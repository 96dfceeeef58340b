"""CN517."""

from collections.abc import Iterator

from cngen.compose.engines import engine_of
from cngen.compose.experiments import experiments
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Engine, Node, Tree


class InvalidExperimentBody(Rule):
    """An experiment has methods or class variables, or a class that sweeps has a defaults list written by hand.

    ## What it does
    Checks the bodies of experiments, and the defaults lists of classes that sweep or set how jobs are run.

    ## Why is it bad
    Only the differences in an experiment's fields are stored: its jobs would not have the methods. The list of a
    class that sweeps needs entries that cngen writes, so a list written by hand can't be kept.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/fast.py
    from cn.run import Run

    class Fast(Run):
        lr = 1.0

        def steps(self) -> float:
            return 1 / self.lr
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1

        def steps(self) -> float:
            return 1 / self.lr
    # cn/exp/fast.py
    from cn.run import Run

    class Fast(Run):
        lr = 1.0
    ```
    """

    id = RuleId("CN517", "invalid-experiment-body")
    former_names = ("experiment-body",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment's own body, and the lists of primary configs."""
        for node in tree.nodes.values():
            if node.defaults is not None and (node.is_experiment or _says_more(tree, node)):
                message = f"`{node.name}` has a defaults list written by hand, to which cngen has to add entries"
                hint = "remove the list: cngen writes it from the fields"
                yield self.found(node.defaults.span, message, hint)
            if node.is_experiment:
                yield from self._mixins(tree, node)
            if node.is_experiment and node.behaviour is not None and node.behaviour.is_own:
                primary = tree.nodes[node.primary]
                what = "methods or class variables, which are not stored"
                message = f"the experiment `{node.name}` has {what}"
                yield self.found(node.span, message, f"define them in `{primary.name}`")

    def _mixins(self, tree: Tree, node: Node) -> Iterator[Diagnostic]:
        """Bases that are neither the primary config nor experiments over it: their fields aren't stored."""
        primary = tree.nodes[node.primary]
        for key in node.bases:
            base = tree.nodes[key]
            lost = [field.name for field in base.fields if field.name not in node.declared]
            if not base.primary and base.key not in primary.lineage and lost:
                names = ", ".join(f"`{name}`" for name in lost)
                message = f"`{base.name}` sets {names}, which isn't stored: it is not an experiment"
                yield self.found(node.span, message, f"make it inherit from `{primary.name}`")


def _says_more(tree: Tree, node: Node) -> bool:
    """Whether a primary config sweeps, or sets how its jobs are run."""
    sweeps = node.primary and experiments(tree)[node.key].all_axes
    return bool(sweeps) or (not node.group and engine_of(tree, node) != Engine())
