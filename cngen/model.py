"""What the tree means: nodes, fields, types and values; linked by name, without syntax and I/O."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from cngen.diagnostics import Span
from cngen.project.settings import Settings
from cngen.syntax.facts import Module

_MOST_DIGITS = 18
TREES = 2
"""How many trees a run knows at most: what is derived from one is remembered, and a diff has two."""

# Types of fields


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

# Values of fields. A value's place doesn't take part in equality.


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain value; `text` keeps `1`, `1.0` and `True` apart."""

    value: "bool | int | float | complex | str | bytes | None" = field(compare=False)
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PathValue:
    path: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A member of an enum, or with `is_value` its value, where a field holds that."""

    enum: str
    member: str
    span: Span = field(compare=False)
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set (`kind`)."""

    kind: str
    items: tuple["Value", ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A dict, in the written order."""

    items: tuple[tuple["Value", "Value"], ...]
    span: Span = field(compare=False)

    def get(self, name: str) -> "Value | None":
        """The value under a key that is a string, or None."""
        return next((v for k, v in self.items if isinstance(k, Scalar) and k.value == name), None)


@dataclass(frozen=True, slots=True)
class Argument:
    """One keyword of an instance; its place is that of the keyword."""

    name: str
    value: "Value"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Instance:
    """A node with some fields set: `Adam(lr=3e-4)`; a bare class, as such, is an instance without arguments."""

    node: str
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False)
    is_bare: bool = field(default=False, compare=False)

    def get(self, name: str) -> "Value | None":
        """The value given for a field, or None."""
        return next((a.value for a in self.arguments if a.name == name), None)


@dataclass(frozen=True, slots=True)
class Missing:
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Interpolation:
    """A string with `${...}` that Hydra resolves; of `ref(...)` only Hydra knows what it is."""

    text: str
    span: Span = field(compare=False)
    is_reference: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression that can't be folded, carried over as code: its text and (name, import) pairs."""

    text: str
    imports: tuple[tuple[str, str], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that can be neither folded nor carried over; its finding is already told."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unheld(Unreadable):
    """A value of a type that no config can hold, whose name is `kind`; the value itself, where it is known."""

    kind: str = ""
    payload: Any = field(default=None, compare=False)


# Values that only experiments, and primary configs derived from others, may write


@dataclass(frozen=True, slots=True)
class Patch:
    """`patch(lr=1)`: other values for fields of whatever is there."""

    arguments: tuple[Argument, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Sweep:
    """`sweep(a, b)`: one job for each value; those of one `zip` name advance together."""

    values: tuple["Value", ...]
    zip: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Interval:
    """`interval(low, high)`: where a sweeper that searches picks values."""

    low: "Value"
    high: "Value"
    log: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Points:
    """`points(Small, Large)`: one job for each experiment."""

    experiments: tuple["Value", ...]
    zip: str
    span: Span = field(compare=False)


Value: TypeAlias = (
    Scalar
    | PathValue
    | EnumMember
    | Items
    | Table
    | Instance
    | Missing
    | Interpolation
    | Computed
    | Unreadable
    | Patch
    | Sweep
    | Interval
    | Points
)

# The tree


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a node has it, inherited ones included.

    `owner` is the node in which the default was written, `default` is None where the field is required.
    `options` is what `field(...)` says besides: `metadata`, `repr`, ...
    """

    name: str
    type: Type
    default: Value | None
    owner: str
    span: Span = field(compare=False)
    options: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a class has besides fields and must keep at run time.

    `custom` holds special methods, `class_variables` what is annotated as `ClassVar`. `is_own` tells
    whether its own body, or a base that is no node, has some.
    """

    custom: frozenset[str] = frozenset()
    class_variables: frozenset[str] = frozenset()
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class Engine:
    """What a class says about Hydra itself: its plugins for jobs, and settings for `hydra`."""

    launcher: str = ""
    sweeper: str = ""
    settings: Value | None = None

    @property
    def searches(self) -> bool:
        """Whether a plugin chooses the jobs one after another."""
        return self.sweeper not in ("", "basic")


@dataclass(frozen=True, slots=True)
class Node:
    """One config node. `key` is its qualified name, `lineage` its CN bases nearest first, itself first.

    `option` is the name under which it is stored, None for an abstract one. `declared` holds the
    names of the fields that its own body writes. `behaviour` is None for a data-only node.
    `defaults` is a defaults list written by hand.

    Of a node that inherits from a primary config, `primary` is that config, `written` has what its own
    body says of its fields (sweeps and patches as such) and `points` the sweeps over experiments, by
    attribute; its `fields` are what then is composed, with nothing swept.

    The project's own base class (`is_base`) is a node only for what it gives to all others. A class that
    `is_generic` has parameters for types, or a base that has some.
    """

    key: str
    name: str
    module: str
    group: str
    option: str | None
    aliases: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]
    lineage: tuple[str, ...]
    fields: tuple[Field, ...]
    declared: frozenset[str]
    behaviour: Behaviour | None
    defaults: Value | None
    doc: str | None
    span: Span = field(compare=False)
    engine: Engine = Engine()
    points: tuple[tuple[str, Value], ...] = ()
    written: tuple[tuple[str, Value], ...] = ()
    primary: str = ""
    is_base: bool = False
    is_generic: bool = False

    @property
    def is_experiment(self) -> bool:
        """Whether only its differences from a primary config are stored."""
        return bool(self.primary and self.group)

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum: where it is imported from and its members, as (name, text of the value).

    `plain` is the plain type that its members are of as well: `str` for a `StrEnum`.
    """

    key: str
    name: str
    module: str
    members: tuple[tuple[str, str], ...]
    span: Span = field(compare=False)
    plain: str = ""

    def named(self, name: str) -> str:
        """The member that a name stands for: of equal values the first."""
        value = dict(self.members).get(name)
        return next((first for first, text in self.members if text == value), name)


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Everything that the sources define, by qualified name, in the order of the sources.

    A tree is equal to itself alone, so that what is derived from it can be remembered.

    `modules` are the facts of the sources below the roots, by path.
    """

    settings: Settings
    nodes: Mapping[str, Node]
    enums: Mapping[str, EnumClass]
    modules: Mapping[str, Module] = field(default_factory=dict)

    def options(self, group: str) -> Mapping[str, Node]:
        """The options of a config group (of the root folder for an empty name), aliases included."""
        return _options(self).get(group, {})

    def is_a(self, node: str, base: str) -> bool:
        """Whether one node inherits from another or is it."""
        return base in self.nodes[node].lineage


@lru_cache(maxsize=TREES)
def _options(tree: Tree) -> Mapping[str, Mapping[str, Node]]:
    found: dict[str, dict[str, Node]] = {}
    for node in tree.nodes.values():
        if node.option is not None:
            found.setdefault(node.group, {})[node.option] = node
    for node in tree.nodes.values():
        for group, name in node.aliases:
            found.setdefault(group, {})[name] = node
    return {group: dict(sorted(options.items())) for group, options in found.items()}


def index_of(key: str) -> int:
    """The index that a part of a path is; one of more digits than Python reads is behind every list's end."""
    return int(key) if len(key) <= _MOST_DIGITS else sys.maxsize


def inner_values(value: Value) -> tuple[Value, ...]:
    """The values that a value is made of; keys of dicts and the experiments of points aren't."""
    match value:
        case Instance(arguments=arguments) | Patch(arguments):
            return tuple(argument.value for argument in arguments)
        case Items(items=items) | Sweep(values=items):
            return items
        case Table(items=pairs):
            return tuple(item for _, item in pairs)
    return ()


def outermost(value: Value, kinds: tuple[type, ...]) -> Iterator[Value]:
    """The values of some kinds in a value, itself included, without those inside of others."""
    if isinstance(value, kinds):
        yield value
        return
    for inner in inner_values(value):
        yield from outermost(inner, kinds)


def instances(value: Value) -> Iterator[Instance]:
    """The outermost nodes in a value; those in patches and sweeps don't stand there yet."""
    found = outermost(value, (Instance, Patch, Sweep))
    return (inner for inner in found if isinstance(inner, Instance))


def every_instance(value: Value) -> Iterator[Instance]:
    """Every node in a value, those in the arguments of others included."""
    if isinstance(value, Instance):
        yield value
    for inner in inner_values(value):
        yield from every_instance(inner)


def is_node_field(field: Field) -> bool:
    """Whether a field holds one node, chosen by the defaults list."""
    return node_type(field.type) is not None or isinstance(field.default, Instance)


def is_optional(field: Field) -> bool:
    """Whether a field may be None by its type."""
    return isinstance(field.type, UnionType) and NONE in field.type.members


def node_type(written: Type) -> NodeType | None:
    """`Model` of `Model` and of `Model | None`."""
    if isinstance(written, UnionType):
        rest = [m for m in written.members if m != NONE]
        return node_type(rest[0]) if len(rest) == 1 and len(rest) < len(written.members) else None
    return written if isinstance(written, NodeType) else None


def node_dict_type(written: Type) -> NodeType | None:
    """`Head` of `dict[str, Head]`, also of optional ones."""
    if isinstance(written, UnionType):
        rest = [m for m in written.members if m != NONE]
        return node_dict_type(rest[0]) if len(rest) == 1 else None
    if isinstance(written, DictType) and written.key == ScalarType("str"):
        return node_type(written.value)
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
