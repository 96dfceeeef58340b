"""The types of fields."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from cngen.model.values import Value


@dataclass(frozen=True, slots=True)
class ScalarType:
    """`int`, `float`, `bool`, `str`, `bytes`, `Path`, `Any` or `None`."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumType:
    enum: str


@dataclass(frozen=True, slots=True)
class NodeType:
    node: str


@dataclass(frozen=True, slots=True)
class ListType:
    """A sequence with one item type; `written` is the name in the source (`list`, `set`, `Sequence`, ...)."""

    item: "Type"
    written: str = "list"


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple[int, str]`, or with `open` `tuple[int, ...]`."""

    items: tuple["Type", ...]
    open: bool


@dataclass(frozen=True, slots=True)
class DictType:
    key: "Type"
    value: "Type"
    written: str = "dict"


@dataclass(frozen=True, slots=True)
class UnionType:
    """Two or more types, `None` included."""

    members: tuple["Type", ...]


@dataclass(frozen=True, slots=True)
class LiteralType:
    values: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class OtherType:
    """A type that no config can hold; `text` is as written."""

    text: str


Type: TypeAlias = (
    ScalarType
    | EnumType
    | NodeType
    | ListType
    | TupleType
    | DictType
    | UnionType
    | LiteralType
    | OtherType
)

ANY = ScalarType("Any")
NONE = ScalarType("None")


def without_none(written: Type) -> Type:
    """`X` of `X | None`; of other unions what is left."""
    if not isinstance(written, UnionType):
        return written
    rest = tuple(member for member in written.members if member != NONE)
    return rest[0] if len(rest) == 1 else UnionType(rest)


def member_of(written: Type, kinds: type | tuple[type, ...]) -> Type:
    """The first member of a union that is of one of these kinds, `Any` if none is; any other type itself."""
    if not isinstance(written, UnionType):
        return written
    return next((member for member in written.members if isinstance(member, kinds)), ANY)


def node_type(written: Type) -> NodeType | None:
    """`Model` of `Model` and of `Model | None`."""
    held = without_none(written)
    return held if isinstance(held, NodeType) else None


def node_dict_type(written: Type) -> NodeType | None:
    """`Head` of `dict[str, Head]`, also of optional ones."""
    held = without_none(written)
    if isinstance(held, DictType) and held.key == ScalarType("str"):
        return node_type(held.value)
    return None


def mentioned_nodes(written: Type) -> tuple[str, ...]:
    """Every node that a type names, in order."""
    return tuple(named.node for named in _named(written) if isinstance(named, NodeType))


def mentioned(written: Type) -> tuple[str, ...]:
    """Every node and enum that a type names, in order."""
    return tuple(n.node if isinstance(n, NodeType) else n.enum for n in _named(written))


def _named(written: Type) -> tuple[NodeType | EnumType, ...]:
    match written:
        case NodeType() | EnumType():
            return (written,)
        case ListType(item):
            return _named(item)
        case DictType(key, value):
            return _named(key) + _named(value)
        case TupleType(items) | UnionType(items):
            return tuple(named for item in items for named in _named(item))
    return ()


def is_class_type(written: Type) -> bool:
    """Whether an annotation asks for a class and not for an object."""
    text = written.text if isinstance(written, OtherType) else ""
    return text.rpartition(".")[2].lower().startswith("type[") or text in ("type", "Type")


def map_type(written: Type, change: Callable[[Type], Type]) -> Type:
    """A type with `change` applied to each type inside it, innermost first, and to itself."""

    def inner(each: Type) -> Type:
        return map_type(each, change)

    match written:
        case ListType(item):
            written = replace(written, item=inner(item))
        case DictType(key, value):
            written = replace(written, key=inner(key), value=inner(value))
        case TupleType(items):
            written = replace(written, items=tuple(map(inner, items)))
        case UnionType(members):
            written = replace(written, members=tuple(map(inner, members)))
    return change(written)
