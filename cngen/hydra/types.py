"""What OmegaConf can hold: the nearest type and value for each that the sources have."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from cngen.model.types import (
    ANY,
    NONE,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    OtherType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
    member_of,
)
from cngen.model.values import Computed, EnumMember, Instance, Items, Scalar, Table, Value

_KEYS = frozenset({"str", "int", "float", "bool", "bytes", "Any"})
_PLAIN = frozenset({"str", "int", "float", "bool", "bytes"})
_EXACT = frozenset({"str", "int", "bool"})

TypePlace: TypeAlias = Literal["field", "list", "tuple", "inside"]
"""Where a type is: a field's own, an item of its list, an item of its tuple, or deeper."""

HELD: Mapping[str, Mapping[str, frozenset[TypePlace]]] = {
    "1.3": {},
    "1.4": {
        "Literal": frozenset({"field", "list", "tuple"}),
        "tuple": frozenset({"field", "tuple"}),
        "union": frozenset({"field"}),
    },
}
"""Where a version of Hydra, with its OmegaConf, holds what others can't (docs/hydra.md)."""


def storable(written: Type, hydra: str, place: TypePlace = "field") -> Type:
    """The nearest type that OmegaConf can hold, in the version that comes with this Hydra."""
    match written:
        case ScalarType("None") | OtherType():
            return ANY
        case ListType(item):
            return ListType(storable(item, hydra, "list" if place == "field" else "inside"))
        case DictType(key, value):
            kept = key if isinstance(key, EnumType) or getattr(key, "name", "") in _KEYS else ANY
            return DictType(kept, storable(value, hydra, "inside"))
        case TupleType(items, is_open):
            if not _is_held("tuple", hydra, place):
                return _one_item_tuple(items, is_open, hydra, place)
            return TupleType(tuple(storable(item, hydra, "tuple") for item in items), is_open)
        case UnionType(members):
            return _storable_union(members, hydra, place)
        case LiteralType(values):
            return _storable_literal(values, hydra, place)
    return written


def _is_held(what: str, hydra: str, place: TypePlace) -> bool:
    return place in HELD[hydra].get(what, ())


def _storable_literal(values: tuple[Value, ...], hydra: str, place: TypePlace) -> Type:
    """`None` is beside a `Literal`, where linters want it."""
    rest = tuple(value for value in values if type_of(value) != NONE)
    if rest and _is_held("Literal", hydra, place) and all(_is_plain(value) for value in rest):
        held = LiteralType(rest)
        return held if rest == values else UnionType((held, NONE))
    types = tuple(dict.fromkeys(type_of(value) for value in values))
    return _storable_union(types, hydra, "field" if place == "field" else "inside")


def _is_plain(value: Value) -> bool:
    """Whether an override can set a value of a `Literal`: no bytes, and no members of enums."""
    return isinstance(value, Scalar) and isinstance(value.value, bool | int | str)


def _one_item_tuple(items: tuple[Type, ...], is_open: bool, hydra: str, place: TypePlace) -> Type:
    """Tuples have one item type for all places, and inside containers only lists are held."""
    unique = tuple(dict.fromkeys(storable(item, hydra, "inside") for item in items))
    item = (
        unique[0]
        if len(unique) == 1
        else _storable_union(unique, hydra, "inside")
        if unique
        else ANY
    )
    if place != "field":
        return ListType(item)
    same = len(unique) == 1 and not is_open
    return TupleType((item,) * len(items), open=False) if same else TupleType((item,), open=True)


def _storable_union(members: tuple[Type, ...], hydra: str, place: TypePlace) -> Type:
    """Of containers and nodes only `X | None` can be held, and `int | str` only inside containers.

    With OmegaConf 2.3 a field of several plain types fails as soon as its node is composed into
    another (omegaconf/basecontainer.py: `_merge_with` can't take the value out of a UnionNode).
    """
    held = (m if m == NONE else storable(m, hydra, place) for m in members)
    flat = dict.fromkeys(p for m in held for p in (m.members if isinstance(m, UnionType) else (m,)))
    rest = tuple(member for member in flat if member != NONE)
    optional = (NONE,) if NONE in flat else ()
    if not rest or ANY in rest:
        return ANY
    if len(rest) == 1:
        return UnionType((*rest, *optional)) if optional else rest[0]
    if place == "field":
        is_held = _is_held("union", hydra, place) and _is_held_union(rest)
    else:
        is_held = all(isinstance(m, ScalarType | EnumType | LiteralType) for m in rest)
    return UnionType((*rest, *optional)) if is_held else ANY


def _is_held_union(members: tuple[Type, ...]) -> bool:
    """Plain types and at most one list or tuple, as an override can't change from one to another.

    Within a union nothing is converted: neither the name of a member to its enum, nor a text to a
    path, nor an int in a list to a float.
    """
    containers = [m for m in members if isinstance(m, ListType | TupleType)]
    plain = (m for m in members if m not in containers)
    return (
        len(containers) < 2
        and all(_is_exact(container) for container in containers)
        and all(isinstance(m, LiteralType) or getattr(m, "name", "") in _PLAIN for m in plain)
    )


def _is_exact(written: Type) -> bool:
    match written:
        case ListType(item):
            return _is_exact(item)
        case TupleType(parts) | UnionType(parts):
            return all(part == NONE or _is_exact(part) for part in parts)
        case ScalarType(name):
            return name in _EXACT
    return isinstance(written, LiteralType)


def type_of(value: Value) -> Type:
    """The type of a plain value or enum member."""
    if isinstance(value, EnumMember):
        return EnumType(value.enum)
    if isinstance(value, Scalar) and value.value is None:
        return NONE
    return ScalarType(type(value.value).__name__) if isinstance(value, Scalar) else ANY


def stored_value(stored: Type, value: Value) -> Value:
    """Tuples and sets become lists where the type became one."""
    if isinstance(stored, UnionType):
        stored = member_of(stored, _kind(stored, value))
    match stored, value:
        case ScalarType("str" | "int"), EnumMember():
            return replace(value, is_value=True)
        case ListType(item), Items(items=items):
            return Items("list", tuple(stored_value(item, i) for i in items), value.span)
        case TupleType(types), Items(items=items) if types:
            each = types if len(types) == len(items) else (types[0],) * len(items)
            held = tuple(stored_value(t, i) for t, i in zip(each, items, strict=True))
            return Items("tuple", held, value.span)
        case DictType(_, inner), Table(items=pairs):
            return Table(tuple((key, stored_value(inner, v)) for key, v in pairs), value.span)
    return value


def _kind(stored: UnionType, value: Value) -> tuple[type, ...]:
    """The kind of type in a union that takes a value."""
    if isinstance(value, EnumMember):
        is_held = any(isinstance(member, EnumType) for member in stored.members)
        return (EnumType,) if is_held else (ScalarType,)
    return (DictType,) if isinstance(value, Table) else (ListType, TupleType)


def is_immutable(value: Value) -> bool:
    """Whether one value can serve every instance of a dataclass."""
    if isinstance(value, Items):
        return value.kind == "tuple" and all(is_immutable(item) for item in value.items)
    return not isinstance(value, Table | Instance | Computed)
