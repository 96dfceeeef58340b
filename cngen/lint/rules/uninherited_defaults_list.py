"""CN310."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class UninheritedDefaultsList(Rule):
    """A node doesn't inherit the defaults list that its base has written by hand.

    ## What it does
    Tells subclasses, experiments excepted, of a node with such a list that have none of their own.

    ## Why is it bad
    Hydra knows no inheritance between defaults lists. That of the subclass is made from its fields, and
    what only the base's list says is gone.

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
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

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
                message = f"`{node.name}` doesn't inherit the list `defaults` of `{base.name}`"
                yield self.found(node.span, message, "repeat the list, or choose by fields")
