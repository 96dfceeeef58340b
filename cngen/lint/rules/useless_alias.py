"""CN115."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.queries.selection import has_primary, selection
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.syntax.facts import ClassDef, Sequence


class UselessAlias(Rule):
    """An alias stores a node where it is already stored, or where nothing selects it.

    ## What it does
    Reports aliases that repeat the node's own group and option or another of its aliases, and aliases in a group
    that has no other option and from which no field and no defaults list selects. Aliases of experiments, and
    aliases in a tree without a primary config, are reported only if they are repeated: people select the former,
    and other trees may select the latter.

    ## Why is it bad
    The alias has no effect, and a reader looks for its purpose. Mostly the group is misspelled.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 1e-3

    class Adam(Optimizer, aliases=["optimiser/default"]):
        beta: float = 0.9

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

    class Adam(Optimizer, aliases=["optimizer/default"]):
        beta: float = 0.9
    ```
    """

    id = RuleId("CN115", "useless-alias", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such alias."""
        for node in tree.nodes.values():
            taken = {(node.group, node.option)}
            for number, alias in enumerate(node.aliases):
                group, name = alias
                said = f"{group}/{name}" if group else name
                message = ""
                if alias in taken:
                    message = f"`{node.name}` is already stored as `{said}`"
                elif _is_lonely(tree, node, group):
                    message = f"nothing selects from `{group}`, where the alias `{said}` is the only option"
                taken.add(alias)
                if message:
                    yield self.found(_place(tree, node, number), message, "remove it")


def _is_lonely(tree: Tree, node: Node, group: str) -> bool:
    """Whether a node is the only one in a group that nothing selects from."""
    if not group or node.is_experiment or not has_primary(tree):
        return False
    is_alone = all(option is node for option in tree.options(group).values())
    if not is_alone or group == node.group or selection(tree).is_asked(group):
        return False
    groups = {other.group for other in tree.nodes.values()} - {group}
    return all(
        other.lower() != group.lower() for other in groups
    )  # reported as group-case-collision


def _place(tree: Tree, node: Node, number: int) -> Span:
    """Where an alias is written; the class where the list isn't written out."""
    file = node.span.file
    for definition in tree.modules[file].body:
        if isinstance(definition, ClassDef) and definition.start == node.span.start:
            values = (k.value for k in definition.keywords if k.name == "aliases")
            items = next((v.items for v in values if isinstance(v, Sequence)), ())
            if len(items) == len(node.aliases):
                return Span(file, items[number].start, items[number].end)
    return node.span
