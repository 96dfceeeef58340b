"""CN307."""

from collections.abc import Iterator

from cngen.compose.defaults import effective, is_composed
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import declared_fields, written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Tree
from cngen.model.types import mentioned_nodes
from cngen.model.values import Instance, Interpolation, Missing, Value


class UnsetField(Rule):
    """A field with a default in the base is made required, or holds a node where the base has a reference.

    ## What it does
    Compares the fields of a node with those of its bases that some field is annotated with, and each argument
    with the default that it replaces. Fields of a base that no annotation names, like most primary configs, may
    be made required.

    ## Why is it bad
    Hydra merges the chosen option over the defaults of the annotated class. Neither a missing value
    nor a node chosen by a defaults list replaces what is there, so the base's value would stay.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN, MISSING

    class Optimizer(CN):
        lr: float = 0.1

    class Tuned(Optimizer):
        lr = MISSING
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

    class Optimizer(CN, abstract=True):
        lr: float

    class Plain(Optimizer):
        lr = 0.1

    class Tuned(Optimizer): ...
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer, Plain

    class Run(CN):
        optimizer: Optimizer = Plain()
    ```
    """

    id = RuleId("CN307", "unset-field")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field that a subclass takes back, and every argument that does."""
        annotated = {
            m for n in tree.nodes.values() for f in n.fields for m in mentioned_nodes(f.type)
        }
        for node, field in declared_fields(tree):
            value = field.default if field.default is not None else effective(tree, field)
            for base in (tree.nodes[key] for key in node.lineage[1:] if key in annotated):
                old = base.field(field.name)
                if old is not None:
                    yield from self._compare(tree, f"{base.name}.{old.name}", old, field, value)
        for node, name, _, value in written_values(tree):
            own = node.field(name)
            if own is not None and own.default is not value:
                yield from self._compare(tree, f"{node.name}.{name}", own, own, value)

    def _compare(
        self, tree: Tree, place: str, old: Field, new: Field, value: Value | None
    ) -> Iterator[Diagnostic]:
        before = effective(tree, old)
        is_set = before is not None and not isinstance(before, Missing)
        span = value.span if value is not None else new.span
        if (
            is_set
            and not is_composed(old, before)
            and (value is None or isinstance(value, Missing))
        ):
            hint = "set a value, or remove the default in the base"
            yield self.found(
                span,
                f"`{new.name}` can't be made required: the default of `{place}` would stay",
                hint,
            )
        elif isinstance(before, Interpolation) and isinstance(value, Instance):
            hint = "choose a node in the base too, or move the reference to a separate field"
            yield self.found(
                span, f"`{new.name}` is a reference in `{place}`, which a node can't replace", hint
            )
