"""CN313."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.group_members import hint, message, misplaced
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class StrayOption(Rule):
    """A config group has an option that doesn't fit an optional field for the group.

    ## What it does
    Checks fields that are `None` by default and hold nodes of a group in which most options inherit from the
    field's annotation. If a field chooses from the group, it is reported as incompatible-option.

    ## Why is it bad
    The option is offered for the field (`optimizer@ema=...`) like the others, but choosing it fails. Mostly its
    class is in the wrong folder.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

    class Adam(Optimizer):
        beta: float = 0.9

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        ema: Optimizer | None = None
    ```

    ## Use instead
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

    class Adam(Optimizer):
        beta: float = 0.9
    # cn/schedule/base.py
    from cngen import CN

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer
    from cn.schedule.base import Cosine

    class Run(CN):
        ema: Optimizer | None = None
        schedule: Cosine | None = None
    ```
    """

    id = RuleId("CN313", "stray-option", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each field that could choose from a group with an option of another kind."""
        for found in misplaced(tree):
            if not found.is_chosen:
                yield self.found(found.span, message(tree, found), hint(tree, found))
