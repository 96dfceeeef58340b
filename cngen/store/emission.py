"""Types and values -> the text that they have in the store."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cngen.compose.defaults import derives, effective, is_composed, value_is_none
from cngen.hydra.types import is_immutable, storable, stored_value
from cngen.model.printing import annotation
from cngen.model.tree import Field, Tree, is_optional
from cngen.model.types import ANY, Type
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
        return annotation(written, self.names.__getitem__, self.value)

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
        """What is after `=` in the dataclass of a node."""
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
        return self.value(stored_value(self.stored(field.type), value))

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
