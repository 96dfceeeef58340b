"""CN526."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Scalar, Table


class HandwrittenSweep(Rule):
    """A field is swept in `hydra.sweeper.params` instead of with `sweep`.

    ## What it does
    Finds the keys of `params` below `sweeper` in `hydra = {...}`.

    ## Why is it bad
    cngen writes `params` from the sweeps of the class. It can neither check the values there nor count their
    jobs, and they may conflict with other sweeps.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/seeds.py
    from cn.run import Run

    class Seeds(Run):
        hydra = {"sweeper": {"params": {"seed": "1,2"}}}
    ```

    ## Use instead
    ```python
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep(1, 2)
    ```
    """

    id = RuleId("CN526", "handwritten-sweep")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such key."""
        for node in tree.nodes.values():
            for key in _params(node):
                message = (
                    f"`{key.value!s}` is swept in `hydra`, where cngen can't check or count it"
                )
                hint = "remove it here, and write `sweep(...)` for the field"
                yield self.found(key.span, message, hint)


def _params(node: Node) -> Iterator[Scalar]:
    value = node.engine.settings
    for name in ("sweeper", "params"):
        value = value.get(name) if isinstance(value, Table) else None
    for key, _ in value.items if isinstance(value, Table) else ():
        if isinstance(key, Scalar):
            yield key
