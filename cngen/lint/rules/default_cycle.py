"""CN303."""

from collections.abc import Iterator

from cngen.compose.defaults import effective
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Instance, instances


class DefaultCycle(Rule):
    """The defaults of a node contain the node itself.

    ## What it does
    Follows what each node's fields hold by default, and what those nodes hold in turn. Each cycle is reported
    once, at the default that closes it.

    ## Why is it bad
    A `Model()` would hold a `Loss()`, which would hold a `Model()`: such a config never ends, and
    Hydra stops with a `RecursionError`.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN
    from cn.loss.base import Loss

    class Model(CN):
        loss: Loss = Loss()
    # cn/loss/base.py
    from cngen import CN
    from cn.model.base import Model

    class Loss(CN):
        critic: Model = Model()
    ```

    ## Use instead
    ```python
    # cn/loss/base.py
    from cngen import CN
    from cn.model.base import Model

    class Loss(CN):
        critic: Model | None = None
    ```
    """

    id = RuleId("CN303", "default-cycle")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each cycle once, at the default that closes it."""
        done: set[Instance] = set()
        for node in tree.nodes.values():
            path = [Instance(node.key, (), node.span)]
            waiting = [_held(tree, path[0])]
            while waiting:
                inner = next(waiting[-1], None)
                if inner is None:
                    waiting.pop()
                    done.add(path.pop())
                elif inner in path:
                    cycle = [tree.nodes[i.node].name for i in (*path[path.index(inner) :], inner)]
                    message = f"these defaults contain each other: {' -> '.join(cycle)}"
                    yield self.found(inner.span, message, "make one of them optional")
                elif inner not in done:
                    path.append(inner)
                    waiting.append(_held(tree, inner))


def _held(tree: Tree, instance: Instance) -> Iterator[Instance]:
    for field in tree.nodes[instance.node].fields:
        given = instance.get(field.name)
        value = given if given is not None else effective(tree, field)
        for inner in instances(value) if value is not None else ():
            if inner.node in tree.nodes:
                yield inner
