"""CN302."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.group_members import hint, message, misplaced
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class IncompatibleOption(Rule):
    """A field chooses from a config group with an option that it can't hold.

    ## What it does
    Compares the options of each group with the annotations of the fields that choose from it, by a default or by
    leaving the choice open. The options that don't fit most of the group are reported, once for each group, at
    the field. If only the command line could choose the option, it is reported as stray-option.

    ## Why is it bad
    Every option is listed in `--help` and matched by `glob(*)`, but choosing such an option fails when the job
    starts.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = Optimizer()
    ```

    ## Use instead
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1
    # cn/schedule/base.py
    from cngen import CN

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer
    from cn.schedule.base import Cosine

    class Run(CN):
        optimizer: Optimizer = Optimizer()
        schedule: Cosine = Cosine()
    ```
    """

    id = RuleId("CN302", "incompatible-option")
    former_names = ("unheld-option",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each field that chooses from a group with an option of another kind."""
        for found in misplaced(tree):
            if found.is_chosen:
                yield self.found(found.span, message(tree, found), hint(tree, found))
