"""Whether a value fits a type, and a type another, as Hydra will see it without converting."""

from cngen.hydra.types import storable, type_of
from cngen.model.tree import Tree, per_tree
from cngen.model.types import (
    ANY,
    NONE,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    NodeType,
    OtherType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
    node_type,
    without_none,
)
from cngen.model.values import (
    Computed,
    EnumMember,
    Instance,
    Interpolation,
    Interval,
    Items,
    Missing,
    Patch,
    PathValue,
    Points,
    Scalar,
    Sweep,
    Table,
    Unreadable,
    Value,
)

# Types


def accepts(tree: Tree, wide: Type, narrow: Type) -> bool:
    """Whether a field of one type takes every value that one of another type takes."""
    if wide in (narrow, ANY):
        return True
    if isinstance(narrow, UnionType):
        return all(accepts(tree, wide, member) for member in narrow.members)
    if isinstance(narrow, LiteralType) and not isinstance(wide, LiteralType):
        return all(accepts(tree, wide, type_of(value)) for value in narrow.values)
    if isinstance(wide, UnionType):
        return any(accepts(tree, member, narrow) for member in wide.members)
    match wide, narrow:
        case ScalarType("float"), ScalarType("int"):
            return True
        case NodeType(base), NodeType(node):
            return node in tree.nodes and base in tree.nodes[node].lineage
        case LiteralType(values), LiteralType(others):
            return set(others) <= set(values)
    return _accepts_container(tree, wide, narrow)


def _accepts_container(tree: Tree, wide: Type, narrow: Type) -> bool:
    match wide, narrow:
        case ListType(item), ListType(other):
            return accepts(tree, item, other)
        case DictType(key, value), DictType(other_key, other):
            return accepts(tree, key, other_key) and accepts(tree, value, other)
        case TupleType(), TupleType():
            return _accepts_tuple(tree, wide, narrow)
    return False


def _accepts_tuple(tree: Tree, wide: TupleType, narrow: TupleType) -> bool:
    if narrow.open and not wide.open:
        return False
    each = wide.items * len(narrow.items) if wide.open else wide.items
    pairs = zip(each, narrow.items, strict=False)
    return len(each) == len(narrow.items) and all(accepts(tree, a, b) for a, b in pairs)


_SETS = frozenset({"set", "frozenset", "AbstractSet", "MutableSet"})
_SCALARS: dict[str, tuple[type, ...]] = {
    "int": (int,), "float": (int, float), "bool": (bool,), "str": (str,), "bytes": (bytes,), "None": (type(None),),
}  # fmt: skip

_UNJUDGED = Missing | Interpolation | Unreadable | Patch | Sweep | Interval | Points

Misfit = tuple[Type, Value]
"""A value and the type that it doesn't fit, where both differ: inside a list, one item of it."""


def misfit(tree: Tree, written: Type, value: Value, exact: bool = False) -> Misfit | None:
    """The part of a value that doesn't fit; None if all fits, or if it is known only at run time.

    With `exact` an int is no float: OmegaConf doesn't convert within unions. Which node a field
    holds is not judged here.
    """
    if isinstance(value, _UNJUDGED):
        return None
    match written:
        case UnionType(members):
            several = len(members) - (NONE in members) > 1
            fits = any(misfit(tree, member, value, exact=several) is None for member in members)
            return None if fits else _union_misfit(tree, members, value, written)
        case NodeType():
            return None if isinstance(value, Instance) else (written, value)
        case LiteralType(values):
            return None if value in values or isinstance(value, Computed) else (written, value)
        case ListType(item, name) if isinstance(value, Items):
            return (
                _first_item(tree, [(item, i) for i in value.items])
                if _is_kind(name, value.kind)
                else (written, value)
            )
        case TupleType(items, is_open) if isinstance(value, Items) and value.kind == "tuple":
            if is_open:
                return _first_item(tree, [(items[0] if items else ANY, i) for i in value.items])
            same = len(items) == len(value.items)
            return (
                _first_item(tree, list(zip(items, value.items, strict=True)))
                if same
                else (written, value)
            )
        case DictType(key, inner) if isinstance(value, Table):
            return _first(tree, [pair for k, v in value.items for pair in ((key, k), (inner, v))])
    return (
        None
        if isinstance(value, Computed) or _fits_plain(tree, written, value, exact)
        else (written, value)
    )


def _fits_plain(tree: Tree, written: Type, value: Value, exact: bool) -> bool:
    match written:
        case ScalarType("Any") | OtherType():
            return True
        case ScalarType("Path"):
            return isinstance(value, PathValue)
        case EnumType(enum):
            return isinstance(value, EnumMember) and value.enum == enum
        case ScalarType("str" | "int" as name) if isinstance(value, EnumMember):
            enum_class = tree.enums.get(value.enum)
            return enum_class is not None and enum_class.plain == name
        case ScalarType(name) if isinstance(value, Scalar):
            is_bool = isinstance(value.value, bool)
            fits = isinstance(value.value, _SCALARS[name]) and is_bool == (name == "bool")
            return fits and not (exact and name == "float" and isinstance(value.value, int))
    return False


def _first(tree: Tree, pairs: list[tuple[Type, Value]]) -> Misfit | None:
    return next(
        (found for written, value in pairs if (found := misfit(tree, written, value))), None
    )


def _first_item(tree: Tree, pairs: list[tuple[Type, Value]]) -> Misfit | None:
    """The same for the items of a list, which can't be references to nodes (OmegaConf takes them for strings)."""
    for written, value in pairs:
        if isinstance(value, Interpolation) and node_type(written) is not None:
            return written, value
    return _first(tree, pairs)


def _union_misfit(tree: Tree, members: tuple[Type, ...], value: Value, written: Type) -> Misfit:
    """For `X | None` what is wrong with the value as an X, else the whole union."""
    held = without_none(UnionType(members))
    inner = misfit(tree, held, value) if not isinstance(held, UnionType) else None
    return inner if inner is not None and inner[1] is not value else (written, value)


def _is_kind(written: str, kind: str) -> bool:
    if written == "list":
        return kind == "list"
    return (
        kind == "set"
        if written in _SETS
        else kind != "set" or written in ("Iterable", "Collection")
    )


def narrows(tree: Tree, new: Type, old: Type) -> bool:
    """Whether a subclass may give a field this type: what it holds is held, unconverted, by the base's field.

    Hydra merges the chosen option into a field of the base's type (measured; see docs/hydra.md).
    """
    hydra = tree.settings.hydra
    return _narrows(tree, storable(new, hydra), storable(old, hydra))


@per_tree
def held_nodes(tree: Tree) -> frozenset[str]:
    """The nodes over whose defaults Hydra merges an option: those that a field, or a dict in it, holds.

    What is in a list is built in place, without a merge.
    """
    types = (field.type for node in tree.nodes.values() for field in node.fields)
    return frozenset(key for written in types for key in _merged_over(written))


def _merged_over(written: Type) -> tuple[str, ...]:
    match written:
        case NodeType(node):
            return (node,)
        case DictType(value=value):
            return _merged_over(value)
        case UnionType(members):
            return tuple(key for member in members for key in _merged_over(member))
    return ()


def _narrows(tree: Tree, new: Type, old: Type) -> bool:
    if new == old or old == ANY:
        return True
    if isinstance(new, LiteralType):
        return all(_takes(old, value) for value in new.values)
    match new, old:
        case UnionType(members), UnionType():
            return all(_narrows(tree, member, old) for member in members)
        case _, UnionType(members):
            return any(_narrows(tree, new, member) for member in members)
        case NodeType(subclass), NodeType(base):
            return subclass in tree.nodes and tree.is_a(subclass, base)
        case ListType(item), ListType(base_item):
            return _narrows(tree, item, base_item)
        case DictType(key, value), DictType(base_key, base_value):
            return key == base_key and _narrows(tree, value, base_value)
        case TupleType(items), TupleType((base_item,), True):
            return all(_narrows(tree, item, base_item) for item in items)
        case TupleType(items, False), TupleType(base_items, False):
            pairs = zip(items, base_items, strict=False)
            return len(items) == len(base_items) and all(_narrows(tree, *pair) for pair in pairs)
    return False


def _takes(old: Type, value: Value) -> bool:
    """Whether a type has a value of a `Literal` in it."""
    if isinstance(old, UnionType):
        return any(_takes(member, value) for member in old.members)
    return value in old.values if isinstance(old, LiteralType) else type_of(value) == old


def holds(tree: Tree, place: Type, chosen: str) -> bool:
    """Whether a place of this type can hold a node."""
    match place:
        case NodeType(base):
            return tree.is_a(chosen, base)
        case UnionType(members):
            return any(holds(tree, member, chosen) for member in members)
    return place == ScalarType("Any") or isinstance(place, OtherType)
