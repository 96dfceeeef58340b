"""CN118."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.selection import dead_options, has_primary, reachable_groups, selection
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class UnreachableGroup(Rule):
    """Nothing in the tree selects from a config group.

    ## What it does
    Reports config groups from which no field can select, that no defaults list names and whose options no value
    uses. Groups of experiments are not reported, nor is anything in a tree without a primary config. Off by
    default: select its whole code to turn it on.

    ## Why is it bad
    If the options are meant to be added on a command line (`+logger=wandb`), it is fine. If not, they are
    leftovers, or a field is missing.

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
        reported = {node.group for node, _ in dead_options(tree)}
        seen = {"", *reported}
        for node in tree.nodes.values():
            group = node.group
            if node.option is None or group in seen:
                continue
            seen.add(group)
            if not selection(tree).is_asked(group) and group not in reachable_groups(tree):
                message = f"nothing in the tree selects from the config group `{group}`"
                hint = "add a field for its options, or remove them"
                yield self.found(node.span, message, hint)
