"""Names and attributes -> the values that they are bound to."""

import math
from dataclasses import dataclass, replace

from cngen import codes
from cngen.diagnostics import Span, did_you_mean
from cngen.model.values import EnumMember, Instance, Missing, Value
from cngen.reading.computing import NotKnown, attribute
from cngen.reading.enum_members import Enums
from cngen.reading.field_calls import FieldCalls
from cngen.reading.kinds import Kind
from cngen.reading.lookup import Lookup
from cngen.reading.names import (
    ClassTarget,
    ExternalTarget,
    ModuleTarget,
    OwnTarget,
    Target,
    ValueTarget,
)
from cngen.reading.python_values import PythonValues, scalar
from cngen.reading.scope import Given, Read, Scope, span_of
from cngen.syntax.facts import Assign, Attribute, Expr, Name

_MISSING = frozenset({"omegaconf.MISSING", "dataclasses.MISSING"})
_CONSTANTS = {f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}


@dataclass(frozen=True, slots=True)
class NamedValues:
    """Follows names to their values."""

    fold: Read
    lookup: Lookup
    values: PythonValues
    enums: Enums
    field_calls: FieldCalls

    def value_of(self, expression: Name | Attribute, scope: Scope, span: Span) -> Value:
        if isinstance(expression, Name) and expression.id in scope.bound:
            found = scope.bound[expression.id]
            return self.fold(found.expression, found.scope) if isinstance(found, Given) else found
        if isinstance(expression, Name) and expression.id in scope.local:
            others = {name: e for name, e in scope.local.items() if name != expression.id}
            written = self.field_calls.unwrap(scope.local[expression.id], scope)
            if written.default is None:
                return Missing(span)
            return self.fold(written.default, replace(written.scope, local=others))
        target = self.lookup.target(expression, scope)
        place = self.lookup.names.changed_elsewhere(target)
        if place:
            name = expression.id if isinstance(expression, Name) else expression.attr
            message = f"`{name}` is changed by another module, in {place}"
            hint = "give it its whole value where it is defined"
            self.values.refuse(span, codes.UNREADABLE_VALUE, message, hint)
        if target is None and isinstance(expression, Attribute):
            self._check_attribute(expression, scope, span)
            return self._attribute(expression, scope, span)
        return self._value(target, scope, span)

    def _check_attribute(self, expression: Attribute, scope: Scope, span: Span) -> None:
        """A module of the tree has to have the name that is taken from it."""
        owner = self.lookup.target(expression.value, scope)
        if isinstance(owner, ModuleTarget) and self.lookup.names.is_read(owner.module):
            known = self.lookup.names.defined(owner.module)
            message = f"`{owner.module}` has no `{expression.attr}`"
            self.values.refuse(
                span, codes.UNDEFINED_NAME, message, did_you_mean(expression.attr, known)
            )

    def _check_order(self, expression: Expr, scope: Scope) -> None:
        """A constant has to be made of names that are bound above it."""
        early = self.lookup.used_too_early(expression, scope)
        if early is not None:
            name, message = early
            hint = "move the definition above this line"
            self.values.refuse(span_of(name, scope), codes.UNDEFINED_NAME, message, hint)

    def _value(self, target: Target | None, scope: Scope, span: Span) -> Value:
        match target:
            case ValueTarget(file, assign) if assign.value is not None:
                if scope.is_nested_in(target):
                    raise NotKnown
                inner = Scope(file, assign.start, {}, (*scope.aliases, assign))
                self._check_order(assign.value, inner)
                found = self.fold(assign.value, inner)
                is_class = isinstance(found, Instance) and found.is_bare
                return replace(found, span=span) if is_class else found
            case ClassTarget() if self.lookup.is_node(target):
                self.lookup.targets[target.key] = target
                return Instance(target.key, (), span, is_bare=True)
            case OwnTarget(file, "__name__"):
                return scalar(file.source.module, span)
            case OwnTarget(file, "__package__"):
                return scalar(file.package, span)
            case ExternalTarget(name) if name in _CONSTANTS:
                return scalar(_CONSTANTS[name], span)
            case ExternalTarget(name) if name in _MISSING or self.lookup.is_helper(name, "MISSING"):
                return Missing(span)
        raise NotKnown

    def _attribute(self, expression: Attribute, scope: Scope, span: Span) -> Value:
        """`Mode.FULL`, `Mode.FULL.value`, `Mlp.width`, `Mlp().width` and attributes of plain values."""
        owner, name = self.lookup.class_of(expression.value, scope), expression.attr
        if owner is not None:
            if self.lookup.classes.kind(owner) is Kind.ENUM:
                return self.enums.named(owner, name, span)
            return self._class_attribute(owner, name, scope, span)
        value = self.fold(expression.value, scope)
        match value:
            case EnumMember(member=member) if name == "name":
                return scalar(member, span)
            case EnumMember(enum, member) if name == "value":
                found = self.enums.members(self.lookup.targets[enum])[member].value
                if found is None:
                    raise NotKnown
                return replace(found, span=span)
            case Instance(node):
                given, target = value.get(name), self.lookup.targets[node]
                if given is not None:
                    return given
                if not value.is_bare and "__post_init__" in self.lookup.methods(target):
                    raise NotKnown
                return self._class_attribute(target, name, scope, span)
        python = self.values.python(value)
        return self.values.computed(lambda: attribute(python, name), span)

    def _class_attribute(self, target: ClassTarget, name: str, scope: Scope, span: Span) -> Value:
        """What a class, or the nearest of its bases that does, assigns to a name in its body."""
        for owner in self.lookup.lineage(target):
            found = _assigned(owner, name, scope)
            if found is None:
                continue
            inner, expression = found
            if any(assign is inner.aliases[-1] for assign in scope.aliases):
                raise NotKnown
            written = self.field_calls.unwrap(expression, inner)
            if written.default is not None:
                return self.fold(written.default, written.scope)
        raise NotKnown


def _assigned(owner: ClassTarget, name: str, scope: Scope) -> tuple[Scope, Expr] | None:
    """What the body of a class assigns to a name last, with its place.

    Raises:
        NotKnown: it is a method or a class.
    """
    found: tuple[Scope, Expr] | None = None
    local: dict[str, Expr] = {}
    for statement in owner.definition.body:
        if isinstance(statement, Assign) and statement.value is not None:
            if statement.target == name:
                aliases = (*scope.aliases, statement)
                found = Scope(owner.file, statement.start, dict(local), aliases), statement.value
            local[statement.target] = statement.value
        elif getattr(statement, "name", "") == name:
            raise NotKnown
    return found
