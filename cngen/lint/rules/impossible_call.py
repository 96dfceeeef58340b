"""CN122."""

from collections.abc import Iterator

from cngen.compose.defaults import with_source
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Argument, every_instance

_HINT = (
    "let your own base class inherit from `cngen.CN`, or give it an `__init__` that takes fields"
)


class ImpossibleCall(Rule):
    """A source that the store imports calls a node class with fields that its constructor doesn't take.

    ## What it does
    Finds nodes that are written with fields, `Adam(lr=0.1)`, in sources that the store imports, although the
    project's own base class has no constructor for them: no `__init__` with keywords, no
    `__init_subclass__` or metaclass that makes dataclasses.

    ## Why is it bad
    A store imports a source for the methods of its nodes. Python then runs the call, and fails: `Adam() takes no
    arguments`. As long as no node has methods nothing is imported, so the first method breaks every run.

    ## Example
    ```toml
    base = ["cn.base.Config"]
    ```
    ```python
    # cn/base.py
    class Config:
        def describe(self) -> str:
            return type(self).__name__
    # cn/run.py
    from cn.base import Config

    class Optimizer(Config):
        lr: float = 0.1

    class Run(Config):
        optimizer: Optimizer = Optimizer(lr=0.5)
    ```

    ## Use instead
    ```toml
    base = ["cn.base.Config"]
    ```
    ```python
    # cn/base.py
    from cngen import CN

    class Config(CN):
        def describe(self) -> str:
            return type(self).__name__
    ```
    """

    id = RuleId("CN122", "impossible-call")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """The first such keyword of each call."""
        imported = {tree.nodes[key].span.file for key in with_source(tree)}
        for _, _, _, value in written_values(tree):
            for instance in every_instance(value):
                node = tree.nodes.get(instance.node)
                if node is not None and instance.span.file in imported:
                    refused = _refused(node, instance.arguments)
                    if refused is not None:
                        call = f"`{node.name}` takes no `{refused.name}` when Python calls it"
                        message = f"{call}, and the store imports this file"
                        yield self.found(refused.span, message, _HINT)


def _refused(node: Node, arguments: tuple[Argument, ...]) -> Argument | None:
    if node.takes is None:
        return None
    return next((a for a in arguments if a.name not in node.takes), None)
