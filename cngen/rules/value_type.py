"""CN203."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.emission import quote
from cngen.fitting import misfit
from cngen.model import (
    Computed,
    DictType,
    EnumMember,
    EnumType,
    Instance,
    Items,
    ListType,
    LiteralType,
    Missing,
    NodeType,
    OtherType,
    PathValue,
    Scalar,
    ScalarType,
    Table,
    Tree,
    TupleType,
    Type,
    UnionType,
    Value,
)
from cngen.rules.base import Rule, written_values


class ValueType(Rule):
    """A value doesn't fit the type of its field.

    Hydra converts some such values and refuses others when a job starts; either way the config
    isn't what the source says (`int = 1e6`, `str = None`, an enum by its value).
    """

    code = "CN203"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every default and every argument of an instance."""
        for node, name, written, value in written_values(tree):
            found = misfit(tree, written, value)
            if found is not None:
                wanted, wrong = found
                asked, value_said = type_text(tree, wanted), value_text(tree, wrong)
                message = f"`{node.name}.{name}` is `{asked}`, which {value_said} doesn't fit"
                yield self.found(wrong.span, message, value_hint(tree, wanted, wrong))


def type_text(tree: Tree, written: Type) -> str:
    """A type as a person would write it."""
    match written:
        case ScalarType(name):
            return name
        case EnumType(key) | NodeType(key):
            return key.rpartition(".")[2]
        case ListType(item, name):
            return f"{name}[{type_text(tree, item)}]"
        case DictType(key, value, name):
            return f"{name}[{type_text(tree, key)}, {type_text(tree, value)}]"
        case TupleType(items, is_open):
            inner = ", ".join(type_text(tree, item) for item in items)
            return f"tuple[{inner}{', ...' if is_open else ''}]"
        case UnionType(members):
            return " | ".join(type_text(tree, member) for member in members)
        case LiteralType(values):
            return f"Literal[{', '.join(value_text(tree, value).strip('`') for value in values)}]"
        case OtherType(text):
            return text


def value_text(tree: Tree, value: Value) -> str:
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
        case Computed():
            return "a value that isn't known statically"
    return "this value"


def value_hint(tree: Tree, wanted: Type, value: Value) -> str:
    """What to write instead of a value that doesn't fit; empty where nothing is near."""
    if isinstance(value, Scalar):
        if value.value is None:
            return f"make the type `{type_text(tree, wanted)} | None`"
        if isinstance(wanted, EnumType):
            return _member_hint(tree, wanted, value)
        if (
            wanted == ScalarType("int")
            and isinstance(value.value, float)
            and value.value.is_integer()
        ):
            return f"write `{int(value.value):_}`"
        if wanted == ScalarType("Path"):
            return f"write `Path({quote(str(value.value))})`"
    if isinstance(wanted, NodeType) and isinstance(value, Computed):
        return "write the node as `Name(field=value)`"
    return ""


def _member_hint(tree: Tree, wanted: EnumType, value: Scalar) -> str:
    enum = tree.enums[wanted.enum]
    for name, text in enum.members:
        if value.value == name or text.strip("'\"") == str(value.value):
            return f"write the member `{enum.name}.{name}`"
    return f"its members are {', '.join(name for name, _ in enum.members)}"
