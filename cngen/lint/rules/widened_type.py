"""CN206."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.hydra.types import HELD, storable, type_of
from cngen.lint.queries.written import declared_fields, inherits_type
from cngen.lint.rule import Rule
from cngen.lint.wording import type_text
from cngen.model.naming import class_names
from cngen.model.printing import annotation, value_text
from cngen.model.tree import Tree
from cngen.model.types import ANY, NONE, DictType, ListType, LiteralType, TupleType, Type, UnionType
from cngen.project.settings import HYDRAS


class WidenedType(Rule):
    """A type that a config can't hold or compose is stored as the nearest type that it can.

    ## What it does
    Finds annotations such as `Literal`, `Sequence`, `set`, `Callable`, tuples of several types, and
    unions of containers, and names the type that the store has instead. With Hydra 1.4 (the setting
    `hydra`, or the project's own pins) the store holds `Literal`, most tuples, and unions of plain types
    with at most one list or tuple, as they are written.

    ## Why is it bad
    Defaults are checked against the written type, but values from the command line only against the stored one:
    `norm=bacth` is accepted.

    ## Example
    ```python
    # cn/model.py
    from typing import Literal

    from cngen import CN

    class Model(CN):
        norm: Literal["batch", "layer"] = "batch"
    ```

    ## Use instead
    ```python
    # cn/model.py
    from enum import Enum

    from cngen import CN

    class Norm(Enum):
        BATCH = "batch"
        LAYER = "layer"

    class Model(CN):
        norm: Norm = Norm.BATCH
    ```
    """

    id = RuleId("CN206", "widened-type", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field whose annotation changes, where it is declared."""
        for node, field in declared_fields(tree):
            stored = storable(field.type, tree.settings.hydra)
            if _unnamed(field.type) != stored and not inherits_type(tree, node, field):
                types = f"`{type_text(tree, field.type)}`, but stored as `{_named(tree, stored)}`"
                hint = _hint(tree, field.type, stored)
                yield self.found(field.span, f"`{field.name}` is {types}", hint)


def _hint(tree: Tree, written: Type, stored: Type) -> str:
    hydra = tree.settings.hydra
    held = stored if "tuple" in HELD[hydra] else _as_list(stored)
    newer = next((v for v in HYDRAS if v > hydra and storable(written, v) == _unnamed(written)), "")
    later = f", or use Hydra {newer}, which holds it" if newer else ""
    return f"annotate it as `{_named(tree, held)}` if that is enough{later}"


def _named(tree: Tree, stored: Type) -> str:
    """A stored type, with the names that the store has."""
    return annotation(stored, class_names(tree).__getitem__, lambda v: value_text(tree, v))


def _unnamed(written: Type) -> Type:
    """The type with other spellings of the same read as the store's own."""
    match written:
        case LiteralType(values) if len(rest := [v for v in values if type_of(v) != NONE]) > 0:
            held = LiteralType(tuple(rest))
            return held if len(rest) == len(values) else UnionType((held, NONE))
        case ListType(item, "list"):
            return ListType(_unnamed(item))
        case DictType(key, value, "dict"):
            return DictType(key, _unnamed(value))
        case TupleType(items, is_open):
            return TupleType(tuple(_unnamed(item) for item in items), is_open)
        case UnionType(members) if ANY in members:
            return ANY
        case UnionType(members):
            return UnionType(tuple(_unnamed(member) for member in members))
    return written


def _as_list(stored: Type) -> Type:
    """What a tuple comes back as."""
    if isinstance(stored, TupleType):
        return ListType(stored.items[0] if stored.items else ANY)
    if isinstance(stored, UnionType):
        return UnionType(tuple(_as_list(member) for member in stored.members))
    return stored
