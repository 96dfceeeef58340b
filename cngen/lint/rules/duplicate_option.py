"""CN103."""

from collections.abc import Iterator

from cngen import codes
from cngen.diagnostics import Diagnostic
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree


class DuplicateOption(Rule):
    """Two nodes would be stored as the same option of a config group, or as options that differ only in case.

    ## What it does
    Reports every node that isn't the first of its group and option; aliases count like names. Also reports the
    second of two classes with the same name in a file.

    ## Why is it bad
    Hydra's ConfigStore silently keeps the last one, so the meaning of `model=mlp` depends on the order of
    imports. A case-insensitive file system can't hold both.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class MLP(CN):
        width: int = 32

    class Perceptron(CN, name="mlp"):
        width: int = 1
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class MLP(CN):
        width: int = 32

    class Perceptron(CN):
        width: int = 1
    ```
    """

    id = codes.DUPLICATE_OPTION

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every node that isn't the first of its option; aliases count like names."""
        taken: dict[tuple[str, str], tuple[Node, str]] = {}
        for node in tree.nodes.values():
            own = [(node.group, node.option)] if node.option is not None else []
            for group, option in (*own, *node.aliases):
                place = (group.lower(), option.lower())
                first, name = taken.setdefault(place, (node, option))
                if first is node and name == option:
                    continue
                where = f"`{group}={option}`" if group else f"the primary config `{option}`"
                message = f"`{node.name}` would be stored as {where}, like `{first.name}` ({first.span.file})"
                yield self.found(node.span, message, 'rename one, or give it another `name="..."`')
