"""`sweep`, `points`, `interval`, `patch` and `ref` -> the values that they make."""

from dataclasses import dataclass, replace
from typing import Any, NoReturn

from cngen import codes
from cngen.diagnostics import Span
from cngen.model.values import (
    Argument,
    Interpolation,
    Interval,
    Missing,
    Patch,
    Points,
    Scalar,
    Sweep,
    Table,
    Value,
)
from cngen.reading.computing import NotKnown
from cngen.reading.displays import Displays
from cngen.reading.lookup import Lookup
from cngen.reading.names import ExternalTarget
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Read, Scope, span_of
from cngen.syntax.facts import Call, Expr, Keyword, Starred


@dataclass(frozen=True, slots=True)
class Words:
    """Folds the calls of cngen's words, and of OmegaConf's for references."""

    fold: Read
    read: Read
    lookup: Lookup
    values: PythonValues
    displays: Displays

    def of_experiment(self, word: str, call: Call, scope: Scope, span: Span) -> Value:
        """`sweep(...)`, `points(...)`, `interval(...)` or `patch(...)`."""
        if word == "patch":
            return Patch(self._patched(call, scope, span), span)
        wanted = "log" if word == "interval" else "zip"
        kind = {"log": bool, "zip": str}[wanted]
        options: dict[str, Any] = {}
        for keyword in call.keywords:
            if keyword.name != wanted:
                message = f"`{word}` has no option `{keyword.name or '**'}`"
                self.values.refuse(
                    span, codes.INVALID_SWEEP_CALL, message, f"the only option is `{wanted}`"
                )
            value = self.values.python(self.fold(keyword.value, scope))
            if not isinstance(value, kind):
                what = "True or False" if kind is bool else "a string"
                self.values.refuse(span, codes.INVALID_SWEEP_CALL, f"`{wanted}` must be {what}", "")
            options[wanted] = value
        values = tuple(v for argument in call.args for v in self._swept(argument, scope, span))
        if word == "interval":
            if len(values) != 2:
                hint = "write `interval(low, high)` or `interval(low, high, log=True)`"
                self.values.refuse(
                    span, codes.INVALID_SWEEP_CALL, "`interval` takes two values", hint
                )
            return Interval(values[0], values[1], options.get("log", False), span)
        return (Sweep if word == "sweep" else Points)(values, options.get("zip", ""), span)

    def _swept(self, argument: Expr, scope: Scope, span: Span) -> tuple[Value, ...]:
        """The values of one argument, several for `*LRS`."""
        if not isinstance(argument, Starred):
            return (self.read(argument, scope),)
        try:
            return tuple(self.displays.items((argument,), scope, self.fold))
        except NotKnown:
            hint = "write them out, or unpack a list that is known statically"
            self.values.refuse(
                span, codes.UNREADABLE_VALUE, "these values aren't known statically", hint
            )

    def _patched(self, call: Call, scope: Scope, span: Span) -> tuple[Argument, ...]:
        """The fields of a patch; `**{"a-b": 1}` is for keys that are no names."""
        hint = "write `patch(field=value)`"
        if call.args:
            self.values.refuse(
                span, codes.INVALID_SWEEP_CALL, "`patch` accepts keyword arguments only", hint
            )
        found: list[Argument] = []
        for keyword in call.keywords:
            if keyword.name is not None:
                found.append(self.argument(keyword, scope))
                continue
            table = self.fold(keyword.value, scope)
            for key, value in table.items if isinstance(table, Table) else ():
                if isinstance(key, Scalar) and isinstance(key.value, str):
                    found.append(Argument(key.value, value, key.span))
        return tuple(found)

    def argument(self, keyword: Keyword, scope: Scope) -> Argument:
        place = Span(scope.file.source.path, keyword.start, keyword.end)
        return Argument(keyword.name or "", self.read(keyword.value, scope), place)

    def reference_text(self, call: Call, scope: Scope) -> str:
        value = self.one_string(call, scope, span_of(call, scope))
        if isinstance(value, Interpolation) and self._is_omegaconfs(call, scope):
            return value.text  # `II("a.${b}")` is `"${a.${b}}"`
        if isinstance(value, Scalar) and isinstance(value.value, str):
            return value.value
        self._refuse_reference(call, scope)

    def one_string(self, call: Call, scope: Scope, span: Span) -> Value:
        """The one string that a call takes, as it would be read without the call."""
        given = [*call.args, *(k.value for k in call.keywords if k.name == "interpolation")]
        if len(given) == 1 == len(call.args) + len(call.keywords):
            value = self.fold(given[0], scope)
            is_text = isinstance(value, Scalar) and isinstance(value.value, str)
            if is_text or isinstance(value, Interpolation | Missing):
                return replace(value, span=span)
        self._refuse_reference(call, scope)

    def _is_omegaconfs(self, call: Call, scope: Scope) -> bool:
        target = self.lookup.names.target(scope.file, call.func, scope.before)
        return isinstance(target, ExternalTarget) and target.name.startswith("omegaconf.")

    def _refuse_reference(self, call: Call, scope: Scope) -> NoReturn:
        self.values.refuse(
            span_of(call, scope),
            codes.INVALID_REFERENCE,
            "a reference takes one string",
            'write `ref("path.to.key")`',
        )
