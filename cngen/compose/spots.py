"""What may be at one place of composed configs, whatever is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from cngen.model.tree import Tree
from cngen.model.types import (
    ANY,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    ScalarType,
    TupleType,
    Type,
    without_none,
)
from cngen.model.values import EnumMember, Scalar, Table, Value

ANY_KEY = "*"
"""Stands in a path for whichever key of a dict, or index of a list, a node is at."""


_UNNAMED = tuple(ScalarType(name) for name in ("int", "float", "bool", "bytes"))
"""Types of keys that no interpolation can name: OmegaConf looks up strings."""


def key_type(held: Type) -> Type:
    """The type of the keys of a dict."""
    held = without_none(held)
    return held.key if isinstance(held, DictType) else ANY


def is_named(tree: Tree, held: Type, key: Value, name: str) -> bool | None:
    """Whether an interpolation finds a key of a dict by a name; None if it isn't known statically.

    OmegaConf looks up strings, and of a dict with an enum for its keys the member of that name.
    """
    match key:
        case Scalar(value):
            return isinstance(value, str) and value == name
        case EnumMember(enum, member) if held == EnumType(enum):
            names = tree.enums[enum].named if enum in tree.enums else str
            return names(name) == names(member)
        case EnumMember() if held == ANY:
            return False
    return None


def type_of_items(held: Type) -> Type:
    match without_none(held):
        case ListType(item) | DictType(value=item):
            return item
        case TupleType(items) if len(set(items)) == 1:
            return items[0]
    return ANY


@dataclass(frozen=True, slots=True)
class Container:
    """A list or a dict: what is written for it, and the nodes that its items may be."""

    type: ListType | TupleType | DictType
    values: tuple[Value, ...]
    nodes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """What may be at one place; `is_unknown` where that may be anything, so that every key may be there.

    `texts` are the strings among what is written there. `is_none` marks a node that is None by default.
    """

    nodes: frozenset[str] = frozenset()
    containers: tuple[Container, ...] = ()
    plain: frozenset[Type] = frozenset()
    is_unknown: bool = False
    texts: frozenset[str] = frozenset()
    is_none: bool = False

    def __bool__(self) -> bool:
        return bool(self.nodes or self.containers or self.plain or self.is_unknown)


def has_unnamed(container: Container) -> bool:
    return isinstance(container.type, DictType) and container.type.key in _UNNAMED


def has_items(container: Container) -> bool:
    return any(isinstance(value, Table) and value.items for value in container.values)


def texts_of(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(v.value for v in values if isinstance(v, Scalar) and isinstance(v.value, str))


def is_plain_type(held: Type) -> bool:
    if isinstance(held, ScalarType):
        return held != ANY
    return isinstance(held, EnumType | LiteralType)


def merged(spots: Iterable[Spot]) -> Spot:
    found = tuple(spots)
    if len(found) == 1:
        return found[0]
    return Spot(
        frozenset().union(*(spot.nodes for spot in found)),
        tuple(container for spot in found for container in spot.containers),
        frozenset().union(*(spot.plain for spot in found)),
        any(spot.is_unknown for spot in found),
        frozenset().union(*(spot.texts for spot in found)),
        any(spot.is_none for spot in found),
    )
