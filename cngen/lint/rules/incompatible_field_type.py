"""CN205."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.hydra.fitting import held_nodes, narrows
from cngen.lint.rule import Rule
from cngen.lint.wording import type_text
from cngen.model.tree import Field, Node, Tree


class IncompatibleFieldType(Rule):
    """A subclass gives an inherited field a type that the base's field can't hold.

    ## What it does
    Compares the fields of a node with those of each base that some field is annotated with: `data: Data` or
    `data: dict[str, Data]`. Narrowing (`X | None` to `X`, a node to its subclass) is fine, and so is any other
    type where no field holds the base.

    ## Why is it bad
    Where a field is annotated with the base, Hydra merges the chosen option into the base's types: the value is
    converted or refused, whatever the annotation in the option's class.

    ## Example
    ```python
    # cn/data/base.py
    from cngen import CN

    class Data(CN):
        size: int = 224

    class Multiscale(Data):
        size: list[int] = [224, 384]
    # cn/run.py
    from cngen import CN
    from cn.data.base import Data

    class Run(CN):
        data: Data = Data()
    ```

    ## Use instead
    ```python
    # cn/data/base.py
    from cngen import CN

    class Data(CN):
        size: int = 224

    class Multiscale(Data):
        sizes: list[int] = [224, 384]
    ```
    """

    id = RuleId("CN205", "incompatible-field-type")
    former_names = ("retyped-field",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field that a node declares, or joins from several bases, against the bases that are held."""
        held = held_nodes(tree)
        for node in tree.nodes.values():
            bases = [tree.nodes[key] for key in node.lineage[1:] if key in held]
            for new in node.fields if bases else ():
                base = next((base for base in bases if _is_retyped(tree, node, new, base)), None)
                old = base.field(new.name) if base is not None else None
                if base is None or old is None:
                    continue
                span = new.span if new.name in node.declared else node.span
                types = f"`{type_text(tree, old.type)}` in `{base.name}`, but `{type_text(tree, new.type)}` here"
                hint = "keep the base's type, or widen it in the base"
                yield self.found(span, f"`{new.name}` is {types}", hint)


def _is_retyped(tree: Tree, node: Node, new: Field, base: Node) -> bool:
    """Whether a node itself gives a base's field another type: by an annotation, or the order of its bases."""
    old = base.field(new.name)
    if old is None or narrows(tree, new.type, old.type):
        return False
    between = (tree.nodes[key] for key in node.bases if tree.is_a(key, base.key))
    inherited = (other.field(new.name) for other in between)
    return not any(field is not None and field.type == new.type for field in inherited)
