"""CN511."""

from collections.abc import Iterator

from cngen.compose.defaults import effective
from cngen.compose.experiments import experiments
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Missing


class UnsetByExperiment(Rule):
    """An experiment makes a field required and never sets it.

    ## What it does
    Finds fields with a default that an experiment makes required, with `MISSING` or with an annotation without a
    value. Abstract experiments may do that, for those that inherit from them.

    ## Why is it bad
    None of its jobs could start, because nothing sets the field.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/fast.py
    from cngen import MISSING
    from cn.run import Run

    class Fast(Run):
        lr = MISSING
    ```

    ## Use instead
    ```python
    # cn/exp/fast.py
    from cngen import MISSING
    from cn.run import Run

    class Base(Run, abstract=True):
        lr = MISSING

    class Fast(Base):
        lr = 1.0
    ```
    """

    id = RuleId("CN511", "unset-by-experiment")
    former_names = ("unset-experiment",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every experiment that can be started."""
        for experiment in experiments(tree).values():
            node, primary = experiment.node, experiment.primary
            if not node.is_experiment or node.option is None:
                continue
            hint = "set it, or mark the class `abstract=True`"
            for field in node.fields:
                old = primary.field(field.name)
                before = effective(tree, old) if old is not None else None
                is_set = before is not None and not isinstance(before, Missing)
                if is_set and field.owner == node.key and effective(tree, field) is None:
                    yield self.found(
                        field.span, f"`{field.name}` is made required and never set", hint
                    )
            for change in experiment.all_changes:
                if isinstance(change.value, Missing) and len(change.path) == 1:
                    what = f"`{'.'.join(change.path)}` is made required"
                    if change.owner == node.key:
                        yield self.found(change.value.span, f"{what} and never set", hint)
                    else:
                        where = f"in `{tree.nodes[change.owner].name}`, and `{node.name}`"
                        yield self.found(node.span, f"{what} {where} doesn't set it", hint)
