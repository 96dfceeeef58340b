"""Types and values -> Python text; what no config can hold becomes the nearest type that it can."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from cngen.composition import derives, effective, is_composed, value_is_none
from cngen.model.tree import Field, Tree, is_optional
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
)
from cngen.model.values import (
    Computed,
    EnumMember,
    Instance,
    Interpolation,
    Items,
    Missing,
    PathValue,
    Scalar,
    Table,
    Value,
)
from cngen.text.quoting import literal, quote

_KEYS = frozenset({"str", "int", "float", "bool", "bytes", "Any"})
_PLAIN = frozenset({"str", "int", "float", "bool", "bytes"})
_EXACT = frozenset({"str", "int", "bool"})

Place: TypeAlias = Literal["field", "list", "tuple", "inside"]
"""Where a type stands: a field's own, an item of its list, an item of its tuple, or deeper."""

HELD: Mapping[str, Mapping[str, frozenset[Place]]] = {
    "1.3": {},
    "1.4": {
        "Literal": frozenset({"field", "list", "tuple"}),
        "tuple": frozenset({"field", "tuple"}),
        "union": frozenset({"field"}),
    },
}
"""Where a version of Hydra, with its OmegaConf, holds what others can't (docs/hydra.md)."""


def storable(written: Type, hydra: str, place: Place = "field") -> Type:
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


def _is_held(what: str, hydra: str, place: Place) -> bool:
    return place in HELD[hydra].get(what, ())


def _storable_literal(values: tuple[Value, ...], hydra: str, place: Place) -> Type:
    """`None` stands beside a `Literal`, where linters want it."""
    rest = tuple(value for value in values if type_of(value) != NONE)
    if rest and _is_held("Literal", hydra, place) and all(_is_plain(value) for value in rest):
        held = LiteralType(rest)
        return held if rest == values else UnionType((held, NONE))
    types = tuple(dict.fromkeys(type_of(value) for value in values))
    return _storable_union(types, hydra, "field" if place == "field" else "inside")


def _is_plain(value: Value) -> bool:
    """Whether an override can say a value of a `Literal`: no bytes, and no members of enums."""
    return isinstance(value, Scalar) and isinstance(value.value, bool | int | str)


def _one_item_tuple(items: tuple[Type, ...], is_open: bool, hydra: str, place: Place) -> Type:
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


def _storable_union(members: tuple[Type, ...], hydra: str, place: Place) -> Type:
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


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes types and values with the store's names for nodes and enums.

    `computed` names the function that computes a value when the store is imported; `divided` are the
    dicts and lists that no dataclass has as its default (`composition.divided`). What `is_placed` in a
    config is made without a run of `__post_init__`, which comes when the config becomes an object.
    """

    tree: Tree
    names: Mapping[str, str]
    computed: Callable[[Computed], str]
    divided: frozenset[tuple[str, str]] = frozenset()
    is_placed: bool = False

    def stored(self, written: Type) -> Type:
        """The type that the store has for one in the source."""
        return storable(written, self.tree.settings.hydra)

    def type(self, written: Type) -> str:
        """An annotation; give it a storable type."""
        match written:
            case ScalarType(name):
                return name
            case EnumType(key) | NodeType(key):
                return self.names[key]
            case ListType(item):
                return f"list[{self.type(item)}]"
            case DictType(key, value):
                return f"dict[{self.type(key)}, {self.type(value)}]"
            case TupleType(items, is_open):
                inner = ", ".join(self.type(item) for item in items) or "()"
                return f"tuple[{inner}, ...]" if is_open else f"tuple[{inner}]"
            case UnionType(members):
                return " | ".join(self.type(member) for member in members)
            case LiteralType(values):
                return f"Literal[{', '.join(self.value(value) for value in values)}]"
        return "Any"

    def value(self, value: Value) -> str:
        """An expression that makes a value anew each time."""
        match value:
            case Items("tuple", items):
                inner = ", ".join(self.value(item) for item in items)
                return f"({inner},)" if len(items) == 1 else f"({inner})"
            case Items(items=items):
                return f"[{', '.join(self.value(item) for item in items)}]"
            case Table(items):
                return "{" + ", ".join(f"{self.value(k)}: {self.value(v)}" for k, v in items) + "}"
            case Instance():
                return self.instance(value)
            case Computed():
                return f"{self.computed(value)}()"
            case EnumMember(enum, member):
                return f"{self.names[enum]}.{member}{'.value' if value.is_value else ''}"
        return _plain(value)

    def instance(self, instance: Instance) -> str:
        """A node built in place: every field that a defaults list would fill is spelled out."""
        arguments: list[str] = []
        for field in self.tree.nodes[instance.node].fields:
            given = instance.get(field.name)
            value = given if given is not None else effective(self.tree, field)
            spelled = (
                given is not None
                or is_composed(field, value)
                or (instance.node, field.name) in self.divided
                or (self.is_placed and value is not None and derives(self.tree, value))
            )
            if value is None or not spelled or isinstance(value, Missing):
                continue
            if given is not None or not value_is_none(value):
                arguments.append(f"{field.name}={self.held(field, value)}")
        name = self.names[instance.node]
        if self.is_placed and derives(self.tree, instance):
            return f"_part({', '.join([name, *arguments])})"
        return f"{name}({', '.join(arguments)})"

    def default(self, node: str, field: Field) -> str:
        """What stands behind `=` in the dataclass of a node."""
        text = self._default(node, field)
        if not field.options:
            return text
        inner = text[len("field(") : -1] if text.startswith("field(") else f"default={text}"
        options = "".join(f", {name}={self.value(value)}" for name, value in field.options)
        return f"field({inner}{options})"

    def _default(self, node: str, field: Field) -> str:
        value = effective(self.tree, field)
        if (node, field.name) in self.divided:
            # Not even an empty dict can become a list.
            is_any = self.stored(field.type) == ANY
            return "MISSING" if is_any else "field(default_factory=dict)"
        if value is None:
            return "MISSING"
        if is_composed(field, value):
            return self._composed_default(field, value)
        if isinstance(value, Computed):
            return f"field(default_factory={self.computed(value)})"
        text = self.held(field, value)
        if is_immutable(value) and not text.startswith("["):
            return f"field(default={text})" if isinstance(value, Interpolation) else text
        empty = {"[]": "list", "{}": "dict"}.get(text, f"lambda: {text}")
        return f"field(default_factory={empty})"

    def held(self, field: Field, value: Value) -> str:
        """A field's value, with containers of the kind that the stored type has."""
        return self.value(_stored_value(self.stored(field.type), value))

    def _composed_default(self, field: Field, value: Value) -> str:
        if isinstance(value, Table):
            nones = self.nones(value)
            return (
                f"field(default_factory=lambda: {nones})"
                if nones != "{}"
                else "field(default_factory=dict)"
            )
        return "None" if is_optional(field) or value_is_none(value) else "MISSING"

    def divided_values(self, node: str) -> dict[str, str]:
        """The dicts and lists that are stored beside a node's dataclass, by field."""
        found: dict[str, str] = {}
        for field in self.tree.nodes[node].fields:
            value = field.default
            if value is None or not self._is_beside(node, field, value):
                continue
            if isinstance(value, Table) and is_composed(field, value):
                text = self.nones(value)
            else:
                text = self.held(field, value)
            if text != "{}" or self.stored(field.type) == ANY:
                found[field.name] = text
        return found

    def _is_beside(self, node: str, field: Field, value: Value) -> bool:
        """Whether a default is stored beside the dataclass, or beside it as well."""
        if (node, field.name) in self.divided:
            return isinstance(value, Table | Items | Computed)
        return not is_composed(field, value) and derives(self.tree, value)

    def nones(self, value: Table) -> str:
        """The part of a composed dict that no defaults list can bring."""
        return (
            "{"
            + ", ".join(f"{self.value(k)}: None" for k, v in value.items if value_is_none(v))
            + "}"
        )


def _stored_value(stored: Type, value: Value) -> Value:
    """Tuples and sets become lists where the type became one."""
    if isinstance(stored, UnionType):
        stored = next((m for m in stored.members if isinstance(m, _kind(stored, value))), ANY)
    match stored, value:
        case ScalarType("str" | "int"), EnumMember():
            return replace(value, is_value=True)
        case ListType(item), Items(items=items):
            return Items("list", tuple(_stored_value(item, i) for i in items), value.span)
        case TupleType(types), Items(items=items) if types:
            each = types if len(types) == len(items) else (types[0],) * len(items)
            held = tuple(_stored_value(t, i) for t, i in zip(each, items, strict=True))
            return Items("tuple", held, value.span)
        case DictType(_, inner), Table(items=pairs):
            return Table(tuple((key, _stored_value(inner, v)) for key, v in pairs), value.span)
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


def _plain(value: Value) -> str:
    """A value without parts. Unreadable ones come with an error, and such a tree isn't emitted."""
    match value:
        case PathValue(path):
            return f"Path({quote(path)})"
        case Missing():
            return "MISSING"
        case Interpolation(text):
            return _interpolation(text)
        case Scalar():
            return _literal(value.value)
    raise AssertionError(value)


def _literal(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return literal(value)


def _interpolation(text: str) -> str:
    """`II` where the whole string is one plain reference, else `SI`."""
    inner = text[2:-1]
    if text.startswith("${") and text.endswith("}") and inner and not set(inner) & set("${}:"):
        return f"II({quote(inner)})"
    return f"SI({quote(text)})"
