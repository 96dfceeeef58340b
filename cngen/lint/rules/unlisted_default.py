"""CN308."""

from collections.abc import Iterator

from cngen.compose.defaults import Choice, choices
from cngen.compose.listed import Pick, picks
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Items


class UnlistedDefault(Rule):
    """A defaults list written by hand doesn't choose the node that a field is set to.

    ## What it does
    Compares such a list with the node's fields, in whatever form an entry is written. Choices by interpolations
    aren't compared.

    ## Why is it bad
    The list is copied into the store unchanged, so the field's own default would be dropped silently: the class
    would show a different config from the one that runs.

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
    from cn.optimizer.base import SGD, Optimizer

    class Run(CN):
        optimizer: Optimizer = SGD()
        defaults = ["_self_", {"optimizer": "adam"}]
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import SGD, Optimizer

    class Run(CN):
        optimizer: Optimizer = SGD()
        defaults = ["_self_", {"optimizer": "sgd"}]
    ```
    """

    id = RuleId("CN308", "unlisted-default")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field that a hand-written list passes over."""
        for node in tree.nodes.values():
            is_listed = node.option is not None and not node.is_experiment
            if is_listed and isinstance(node.defaults, Items):
                chosen = picks(tree, node)
                for choice in choices(tree, node):
                    yield from self._compare(node, choice, chosen.get(choice.package))

    def _compare(self, node: Node, choice: Choice, pick: Pick | None) -> Iterator[Diagnostic]:
        if not isinstance(choice.value, Instance) or (pick is not None and not pick.is_known):
            return
        is_same = pick is not None and pick.node is not None and pick.node.key == choice.value.node
        if not is_same or choice.value.arguments:
            name = choice.package.partition(".")[0]
            message = (
                f"the defaults list of `{node.name}` doesn't choose the value of `{choice.package}`"
            )
            hint = f"write `{name} = MISSING`, or remove the list: cngen writes one"
            span = choice.value.span
            if name not in node.declared and node.defaults is not None:
                span = node.defaults.span
            yield self.found(span, message, hint)
