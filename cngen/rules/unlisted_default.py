"""CN308."""

from collections.abc import Iterator
from dataclasses import replace

from cngen.composition import Choice, choices
from cngen.diagnostic import Diagnostic
from cngen.model import Instance, Items, Node, Scalar, Table, Tree, Value
from cngen.rules.base import Rule


class UnlistedDefault(Rule):
    """A defaults list written by hand doesn't choose what a field of the node says.

    ## What it does
    Compares such a list with the node's fields.

    ## Why is it bad
    The list is taken as it stands, so the field's own default would be dropped silently: who reads
    the class believes in another config than the one that runs.

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
        defaults = ["_self_", {"optimizer": "sgd"}]
    ```
    """

    code = "CN308"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field that a hand-written list passes over."""
        for node in tree.nodes.values():
            if node.is_experiment:
                continue
            if isinstance(node.defaults, Items):
                listed = dict(_listed(node.defaults))
                for choice in choices(tree, node):
                    yield from self._compare(tree, node, choice, listed)

    def _compare(
        self, tree: Tree, node: Node, choice: Choice, listed: dict[str, Value]
    ) -> Iterator[Diagnostic]:
        if not isinstance(choice.value, Instance):
            return
        option = tree.nodes[choice.value.node].option
        entry = listed.get(choice.package)
        is_same = isinstance(entry, Scalar) and entry.value == option
        if not is_same or choice.value.arguments:
            message = (
                f"the list `defaults` of `{node.name}` doesn't choose what `{choice.package}` says"
            )
            hint = (
                f"write `{choice.package.partition('.')[0]} = MISSING`, or leave the list to cngen"
            )
            yield self.found(choice.value.span, message, hint)


def _listed(defaults: Items) -> Iterator[tuple[str, Value]]:
    """The packages that a list fills, each with what it chooses there."""
    for item in defaults.items:
        if isinstance(item, Table) and len(item.items) == 1:
            key, value = item.items[0]
            place = str(key.value).split()[-1:] if isinstance(key, Scalar) else []
            for written in place:
                group, _, package = written.partition("@")
                yield package or group.strip("/").replace("/", "."), value
        elif isinstance(item, Scalar) and "@" in str(item.value):
            option, _, package = str(item.value).partition("@")
            yield package, replace(item, value=option.rpartition("/")[2])
