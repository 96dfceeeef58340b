"""CN109."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.naming import RESERVED, class_names
from cngen.model.tree import Tree


class AmbiguousClass(Rule):
    """Two classes would have the same name in the store, or a class would have a name that the store itself
    needs.

    ## What it does
    Reports a node or enum whose name in the store is taken. Classes of the same name are prefixed with their
    group, then with their file as well, then with the whole module. It is reported if all of these are taken by
    other classes.

    ## Why is it bad
    The store is one module: the later class would replace the earlier one, and fields of its type would
    hold the wrong one.

    ## Example
    ```python
    # cn/model/a.py
    from cngen import CN

    class MLP(CN):
        width: int = 32

    # cn/model/b.py
    from cngen import CN

    class MLP(CN, name="sparse"):
        width: int = 32

    class ModelAMLP(CN):
        width: int = 32

    class CnModelAMLP(CN):
        width: int = 32
    ```

    ## Use instead
    ```python
    # cn/model/b.py
    from cngen import CN

    class MLP(CN, name="sparse"):
        width: int = 32

    class Deep(CN):
        width: int = 32

    class Wide(CN):
        width: int = 32
    ```
    """

    id = RuleId("CN109", "ambiguous-class")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every node after the first of its name in the store."""
        names = class_names(tree)
        taken = dict.fromkeys(RESERVED, "the store itself")
        enums = {names[key]: f"the enum `{enum.key}`" for key, enum in tree.enums.items()}
        for key, node in tree.nodes.items():
            if node.is_experiment:
                continue  # it has no class there
            name = names[key]
            other = taken.get(name) or enums.get(name)
            if other is not None:
                yield self.found(
                    node.span,
                    f"the name `{name}` in the store would mean both `{node.key}` and {other}",
                    "rename the class",
                )
            taken.setdefault(name, f"`{node.key}`")
