"""CN117."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.selection import dead_options
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class DeadOption(Rule):
    """An option lies in a config group where no field can select it.

    ## What it does
    Tells options that no field's type holds in the group where they are stored, that no defaults list names
    and that are written nowhere: where other options of the group can be selected, and where a field could
    hold the option if it lay in the group from which the field selects. Experiments and the bases of
    experiments are no such options, and a tree without a primary config has none. Options that a field would
    select in vain are reported as incompatible-option.

    ## Why is it bad
    Nothing can choose it: `optimizer=lion` fails when the job starts, if `lion` lies in `optimizers`.
    Most often it lacks a base class, or lies in the wrong folder.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 1e-3

    # cn/optimizers/lion.py
    from cn.optimizer.base import Optimizer

    class Lion(Optimizer):
        lr = 1e-4

    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer
    ```

    ## Use instead
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 1e-3

    # cn/optimizer/lion.py
    from cn.optimizer.base import Optimizer

    class Lion(Optimizer):
        lr = 1e-4

    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer
    ```
    """

    id = RuleId("CN117", "dead-option", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such option."""
        for node, base in dead_options(tree):
            option = f"`{node.group}={node.option}`"
            if base:
                held = tree.nodes[base]
                message = f"nothing selects {option}: fields of type `{held.name}` select from `{held.group}`"
                hint = f"move it to `{held.group}`, or store it there too: `aliases=[...]`"
            else:
                message = f"no field can hold {option}, though others of its group"
                hint = "give it the base that the fields ask for, or make it `abstract=True`"
            yield self.found(node.span, message, hint)
