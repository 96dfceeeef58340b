"""CN304."""

from collections.abc import Iterator

from cngen.compose.defaults import is_composed
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import swept_values, written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Value, instances


class AbstractDefault(Rule):
    """An abstract node is chosen as a default.

    ## What it does
    Checks every node that a defaults list would have to name, including those of sweeps.

    ## Why is it bad
    An abstract node is only a base and isn't stored, so Hydra has no option to load.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN, abstract=True):
        lr: float = 0.1

    class Adam(Optimizer):
        beta: float = 0.9

    class SGD(Optimizer):
        momentum: float = 0.9
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = Optimizer()
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam, Optimizer

    class Run(CN):
        optimizer: Optimizer = Adam()
    ```
    """

    id = RuleId("CN304", "abstract-default")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every instance that a defaults list would have to name."""
        for node, name, _, value in written_values(tree):
            field = node.field(name)
            if field is None or not is_composed(field, value):
                continue
            for instance in instances(value):
                chosen = tree.nodes.get(instance.node)
                if chosen is not None and chosen.option is None:
                    yield self._abstract(f"{node.name}.{name}", chosen, instance)
        for swept in swept_values(tree):
            value = swept.change.value
            chosen = tree.nodes.get(value.node) if isinstance(value, Instance) else None
            is_choice = swept.place is not None and swept.place.is_chosen
            is_reported = swept.number == 1  # a sweep starts from its first value
            if is_choice and chosen is not None and chosen.option is None and not is_reported:
                yield self._abstract(".".join(swept.change.path), chosen, value)

    def _abstract(self, place: str, chosen: Node, value: Value) -> Diagnostic:
        message = f"`{place}` chooses `{chosen.name}`, which is abstract"
        return self.found(value.span, message, "choose a node that inherits from it")
