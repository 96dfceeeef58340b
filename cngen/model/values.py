"""The values of fields, and walks over them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from cngen.diagnostics import Span

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

    def renamed(self, name: str) -> "Argument":
        """The same for another field."""
        return self if name == self.name else replace(self, name=name)


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
    """A value that can be neither folded nor carried over; its finding is already reported."""

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


def members(value: Value) -> Iterator[EnumMember]:
    """Every member of an enum in a value."""
    if isinstance(value, EnumMember):
        yield value
    for inner in inner_values(value):
        yield from members(inner)


def map_value(value: Value, change: Callable[[Value], Value]) -> Value:
    """A value with `change` applied to each value inside it, innermost first, and to itself."""

    def inner(each: Value) -> Value:
        return map_value(each, change)

    match value:
        case Instance(arguments=arguments) | Patch(arguments):
            given = tuple(replace(a, value=inner(a.value)) for a in arguments)
            value = replace(value, arguments=given)
        case Items(items=items):
            value = replace(value, items=tuple(map(inner, items)))
        case Table(pairs):
            value = replace(value, items=tuple((inner(k), inner(v)) for k, v in pairs))
        case Sweep(values):
            value = replace(value, values=tuple(map(inner, values)))
        case Interval(low, high):
            value = replace(value, low=inner(low), high=inner(high))
        case Points(experiments):
            value = replace(value, experiments=tuple(map(inner, experiments)))
    return change(value)
