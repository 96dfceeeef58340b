"""CN118."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.selection import dead_options, has_primary, reachable_groups, selection
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class UnreachableGroup(Rule):
    """Nothing in the tree selects from a config group.

    ## What it does
    Tells groups of options of which no field's type holds one, that no defaults list names, and of which
    nothing is written anywhere. Groups of experiments don't count, and a tree without a primary config has
    none. It is off unless its whole code is selected.

    ## Why is it bad
    It isn't, where the options are meant to be added on a command line, by `+logger=wandb`. Otherwise they are
    left over, or a field was forgotten.

    ## Example
    ```python
    # cn/logger/base.py
    from cngen import CN

    class Wandb(CN):
        entity: str = "lab"

    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```

    ## Use instead
    ```python
    # cn/logger/base.py
    from cngen import CN

    class Wandb(CN):
        entity: str = "lab"

    # cn/run.py
    from cngen import CN
    from cn.logger.base import Wandb

    class Run(CN):
        seed: int = 0
        logger: Wandb | None = None
    ```
    """

    id = RuleId("CN118", "unreachable-group", Severity.WARNING)
    default = False

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """The first option of every such group."""
        if not has_primary(tree):
            return
        told = {node.group for node, _ in dead_options(tree)}
        seen = {"", *told}
        for node in tree.nodes.values():
            group = node.group
            if node.option is None or group in seen:
                continue
            seen.add(group)
            if not selection(tree).is_asked(group) and group not in reachable_groups(tree):
                message = f"nothing in the tree selects from the config group `{group}`"
                hint = "give a field one of its options as type, or remove them"
                yield self.found(node.span, message, hint)
