"""`default(...)`, `field(...)` and helpers for them -> the default inside, and the options of the field."""

from dataclasses import dataclass

from cngen import codes
from cngen.model.values import Value
from cngen.reading.lookup import Lookup
from cngen.reading.names import ExternalTarget, File, RuntimeTarget
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Given, Scope, span_of
from cngen.syntax.facts import Call, Expr, FunctionDef, Lambda, Name, Starred

FIELD_OPTIONS = ("compare", "hash", "metadata", "repr")
"""The arguments of `field(...)` besides the default that the store keeps."""


@dataclass(frozen=True, slots=True)
class FieldCall:
    """The arguments of `field(...)` or a helper for a field: its default, if any, and the other options."""

    default: Expr | None
    scope: "Scope"
    options: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldCalls:
    """Reads through the calls that make a field."""

    lookup: Lookup
    values: PythonValues

    def unwrap(self, expression: Expr, scope: Scope) -> FieldCall:
        """What is inside `default(v)`, `field(default=v)`, `field(default_factory=f)` and helpers for them."""
        if not isinstance(expression, Call):
            return FieldCall(expression, scope)
        target = self.lookup.target(expression.func, scope)
        if isinstance(target, RuntimeTarget):
            return self._unwrap_helper(target, expression, scope)
        name = target.name if isinstance(target, ExternalTarget) else ""
        is_field = name == "dataclasses.field"
        if not is_field and not self.lookup.is_helper(name, "default"):
            return FieldCall(expression, scope)
        return self._unwrap_call(expression, scope, is_field)

    def _unwrap_call(self, expression: Call, scope: Scope, is_field: bool) -> FieldCall:
        given = {k.name: k.value for k in expression.keywords if k.name != "kw_only"}
        options = tuple((o, given.pop(o)) for o in FIELD_OPTIONS if is_field and o in given)
        unknown = sorted(str(key) for key in set(given) - {"default", "default_factory", "value"})
        if unknown or len(expression.args) + len(given) > 1:
            message = "a field can have only one default"
            if unknown:
                message = f"`{unknown[0]}=` of a field is not supported"
            known = ", ".join(f"`{o}`" for o in ("default", "default_factory", *FIELD_OPTIONS))
            hint = f"supported: {known}" if is_field else "write `field(default=...)` for options"
            self.values.refuse(span_of(expression, scope), codes.INVALID_FIELD_CALL, message, hint)
        factory = given.get("default_factory")
        if factory is not None:
            made, inner = self._called(factory, scope)
            return FieldCall(made, inner, options)
        value = next(iter((*expression.args, *given.values())), None)
        if value is not None and not is_field:
            owner = self.lookup.class_of(value, scope)
            if owner is not None and self.lookup.is_node(owner):
                value = Call(value, (), (), value.start, value.end)
        return FieldCall(value, scope, options)

    def _called(self, factory: Expr, scope: Scope) -> tuple[Expr, Scope]:
        """What a factory makes, and where: the body of a lambda, the call of anything else."""
        given = scope.bound.get(factory.id) if isinstance(factory, Name) else None
        if isinstance(given, Given):
            return self._called(given.expression, given.scope)
        if isinstance(factory, Lambda):
            return factory.body, scope
        if isinstance(factory, Call) and factory.args:
            target = self.lookup.target(factory.func, scope)
            if target == ExternalTarget("functools.partial"):
                first, *rest = factory.args
                called = Call(first, tuple(rest), factory.keywords, factory.start, factory.end)
                return called, scope
        return Call(factory, (), (), factory.start, factory.end), scope

    def _unwrap_helper(self, target: RuntimeTarget, call: Call, scope: Scope) -> FieldCall:
        """A function of the project whose body is one `return field(...)` is read through."""
        found = self.lookup.names.function(target)
        if found is None:
            return FieldCall(call, scope)
        file, function = found
        if not self._gives_field(file, function):
            return FieldCall(call, scope)
        bound = _bound(function, call, scope, Scope(file, function.start))
        if function.returned is None or bound is None or scope.is_nested_in(target):
            message = f"`{function.name}` returns a dataclass field that can't be read"
            hint = "give it plain parameters and a single `return field(...)`, or write `field(...)` here"
            self.values.refuse(span_of(call, scope), codes.INVALID_FIELD_CALL, message, hint)
        inner = Scope(file, function.returned.start, {}, (*scope.aliases, target), bound=bound)
        return self.unwrap(function.returned, inner)

    def _gives_field(self, file: File, function: FunctionDef) -> bool:
        """Whether a function gives what `dataclasses.field` does, or what another one does that does so."""
        if isinstance(function.returned, Call):
            returned = self.lookup.names.target(file, function.returned.func, function.start)
            if isinstance(returned, RuntimeTarget) and returned.name != function.name:
                inner = self.lookup.names.function(returned)
                return inner is not None and self._gives_field(*inner)
        named = [
            self.lookup.names.lookup(file, name, function.start) for name in sorted(function.names)
        ]
        is_module = ExternalTarget("dataclasses") in named and "field" in function.names
        return is_module or ExternalTarget("dataclasses.field") in named


def _bound(
    function: FunctionDef, call: Call, scope: Scope, defined: Scope
) -> dict[str, Value | Given] | None:
    """What a call gives for each parameter of a function; None where it isn't plainly so."""
    parameters = function.parameters
    if parameters is None:
        return None
    by_position = [parameter for parameter in parameters if not parameter.is_named]
    if len(call.args) > len(by_position):
        return None
    names = {parameter.name for parameter in parameters}
    given: dict[str, Value | Given] = {
        parameter.name: Given(argument, scope)
        for parameter, argument in zip(by_position, call.args, strict=False)
    }
    for keyword in call.keywords:
        if keyword.name not in names or keyword.name in given:
            return None
        given[keyword.name] = Given(keyword.value, scope)
    for parameter in parameters:
        if parameter.name not in given:
            if parameter.default is None:
                return None
            given[parameter.name] = Given(parameter.default, defined)
    is_starred = any(isinstance(argument, Starred) for argument in call.args)
    return None if is_starred else given
