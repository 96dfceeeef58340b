"""CN301."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.hydra.fitting import holds
from cngen.lint.queries.written import placed_instances, written_values
from cngen.lint.rule import Rule
from cngen.lint.wording import type_text
from cngen.model.tree import Tree


class IncompatibleDefault(Rule):
    """A field holds a node whose class doesn't inherit from the annotated one.

    ## What it does
    Compares each node that is written for a field, also in lists and dicts, with the annotation.

    ## Why is it bad
    The annotated class becomes the type of the field in the store, and OmegaConf refuses any other
    (`Invalid type assigned: Model is not a subclass of Optimizer`). No job could start.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 8
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1
    # cn/run.py
    from cngen import CN
    from cn.model.base import Model
    from cn.optimizer.base import Optimizer

    class Run(CN):
        model: Model = Model()
        optimizer: Optimizer = Model()
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.model.base import Model
    from cn.optimizer.base import Optimizer

    class Run(CN):
        model: Model = Model()
        optimizer: Optimizer = Optimizer()
    ```
    """

    id = RuleId("CN301", "incompatible-default")
    former_names = ("unheld-default",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every instance against the type of its place, in lists and dicts too."""
        for node, name, written, value in written_values(tree):
            for place, instance in placed_instances(written, value):
                if instance.node in tree.nodes and not holds(tree, place, instance.node):
                    chosen = tree.nodes[instance.node].name
                    wanted = f"`{node.name}.{name}` expects `{type_text(tree, place)}`"
                    message = f"{wanted}, but `{chosen}` doesn't inherit from it"
                    yield self.found(
                        instance.span,
                        message,
                        f"make `{chosen}` inherit from it, or widen the annotation",
                    )
