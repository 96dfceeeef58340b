"""Types and values -> Python text, as a person writes it."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from cngen.model.naming import class_names
from cngen.model.tree import Tree
from cngen.model.types import (
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
    map_type,
)
from cngen.model.values import (
    Argument,
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
    Value,
)

UNSET = repr("???")
"""The text of what must be given before it can be read."""


def value_text(tree: Tree, value: Value) -> str:
    """A stored value as Python text; lists, tuples and sets are all lists there."""
    match value:
        case Items(items=items):
            return f"[{', '.join(value_text(tree, item) for item in items)}]"
        case Table(items):
            pairs = (f"{value_text(tree, k)}: {value_text(tree, v)}" for k, v in items)
            return f"{{{', '.join(pairs)}}}"
        case EnumMember(enum, member):
            named = tree.enums[enum].named(member) if enum in tree.enums else member
            member = f"{class_names(tree).get(enum, enum)}.{named}"
            return f"{member}.value" if value.is_value else member
        case PathValue(path):
            return f"Path({path!r})"
        case Interpolation(text) | Computed(text):
            return repr(text) if isinstance(value, Interpolation) else text
        case Missing():
            return UNSET
        case Scalar():
            return repr(value.value)
    return "?"


def annotation(written: Type, named: Callable[[str], str], literal: Callable[[Value], str]) -> str:
    """A type as Python text, with names of nodes and enums by their key and values of a `Literal`."""
    match written:
        case ScalarType(name) | OtherType(name):
            return name
        case EnumType(key) | NodeType(key):
            return named(key)
        case ListType(item, name):
            return f"{name}[{annotation(item, named, literal)}]"
        case DictType(key, value, name):
            pair = annotation(key, named, literal), annotation(value, named, literal)
            return f"{name}[{', '.join(pair)}]"
        case TupleType(items, is_open):
            inner = ", ".join(annotation(item, named, literal) for item in items) or "()"
            return f"tuple[{inner}, ...]" if is_open else f"tuple[{inner}]"
        case UnionType(members):
            return " | ".join(annotation(member, named, literal) for member in members)
        case LiteralType(values):
            return f"Literal[{', '.join(map(literal, values))}]"


@lru_cache(maxsize=4096)
def stored_type_text(tree: Tree, stored: Type) -> str:
    """A stored type with the store's names, comparable with one of another tree: unions are sorted."""

    def named(key: str) -> str:
        return class_names(tree).get(key, key)

    def literal(value: Value) -> str:
        return value_text(tree, value)

    def in_order(written: Type) -> Type:
        if not isinstance(written, UnionType):
            return written
        texts = {annotation(member, named, literal): member for member in written.members}
        return UnionType(tuple(texts[t] for t in sorted(texts, key=lambda t: (t == "None", t))))

    return annotation(map_type(stored, in_order), named, literal)


BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}


def notation(tree: Tree, value: Value) -> str:
    """A value in the notation of the sources, folded: `Adam(lr=0.001)`, `sweep(1, 2)`."""
    match value:
        case Items(kind, items):
            opening, closing = BRACKETS[kind]
            comma = "," if kind == "tuple" and len(items) == 1 else ""
            return f"{opening}{_listed(tree, items)}{comma}{closing}"
        case Table(pairs):
            inner = ", ".join(f"{notation(tree, k)}: {notation(tree, v)}" for k, v in pairs)
            return f"{{{inner}}}"
        case Instance(node, arguments):
            return f"{_name(tree, node)}({_keywords(tree, arguments)})"
        case Missing():
            return "MISSING"
    return _of_experiments(tree, value)


def _of_experiments(tree: Tree, value: Value) -> str:
    """What only experiments write, and plain values."""
    match value:
        case Patch(arguments):
            return f"patch({_keywords(tree, arguments)})"
        case Sweep(values, name):
            return f"sweep({_listed(tree, values)}{_zip(name)})"
        case Points(experiments, name):
            names = (_point(tree, experiment) for experiment in experiments)
            return f"points({', '.join(names)}{_zip(name)})"
        case Interval(low, high, log):
            return f"interval({_listed(tree, (low, high))}{', log=True' if log else ''})"
    return value_text(tree, value)


def _point(tree: Tree, value: Value) -> str:
    if isinstance(value, Instance) and not value.arguments:
        return _name(tree, value.node)
    return notation(tree, value)


def _name(tree: Tree, node: str) -> str:
    return tree.nodes[node].name if node in tree.nodes else node.rpartition(".")[2]


def _zip(name: str) -> str:
    return f', zip="{name}"' if name else ""


def _listed(tree: Tree, values: Iterable[Value]) -> str:
    return ", ".join(notation(tree, value) for value in values)


def _keywords(tree: Tree, arguments: Iterable[Argument]) -> str:
    return ", ".join(f"{a.name}={notation(tree, a.value)}" for a in arguments)
