"""CN204."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, did_you_mean
from cngen.lint.queries.written import declared_fields, swept_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Instance, instances


class UnknownArgument(Rule):
    """A node gets an argument that isn't one of its fields, or the same argument twice.

    ## What it does
    Compares the keywords of every node in a value, `Adam(lrr=1)`, with the fields of its class.

    ## Why is it bad
    Hydra refuses the key when it composes: `Key 'lrr' not in 'Adam'`, at the start of the job and without the
    line of the source.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam(lrr=3e-4)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam(lr=3e-4)
    ```
    """

    id = RuleId("CN204", "unknown-argument")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every argument of every instance in the tree."""
        for _, field in declared_fields(tree):
            for instance in instances(field.default) if field.default is not None else ():
                yield from self._instance(tree, instance)
        for swept in swept_values(tree):
            for instance in instances(swept.change.value):
                yield from self._instance(tree, instance)

    def _instance(self, tree: Tree, instance: Instance) -> Iterator[Diagnostic]:
        node = tree.nodes.get(instance.node)
        if node is None:
            return
        fields = [field.name for field in node.fields]
        seen: set[str] = set()
        for argument in instance.arguments:
            if argument.name not in fields:
                hint = (
                    did_you_mean(argument.name, fields)
                    or f"its fields are {', '.join(fields) or 'none'}"
                )
                yield self.found(
                    argument.span, f"`{node.name}` has no field `{argument.name}`", hint
                )
            elif argument.name in seen:
                yield self.found(
                    argument.span, f"`{argument.name}` is given twice", "remove one of the two"
                )
            seen.add(argument.name)
            for inner in instances(argument.value):
                yield from self._instance(tree, inner)
