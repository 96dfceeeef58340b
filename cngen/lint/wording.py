"""Types, values and names -> words of a message."""

import ast
from collections.abc import Sequence

from cngen.diagnostics import Span
from cngen.lint.queries.qualified_names import parsed
from cngen.model.printing import annotation
from cngen.model.tree import EnumClass, Tree
from cngen.model.types import EnumType, NodeType, ScalarType, Type, node_type, without_none
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


def type_text(tree: Tree, written: Type) -> str:
    """A type in a message, as a person would write it."""
    return annotation(
        written,
        lambda key: key.rpartition(".")[2],
        lambda value: shown_value(tree, value).strip("`"),
    )


def shown_value(tree: Tree, value: Value) -> str:
    """A value in a message; long ones by their kind."""
    match value:
        case Scalar(text=text) if len(text) < 40:
            return f"`{quote(value.value) if isinstance(value.value, str) else text}`"
        case PathValue(path):
            return f"`Path({quote(path)})`"
        case EnumMember(enum, member):
            return f"`{enum.rpartition('.')[2]}.{member}`"
        case Items(kind):
            return f"this {kind}"
        case Table():
            return "this dict"
        case Instance(node):
            return f"the node `{node.rpartition('.')[2]}`"
        case Missing():
            return "`MISSING`"
        case Interpolation(text):
            return f"the reference `{text}`"
        case Computed():
            return "a value that isn't known statically"
    return "this value"


def value_hint(tree: Tree, wanted: Type, value: Value) -> str:
    """What to write instead of a value that doesn't fit; empty where nothing is near."""
    if isinstance(value, Scalar):
        if value.value is None:
            return f"annotate it as `{type_text(tree, wanted)} | None`"
        required = without_none(wanted)
        if isinstance(required, EnumType):
            return _member_hint(tree, required, value)
        if required == ScalarType("int") and whole_number(value) is not None:
            return f"write `{whole_number(value):_}`"
        if required == ScalarType("Path"):
            return f"write `Path({quote(str(value.value))})`"
    if node_type(wanted) is not None and isinstance(value, Interpolation):
        return (
            "annotate `list[Any]`: OmegaConf doesn't accept a reference as a node in a typed list"
        )
    if isinstance(value, EnumMember) and isinstance(without_none(wanted), ScalarType):
        return f"write `{shown_value(tree, value).strip('`')}.value`"
    if isinstance(wanted, NodeType) and isinstance(value, Computed):
        return "write the node as `Name(field=value)`"
    return ""


def _member_hint(tree: Tree, wanted: EnumType, value: Scalar) -> str:
    enum = tree.enums[wanted.enum]
    members = members_like(enum, value)
    if members:
        return f"write the member `{enum.name}.{members[0]}`"
    return f"its members are {', '.join(name for name, _ in enum.members)}"


def members_like(enum: EnumClass, value: Scalar) -> list[str]:
    """The members that a value may mean, by their names or values."""
    return [n for n, text in enum.members if value.value == n or _literal(text) == value]


def _literal(text: str) -> Scalar | None:
    """The value of a member, where it is a literal."""
    match parsed(text):
        case ast.Constant(bool() | int() | float() | str() as value):
            return Scalar(value, literal(value), Span("", 0, 0))
    return None


def whole_number(value: Scalar) -> int | None:
    """The integer that a float equals, if it is exact."""
    number = value.value
    is_whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**53
    return int(number) if isinstance(number, float) and is_whole else None


def listed(names: Sequence[str]) -> str:
    """Names in a message, two at the most."""
    shown = [f"`{name}`" for name in names[:2]]
    if len(names) > 2:
        return f"{', '.join(shown)} and {len(names) - 2} more"
    return " and ".join(shown)
