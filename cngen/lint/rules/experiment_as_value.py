"""CN516."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Span
from cngen.lint.queries.written import declared_fields, written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import mentioned_nodes
from cngen.model.values import instances


class ExperimentAsValue(Rule):
    """An experiment is used as the type or the value of a field.

    ## What it does
    Finds experiments in annotations and among the nodes that are written for fields.

    ## Why is it bad
    Only the changes of an experiment are stored, as a dict that is merged at the root of the config. No field can
    hold that.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/fast.py
    from cn.run import Run

    class Fast(Run):
        lr = 1.0
    # cn/eval.py
    from cngen import CN
    from cn.exp.fast import Fast

    class Eval(CN):
        trained: Fast | None = None
    ```

    ## Use instead
    ```python
    # cn/eval.py
    from cngen import CN
    from cn.run import Run

    class Eval(CN):
        trained: Run | None = None
    ```
    """

    id = RuleId("CN516", "experiment-as-value")
    former_names = ("held-experiment",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every annotation that names an experiment, and every instance of one."""
        for _, field in declared_fields(tree):
            for key in mentioned_nodes(field.type):
                yield from self._mention(tree, key, field.span)
        for _, _, _, value in written_values(tree):
            for instance in instances(value):
                yield from self._mention(tree, instance.node, instance.span)

    def _mention(self, tree: Tree, key: str, span: Span) -> Iterator[Diagnostic]:
        if key in tree.nodes and tree.nodes[key].is_experiment:
            hint = "start it with `+group=option`, or sweep over it with `points`"
            name = tree.nodes[key].name
            yield self.found(span, f"`{name}` is an experiment, which no field can hold", hint)
