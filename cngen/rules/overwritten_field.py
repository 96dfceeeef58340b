"""CN215."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic, Severity, Span
from cngen.model import Node, Tree
from cngen.rules.base import Rule
from cngen.rules.bodies import class_of
from cngen.syntax import FunctionDef, SelfAssign


class OverwrittenField(Rule):
    """A `__post_init__` assigns a field that the command line sets as well.

    ## What it does
    Finds assignments in a node's `__post_init__` to its own fields: those that replace the value, and
    those that change it again each time they run. A condition that tests the field itself (`if
    self.warmup is None:`) and a conversion (`self.root = Path(self.root)`) are fine.

    ## Why is it bad
    The object is made from the composed config, so that the method runs after the command line was
    read: `warmup=5` is accepted, shown in the log, and then replaced. And it runs more than once: for a
    node inside another when the store is imported, and again in `OmegaConf.to_object`.

    ## Example
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000
        warmup: int = 0

        def __post_init__(self) -> None:
            self.steps = self.steps * 2
            self.warmup = self.steps // 10
    ```

    ## Use instead
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000
        warmup: int | None = None

        def __post_init__(self) -> None:
            if self.warmup is None:
                self.warmup = self.steps // 10

        @property
        def total(self) -> int:
            return self.steps * 2
    ```
    """

    code = "CN215"
    severity = Severity.WARNING

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such assignment in a method that a node itself writes."""
        for node in tree.nodes.values():
            definition = class_of(tree, node) if node.behaviour is not None else None
            for method in definition.body if definition is not None else ():
                for assign in method.assigns if isinstance(method, FunctionDef) else ():
                    yield from self._judged(node, assign)

    def _judged(self, node: Node, assign: SelfAssign) -> Iterator[Diagnostic]:
        name = assign.attr
        if name in assign.guards or node.field(name) is None:
            return
        span = Span(node.span.file, assign.start, assign.end)
        if assign.grows:
            message = f"`__post_init__` changes `{name}` each time it runs, which is more than once"
            hint = f"leave `{name}` as it was given, and derive a property from it"
            yield self.found(span, message, hint)
        elif name not in assign.reads:
            message = f"`__post_init__` overwrites `{name}`, also where the command line sets it"
            hint = f"make it a property, or assign it only `if self.{name} is None`"
            yield self.found(span, message, hint)
