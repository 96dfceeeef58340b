"""CN213."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.hydra.types import HELD, storable
from cngen.lint.queries.written import declared_fields, inherits_type
from cngen.lint.rule import Rule
from cngen.lint.wording import type_text
from cngen.model.tree import Tree
from cngen.model.types import TupleType, Type, without_none


class TupleField(Rule):
    """A field is annotated as a tuple, but a config gives it back as a list.

    ## What it does
    Finds fields whose type is a tuple, or a tuple or `None`. Tuples inside other containers are stored as another
    type, which CN206 reports. With Hydra 1.4 (the setting `hydra`, or the project's own pins) a config holds
    tuples, and nothing is reported.

    ## Why is it bad
    OmegaConf 2.3 accepts the annotation and holds a list: `cfg.size` is a `ListConfig`, and the object that
    `OmegaConf.to_object` makes has a `list`. Code that relies on the tuple (a key of a dict, a comparison with
    another tuple, `isinstance`) fails there, although type checkers accept it.

    ## Example
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        size: tuple[int, int] = (224, 224)
    ```

    ## Use instead
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        size: list[int] = [224, 224]
    ```
    """

    id = RuleId("CN213", "tuple-field", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such field, where it is annotated."""
        if "tuple" in HELD[tree.settings.hydra]:
            return
        for node, field in declared_fields(tree):
            written = _tuple(field.type)
            if written is not None and not inherits_type(tree, node, field):
                text = type_text(tree, written)
                message = f"`{node.name}.{field.name}` is `{text}`, but a config holds a list"
                yield self.found(field.span, message, f"annotate it as `{_list(tree, written)}`")


def _tuple(written: Type) -> TupleType | None:
    held = without_none(written)
    return held if isinstance(held, TupleType) else None


def _list(tree: Tree, written: TupleType) -> str:
    """The list that holds what the tuple holds."""
    stored = storable(written, tree.settings.hydra)
    items = stored.items if isinstance(stored, TupleType) else ()
    return f"list[{type_text(tree, items[0])}]" if items else "list"
