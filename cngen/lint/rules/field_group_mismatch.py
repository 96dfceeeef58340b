"""CN114."""

from collections.abc import Iterator

from cngen.compose.defaults import command_key
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.written import declared_fields
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import node_type


class FieldGroupMismatch(Rule):
    """A field that holds a node isn't named like the group that it selects from.

    ## What it does
    Reports fields of a node whose name isn't the last folder of their type's config group, if that folder is a
    valid name for a field and no other field of the node has it. Off by default: select its whole code to turn it
    on.

    ## Why is it bad
    Nothing goes wrong: cngen writes the package that Hydra needs. But on a command line the field's name is not
    enough: it is `optimizer@optim=sgd`, and some prefer a tree in which it is always `optimizer=sgd`.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 1e-3

    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optim: Optimizer
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer
    ```
    """

    id = RuleId("CN114", "field-group-mismatch", Severity.WARNING)
    former_names = ("unlike-group",)
    default = False

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such field, where it is annotated first."""
        for node, field in declared_fields(tree):
            group = _group(tree, field)
            name = group.rpartition("/")[2]
            is_free = name.isidentifier() and node.field(name) is None
            if is_free and not _is_inherited(tree, node, field.name):
                message = f"`{field.name}` isn't named like its config group `{group}`"
                yield self.found(field.span, message, _hint(node, group, name))


def _hint(node: Node, group: str, name: str) -> str:
    """What to do, and what the command line gains if the node is in the package of its group."""
    package = ".".join((*filter(None, node.group.split("/")), name))
    key = command_key(group, package)
    return f"rename it to `{name}`" + (
        "" if "@" in key else f", to write `{key}=...` on the command line"
    )


def _group(tree: Tree, field: Field) -> str:
    """The group of the node that a field is annotated with, empty for the root folder and other types."""
    annotated = node_type(field.type)
    node = tree.nodes.get(annotated.node) if annotated is not None else None
    return node.group if node is not None else ""


def _is_inherited(tree: Tree, node: Node, name: str) -> bool:
    return any(tree.nodes[key].field(name) is not None for key in node.lineage[1:])
