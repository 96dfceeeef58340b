"""CN310."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class UninheritedDefaultsList(Rule):
    """A subclass doesn't inherit the defaults list that is written by hand in its base.

    ## What it does
    Reports subclasses of a node with such a list that don't write a list themselves. Experiments are not
    reported.

    ## Why is it bad
    Defaults lists are not inherited in Hydra. The list of the subclass is made from its fields, and choices that
    are only in the base's list are lost.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer
        defaults = ["_self_", {"optimizer": "base"}]

    class Long(Run):
        steps: int = 1000
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer

    class Long(Run):
        steps: int = 1000
    ```
    """

    id = RuleId("CN310", "uninherited-defaults-list", Severity.WARNING)
    former_names = ("list-left-behind",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such node, against the nearest base that has a list."""
        for node in tree.nodes.values():
            if node.is_experiment or node.defaults is not None:
                continue
            bases = (tree.nodes[key] for key in node.lineage[1:])
            base = next((base for base in bases if base.defaults is not None), None)
            if base is not None:
                message = f"`{node.name}` doesn't inherit the defaults list of `{base.name}`"
                yield self.found(node.span, message, "repeat the list, or set fields instead")
