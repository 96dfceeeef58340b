"""CN205."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.fitting import narrows
from cngen.model import Tree
from cngen.rules.base import Rule
from cngen.rules.value_type import type_text


class RetypedField(Rule):
    """A subclass gives an inherited field a type that the base's field can't hold.

    ## What it does
    Compares the annotations of a node with those of each base, and those of several bases with each
    other. Narrowing (`X | None` to `X`, a node to its subclass) is fine.

    ## Why is it bad
    Where a field is annotated with the base, Hydra merges the chosen option into the base's types: the
    value is converted or refused, whatever the option's class says.

    ## Example
    ```python
    # cn/data/base.py
    from cngen import CN

    class Data(CN):
        size: int = 224

    class Multiscale(Data):
        size: list[int] = [224, 384]
    ```

    ## Use instead
    ```python
    # cn/data/base.py
    from cngen import CN

    class Data(CN):
        size: int = 224

    class Multiscale(Data):
        sizes: list[int] = [224, 384]
    ```
    """

    code = "CN205"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field that a node declares, or joins from several bases, against each base."""
        for node in tree.nodes.values():
            for base in (tree.nodes[key] for key in node.bases):
                for old in base.fields:
                    new = node.field(old.name)
                    if new is None or narrows(tree, new.type, old.type):
                        continue
                    if old.name not in node.declared and len(node.bases) == 1:
                        continue
                    span = new.span if old.name in node.declared else node.span
                    types = f"`{type_text(tree, old.type)}` in `{base.name}`, but `{type_text(tree, new.type)}` here"
                    yield self.found(
                        span,
                        f"`{old.name}` is {types}",
                        "keep the base's type, or widen it in the base",
                    )
