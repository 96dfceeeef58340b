"""CN223."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity, Span
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import is_class_type
from cngen.model.values import Instance, every_instance


class ClassAsValue(Rule):
    """A field is set to a class instead of a node.

    ## What it does
    Finds nodes that are written as a class without a call: `model: Model = Mlp`. In `default(Mlp)`,
    `field(default_factory=Mlp)` and `points(Small, Large)` a class is right.

    ## Why is it bad
    For Python and type checkers the field holds the class. cngen reads it as an instance of the class, which is
    what Hydra composes.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN, abstract=True):
        width: int = 8

    class Mlp(Model):
        depth: int = 2
    # cn/run.py
    from cngen import CN
    from cn.model.base import Mlp, Model

    class Run(CN):
        model: Model = Mlp
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.model.base import Mlp, Model

    class Run(CN):
        model: Model = Mlp()
    ```
    """

    id = RuleId("CN223", "class-as-value", Severity.WARNING)
    former_names = ("bare-class",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every class that is taken for its instance."""
        seen: set[Span] = set()
        for node, name, written, value in written_values(tree):
            for instance in every_instance(value):
                is_reported = instance.span in seen or is_class_type(written)
                if instance.is_bare and not is_reported:
                    seen.add(instance.span)
                    yield self._found(node.name, name, instance)

    def _found(self, owner: str, name: str, instance: Instance) -> Diagnostic:
        chosen = instance.node.rpartition(".")[2]
        path, _, end = instance.span
        message = f"`{owner}.{name}` is set to the class `{chosen}`, not to an instance of it"
        fix = Fix((Edit(Span(path, end, end), "()"),))
        return self.found(instance.span, message, "call it: add `()`", fix)
