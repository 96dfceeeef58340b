"""CN309."""

from collections.abc import Iterator

from cngen.compose.defaults import effective, value_is_none
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.queries.selection import has_primary
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import node_dict_type, node_type
from cngen.model.values import Missing, Table


class FieldWithoutOptions(Rule):
    """A field is annotated with an abstract node, and its config group has no option that fits it.

    ## What it does
    Checks fields that hold a node but have none by default: required fields, fields that are `None`, and empty
    dicts of nodes. The group of the annotated class must have an option that inherits from it. Nothing is
    reported in a tree without a primary config: the project that uses it brings the options.

    ## Why is it bad
    Hydra asks for a required field (`You must specify 'optimizer'`) and offers nothing to choose, so no job can
    start. An optional field stays `None`, a dict stays empty: the field has no use.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN, abstract=True):
        lr: float = 0.1
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

    class Optimizer(CN, abstract=True):
        lr: float = 0.1

    class Adam(Optimizer):
        betas: list[float] = [0.9, 0.99]
    ```
    """

    id = RuleId("CN309", "field-without-options", Severity.WARNING)
    former_names = ("no-option",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field of a stored node once, where it is written."""
        if not has_primary(tree):
            return
        empty = {
            n.key for n in tree.nodes.values() if n.option is None and not _has_option(tree, n)
        }
        reported: set[Span] = set()
        for node in tree.nodes.values() if empty else ():
            if node.option is None or node.is_experiment:
                continue  # nothing is composed from an abstract one, and the others inherit
            for field in node.fields:
                annotated = node_type(field.type) or node_dict_type(field.type)
                if annotated is None or annotated.node not in empty or field.span in reported:
                    continue
                message = _message(tree, node, field)
                if message and not _is_reported(tree, field, tree.nodes[annotated.node]):
                    reported.add(field.span)
                    yield self.found(field.span, message, _hint(tree, tree.nodes[annotated.node]))


def _has_option(tree: Tree, annotated: Node) -> bool:
    return any(
        tree.is_a(node.key, annotated.key) for node in tree.options(annotated.group).values()
    )


def _is_reported(tree: Tree, field: Field, annotated: Node) -> bool:
    """Whether CN302 is found: the field must be chosen, and the group has only other options."""
    options = tree.options(annotated.group) if annotated.group else ()
    is_chosen = isinstance(effective(tree, field), Missing)
    return bool(options) and is_chosen and node_type(field.type) is not None


def _message(tree: Tree, node: Node, field: Field) -> str:
    place, value = f"`{node.name}.{field.name}`", effective(tree, field)
    if isinstance(value, Missing) and node_type(field.type) is not None:
        return f"{place} is required, but no option fits it"
    if value_is_none(value):
        return f"{place} can only be None: no option fits it"
    if isinstance(value, Table) and not value.items:
        return f"{place} can only stay empty: no option fits it"
    return ""


def _hint(tree: Tree, annotated: Node) -> str:
    where = f"the config group `{annotated.group}`" if annotated.group else "the root folder"
    for node in tree.nodes.values():
        if node.option is not None and tree.is_a(node.key, annotated.key):
            return f"move `{node.name}` to {where}"
    return f"write a class in {where} that inherits from `{annotated.name}`"
