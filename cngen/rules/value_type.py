"""CN203."""

import ast
from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, Edit, Fix, Span
from cngen.hydra.fitting import misfit
from cngen.model.tree import EnumClass, Tree
from cngen.model.types import (
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
from cngen.rules.base import Rule, written_values
from cngen.rules.bodies import written_as
from cngen.rules.qualified_names import known_as, parsed
from cngen.syntax.facts import Constant, UnaryOp
from cngen.text.quoting import literal, quote


class ValueType(Rule):
    """A value doesn't fit the type of its field.

    ## What it does
    Compares every default, every argument of a node and every value of an experiment with the
    annotation, as Hydra will see it without converting.

    ## Why is it bad
    Hydra converts some such values and refuses others when the store is imported or a job starts. A
    float for an `int` fails, though it is written `1e6`; an enum is known by the names of its members,
    not by their values; `None` needs a type that says so. Either way the config isn't what the source
    says.

    ## Example
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = "16"
        FULL = "32"

    class Train(CN):
        steps: int = 1e6
        precision: Precision = "32"
    ```

    ## Use instead
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = "16"
        FULL = "32"

    class Train(CN):
        steps: int = 1_000_000
        precision: Precision = Precision.FULL
    ```
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
                fix = _fix(tree, name, _required(wanted), wrong)
                yield self.found(wrong.span, message, value_hint(tree, wanted, wrong), fix)


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
        case Interpolation(text):
            return f"the reference `{text}`"
        case Computed():
            return "a value that isn't known statically"
    return "this value"


def _required(written: Type) -> Type:
    """`X` of `X | None`."""
    if isinstance(written, UnionType):
        rest = [member for member in written.members if member != NONE]
        return rest[0] if len(rest) == 1 else written
    return written


def value_hint(tree: Tree, wanted: Type, value: Value) -> str:
    """What to write instead of a value that doesn't fit; empty where nothing is near."""
    if isinstance(value, Scalar):
        if value.value is None:
            return f"make the type `{type_text(tree, wanted)} | None`"
        required = _required(wanted)
        if isinstance(required, EnumType):
            return _member_hint(tree, required, value)
        if required == ScalarType("int") and _whole(value) is not None:
            return f"write `{_whole(value):_}`"
        if required == ScalarType("Path"):
            return f"write `Path({quote(str(value.value))})`"
    if node_type(wanted) is not None and isinstance(value, Interpolation):
        return "annotate `list[Any]`: OmegaConf takes no reference for a node in a typed list"
    if isinstance(value, EnumMember) and isinstance(_required(wanted), ScalarType):
        return f"write `{value_text(tree, value).strip('`')}.value`"
    if isinstance(wanted, NodeType) and isinstance(value, Computed):
        return "write the node as `Name(field=value)`"
    return ""


def _member_hint(tree: Tree, wanted: EnumType, value: Scalar) -> str:
    enum = tree.enums[wanted.enum]
    members = _members(enum, value)
    if members:
        return f"write the member `{enum.name}.{members[0]}`"
    return f"its members are {', '.join(name for name, _ in enum.members)}"


def _members(enum: EnumClass, value: Scalar) -> list[str]:
    """The members that a value may mean, by their names or values."""
    return [n for n, text in enum.members if value.value == n or _literal(text) == value]


def _literal(text: str) -> Scalar | None:
    """The value of a member, where it is a literal."""
    match parsed(text):
        case ast.Constant(bool() | int() | float() | str() as value):
            return Scalar(value, literal(value), Span("", 0, 0))
    return None


def _whole(value: Scalar) -> int | None:
    """The integer that a float is, if it is one, and if a float can tell it from its neighbours."""
    number = value.value
    is_whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**53
    return int(number) if isinstance(number, float) and is_whole else None


def _fix(tree: Tree, name: str, wanted: Type, value: Value) -> Fix | None:
    """The same value as the type wants it, where it is written out for this field."""
    if not isinstance(value, Scalar) or not isinstance(wanted, ScalarType | EnumType):
        return None
    written = written_as(tree, name, value.span)
    path, start, end = value.span
    if not isinstance(written, Constant | UnaryOp):
        return None
    if isinstance(wanted, EnumType):
        members = _members(tree.enums[wanted.enum], value)
        known = known_as(tree, path, wanted.enum) if len(members) == 1 else ""
        return Fix((Edit(value.span, f"{known}.{members[0]}"),)) if known else None
    if wanted.name == "int" and _whole(value) is not None:
        return Fix((Edit(value.span, f"{_whole(value):_}"),))
    if wanted.name == "Path" and isinstance(value.value, str):
        known = known_as(tree, path, "pathlib.Path")
        before, after = Span(path, start, start), Span(path, end, end)
        return Fix((Edit(before, f"{known}("), Edit(after, ")"))) if known else None
    return None
