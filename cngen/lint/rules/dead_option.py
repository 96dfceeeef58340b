"""CN117."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.selection import dead_options
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class DeadOption(Rule):
    """An option is in a config group where no field can select it.

    ## What it does
    Reports options that no field can select from their group, that no defaults list names and that no value uses,
    if fields select other options of the group, or if a field of another group could hold the option. Experiments
    and their bases are not reported, nor is anything in a tree without a primary config. Options that a field can
    select but not hold are reported as incompatible-option.

    ## Why is it bad
    It can't be chosen: `optimizer=lion` fails when the job starts if `lion` is in `optimizers`. Mostly it lacks a
    base class, or is in the wrong folder.

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
                message = (
                    f"no field can hold {option}, but other options of its group can be selected"
                )
                hint = "inherit from the type of the field, or mark the class `abstract=True`"
            yield self.found(node.span, message, hint)
