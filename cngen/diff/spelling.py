"""Values and types -> one spelling of all that mean the same."""

from dataclasses import replace

from cngen.model.types import DictType, ListType, LiteralType, Type, UnionType, map_type
from cngen.model.values import Table, Value, map_value


def in_order(value: Value) -> Value:
    """A value whose dicts have their keys in one order, which has no meaning."""
    return map_value(value, _sorted_table)


def _sorted_table(value: Value) -> Value:
    if not isinstance(value, Table):
        return value
    return replace(value, items=tuple(sorted(value.items, key=lambda pair: sort_key(pair[0]))))


def plain_type(written: Type) -> Type:
    """A type whatever its spelling: `Sequence[int]` is `list[int]`, and a union has no order."""
    return map_type(written, _plain)


def _plain(written: Type) -> Type:
    match written:
        case ListType(item):
            return ListType(item)
        case DictType(key, value):
            return DictType(key, value)
        case UnionType(members):
            return UnionType(tuple(sorted(members, key=repr)))
        case LiteralType(values):
            return LiteralType(tuple(sorted(values, key=sort_key)))
    return written


def sort_key(value: Value) -> str:
    """A plain value as a word to sort by."""
    return repr(
        (getattr(value, "text", ""), getattr(value, "enum", ""), getattr(value, "member", ""))
    )
