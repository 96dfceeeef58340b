"""Expressions as written -> Values: folded where every part is known, carried over as code elsewhere."""

from collections.abc import Iterator

from cngen import codes
from cngen.diagnostics import Report
from cngen.model.values import Items, Missing, Unheld, Unreadable, Value, inner_values
from cngen.reading.calls import Calls
from cngen.reading.carried_code import CarriedCode
from cngen.reading.computing import NotKnown, Work
from cngen.reading.displays import Displays, keyword_items
from cngen.reading.enum_members import Enums
from cngen.reading.field_calls import FieldCalls
from cngen.reading.foreign import Foreign
from cngen.reading.kinds import Classes
from cngen.reading.lookup import Lookup
from cngen.reading.named_values import NamedValues
from cngen.reading.names import Names
from cngen.reading.operations import Operations
from cngen.reading.python_values import PythonValues, Refused, constant
from cngen.reading.scope import Scope, span_of
from cngen.reading.vocabulary import Words
from cngen.syntax.facts import (
    Attribute,
    BoolOp,
    Call,
    Comprehension,
    Constant,
    Dict,
    Expr,
    IfExp,
    Name,
    Sequence,
    Subscript,
)


class ValueFolder:
    """Reads the values of one tree. `vocabulary` holds the modules whose `default` counts as cngen's."""

    def __init__(
        self, names: Names, classes: Classes, vocabulary: frozenset[str], report: Report
    ) -> None:
        self._report = report
        self._lookup = lookup = Lookup(names, classes, vocabulary)
        self._values = values = PythonValues(lookup, report)
        self._field_calls = FieldCalls(lookup, values)
        self._enums = enums = Enums(self._fold, lookup, values)
        self._displays = displays = Displays(self._fold, lookup, values, enums)
        self._operations = Operations(self._fold, lookup, values, enums)
        self._named_values = NamedValues(self._fold, lookup, values, enums, self._field_calls)
        self._words = words = Words(self._fold, self._read, lookup, values, displays)
        self._calls = Calls(self._fold, lookup, values, enums, displays, words)
        foreign = Foreign(names, classes)
        self._carried = CarriedCode(self._read, lookup, values, report, foreign)

    def read(self, expression: Expr, scope: Scope) -> Value:
        """The value of an expression, with every problem reported; never raises."""
        self._values.work = Work()
        if self._reads_too_early(expression, scope):
            return Unreadable(span_of(expression, scope))
        return self._read(expression, scope)

    def _reads_too_early(self, expression: Expr, scope: Scope) -> bool:
        """Whether a name is bound only below the class, where Python finds none; it is reported."""
        early = self._lookup.used_too_early(expression, scope)
        if early is None:
            return False
        name, message = early
        hint = "move the definition above the class"
        self._report(codes.UNDEFINED_NAME.found(span_of(name, scope), message, hint))
        return True

    def options(self, expression: Expr, scope: Scope) -> tuple[tuple[str, Value], ...]:
        """The arguments of `field(...)` besides the default: `metadata=`, `repr=`, ..."""
        try:
            written = self._field_calls.unwrap(expression, scope)
        except (Refused, NotKnown):
            return ()  # reported with its default
        return tuple((n, self._option(value, written.scope)) for n, value in written.options)

    def _option(self, expression: Expr, scope: Scope) -> Value:
        """A value that is no part of a config, and may be of any type."""
        self._carried.is_config = False
        value = self.read(expression, scope)
        if next(_kept_as_written(value), None) is not None:
            value = self._carried.carry_over(expression, scope, span_of(expression, scope))
        self._carried.is_config = True
        return value

    def is_points(self, expression: Expr, scope: Scope) -> bool:
        """Whether an expression is `points(...)`."""
        if not isinstance(expression, Call):
            return False
        target = self._lookup.target(expression.func, scope)
        return self._lookup.word(target) == "points"

    def _read(self, expression: Expr, scope: Scope) -> Value:
        span = span_of(expression, scope)
        try:
            written = self._field_calls.unwrap(expression, scope)
            if written.default is None:
                return Missing(span)
            expression, scope = written.default, written.scope
            return self._fold(expression, scope)
        except Refused:
            return Unreadable(span)
        except NotKnown:
            return self._partly(expression, scope) or self._carried.carry_over(
                expression, scope, span
            )

    def _partly(self, expression: Expr, scope: Scope) -> Value | None:
        """A display of which only some items aren't known, or a choice that is; None for anything else."""
        span = span_of(expression, scope)
        try:
            match expression:
                case Sequence(("list" | "tuple") as kind, items):
                    return Items(kind, tuple(self._displays.items(items, scope, self._read)), span)
                case Dict(items=pairs):
                    return self._displays.dict_of(pairs, scope, span, self._read)
                case Call(args=(), keywords=keywords) if self._lookup.is_dict(expression, scope):
                    return self._displays.dict_of(keyword_items(keywords), scope, span, self._read)
                case IfExp() | BoolOp():
                    return self._read(self._operations.branch(expression, scope), scope)
        except (NotKnown, Refused):
            pass
        return None

    def _fold(self, expression: Expr, scope: Scope) -> Value:
        self._values.work.spend()
        span = span_of(expression, scope)
        match expression:
            case Constant():
                return constant(expression, span)
            case Name() | Attribute():
                return self._named_values.value_of(expression, scope, span)
            case Sequence("set", items):
                return self._values.set_of(self._displays.items(items, scope, self._fold), span)
            case Sequence(kind, items):
                return Items(kind, tuple(self._displays.items(items, scope, self._fold)), span)
            case Dict(items):
                return self._displays.dict_of(items, scope, span, self._fold)
            case Call():
                return self._calls.call(expression, scope, span)
            case Subscript(value, index):
                return self._operations.subscript(value, index, scope, span)
            case Comprehension():
                return self._displays.comprehension(expression, scope, span)
        return self._operations.operation(expression, scope, span)


def _kept_as_written(value: Value) -> Iterator[Value]:
    """The parts of a value that a config would hold as something else, or not at all."""
    if isinstance(value, Unheld) or (isinstance(value, Items) and value.kind == "set"):
        yield value
    for inner in inner_values(value):
        yield from _kept_as_written(inner)
