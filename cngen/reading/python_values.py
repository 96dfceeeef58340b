"""Values <-> the Python values with which an expression is computed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cngen import codes
from cngen.diagnostics import Report, RuleId, Span
from cngen.model.values import (
    EnumMember,
    Interpolation,
    Items,
    Missing,
    PathValue,
    Scalar,
    Table,
    Unheld,
    Unreadable,
    Value,
)
from cngen.reading.computing import (
    Failed,
    FoldedPath,
    Iterated,
    Kept,
    Member,
    NotKnown,
    Work,
    is_true,
    ordered,
)
from cngen.reading.lookup import Lookup
from cngen.syntax.facts import Constant
from cngen.text.quoting import literal


class Refused(Exception):
    """The expression can't be a value; the finding is reported."""


@dataclass(slots=True)
class PythonValues:
    """Computes with values within the work that one default may cost."""

    lookup: Lookup
    report: Report
    work: Work = field(default_factory=Work)

    def python(self, value: Value) -> Any:
        self.work.spend()
        match value:
            case Scalar():
                return value.value
            case Items("set", items):
                return frozenset(self.python(item) for item in items)
            case Items(kind, items):
                return (list if kind == "list" else tuple)(self.python(item) for item in items)
            case Table(items):
                return {self.python(key): self.python(item) for key, item in items}
            case PathValue(path):
                return FoldedPath(path)
            case Interpolation(text, is_reference=False):
                return text
            case Unheld(payload=payload) if payload is not None:
                return payload
            case EnumMember(enum) if enum in self.lookup.targets and self.lookup.is_plain(enum):
                return Member(value)
        return Kept(value)

    def value(self, value: Any, span: Span) -> Value:
        """A computed Python value as a Value; sets in a fixed order."""
        self.work.spend(1 + (len(value) // 8 if isinstance(value, str | bytes) else 0))
        match value:
            case Kept():
                return value.value  # type: ignore[return-value]
            case FoldedPath():
                return PathValue(str(value), span)
            case list() | tuple():
                items = tuple(self.value(item, span) for item in value)
                return Items("list" if isinstance(value, list) else "tuple", items, span)
            case set() | frozenset():
                held = [self.value(item, span) for item in value]
                return Items("set", tuple(sorted(held, key=_order)), span)
            case dict():
                pairs = [(self.value(k, span), self.value(v, span)) for k, v in value.items()]
                return Table(tuple(pairs), span)
            case None | bool() | int() | float() | complex() | str() | bytes():
                return constant(Constant(value, literal(value), span.start, span.end), span)
        kind = value.kind if isinstance(value, Iterated) else type(value).__name__
        return Unheld(span, kind, value)

    def attempt(self, function: Callable[[], Any], span: Span) -> Any:
        try:
            return function()
        except Failed as error:
            self.refuse(span, codes.FAILING_EXPRESSION, str(error), "")

    def computed(self, function: Callable[[], Any], span: Span) -> Value:
        return self.value(self.attempt(function, span), span)

    def is_true(self, value: Value, span: Span) -> bool:
        python = self.python(value)
        return bool(self.attempt(lambda: is_true(python), span))

    def key(self, value: Value, span: Span) -> object:
        """The identity of a key of a dict or an item of a set, as Python compares them."""
        key = self.python(value)
        try:
            hash(key)
        except TypeError as error:
            self.refuse(span, codes.FAILING_EXPRESSION, f"this can't be computed: {error}", "")
        except NotKnown:
            return value
        return key

    def table(self, pairs: Iterable[tuple[Value, Value]], span: Span) -> Table:
        """A dict: of equal keys it has the first, with the last value."""
        found: dict[object, tuple[Value, Value]] = {}
        for key, value in pairs:
            same = self.key(key, span)
            found[same] = (found[same][0] if same in found else key, value)
        return Table(tuple(found.values()), span)

    def set_of(self, items: Iterable[Value], span: Span) -> Value:
        return Items("set", tuple({self.key(item, span): item for item in items}.values()), span)

    def iterated(self, value: Value, span: Span) -> list[Value]:
        """The items of a value, in their order."""
        if isinstance(value, Items) and (value.kind != "set" or len(value.items) < 2):
            return list(value.items)
        if isinstance(value, Table):
            return [key for key, _ in value.items]
        python = self.python(value)
        return [self.value(item, span) for item in self.attempt(lambda: ordered(python), span)]

    def unreadable(
        self, span: Span, message: str, hint: str, rule: RuleId = codes.UNREADABLE_VALUE
    ) -> Unreadable:
        self.report(rule.found(span, message, hint))
        return Unreadable(span)

    def refuse(self, span: Span, rule: RuleId, message: str, hint: str) -> NoReturn:
        self.report(rule.found(span, message, hint))
        raise Refused


def constant(constant: Constant, span: Span) -> Value:
    if isinstance(constant.value, str):
        if constant.value == "???":
            return Missing(span)
        if "${" in constant.value:
            return Interpolation(constant.value, span)
    return Scalar(constant.value, constant.text, span)


def scalar(value: Any, span: Span) -> Value:
    return Scalar(value, literal(value), span)


def _order(value: Value) -> str:
    """A text by which the items of a set are put in an order that is the same everywhere."""
    match value:
        case Scalar(text=text) | PathValue(path=text) | Interpolation(text=text):
            return text
        case EnumMember(enum, member):
            return f"{enum}.{member}"
        case Items(items=items):
            return ",".join(map(_order, items))
    return ""
