"""Calls -> instances of nodes, members of enums, and what functions from outside give."""

from dataclasses import dataclass, replace
from typing import Any

from cngen import codes
from cngen.diagnostics import Span
from cngen.model.values import Instance, Interpolation, Items, PathValue, Table, Value
from cngen.reading.computing import FoldedPath, NotKnown, is_function, key_function, method
from cngen.reading.computing import call as call_function
from cngen.reading.displays import Displays
from cngen.reading.enum_members import Enums
from cngen.reading.kinds import Kind
from cngen.reading.lookup import Lookup, new_type
from cngen.reading.names import ClassTarget, ExternalTarget, ValueTarget
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Read, Scope
from cngen.reading.vocabulary import Words
from cngen.syntax.facts import Attribute, Call, Constant, Expr, Name

_OF_COLLECTIONS = frozenset(
    {"list", "tuple", "set", "frozenset", "len", "enumerate", "zip", "reversed", "map"}
)


@dataclass(frozen=True, slots=True)
class Calls:
    """Folds calls."""

    fold: Read
    lookup: Lookup
    values: PythonValues
    enums: Enums
    displays: Displays
    words: Words

    def call(self, call: Call, scope: Scope, span: Span) -> Value:
        target = self.lookup.class_of(call.func, scope) or self.lookup.target(call.func, scope)
        match target:
            case ClassTarget() if self.lookup.is_node(target):
                return self._instance(target, call, scope, span)
            case ClassTarget() if self.lookup.classes.kind(target) is Kind.ENUM:
                return self.enums.by_value(target, call, scope, span)
            case ValueTarget() if self._new_type(target) and len(call.args) == 1:
                return self.fold(call.args[0], scope)
            case ExternalTarget(name):
                word = self.lookup.word(target)
                if word:
                    return self.words.of_experiment(word, call, scope, span)
                return self._outside(name, call, scope, span)
            case None if isinstance(call.func, Attribute):
                return self._method(call, call.func, scope, span)
            case None if isinstance(call.func, Name) and scope.hides(call.func):
                made_of = self.fold(call.func, scope)
                if isinstance(made_of, Instance) and made_of.is_bare:
                    return self._instance(self.lookup.targets[made_of.node], call, scope, span)
        raise NotKnown

    def _new_type(self, target: ValueTarget) -> bool:
        return new_type(self.lookup.names, target) is not None

    def _outside(self, name: str, call: Call, scope: Scope, span: Span) -> Value:
        """A call of something from outside the tree that is as good as run."""
        if name == "omegaconf.II" or self.lookup.is_helper(name, "ref"):
            text = "${" + self.words.reference_text(call, scope) + "}"
            return Interpolation(text, span, is_reference=True)
        if name == "omegaconf.SI":
            return self.words.one_string(call, scope, span)
        if name == "pathlib.Path" and not call.keywords:
            parts = [self.values.python(self.fold(arg, scope)) for arg in call.args]
            if all(isinstance(part, str | FoldedPath) for part in parts):
                return PathValue(str(FoldedPath(*parts)), span)
        if not is_function(name):
            raise NotKnown
        if name == "builtins.dict" and len(call.args) <= 1:
            made = self.displays.dict_call(call, scope, span)
            if made is not None:
                return made
        return self._apply(name, call, scope, span)

    def _apply(self, name: str, call: Call, scope: Scope, span: Span) -> Value:
        """A builtin; a container is changed to another kind without a look at its items."""
        arguments = self._arguments(name, call, scope)
        first = arguments[0] if len(arguments) == 1 and not call.keywords else None
        kind = name.removeprefix("builtins.")
        if kind in ("list", "tuple") and isinstance(first, Items | Table):
            return Items(kind, tuple(self.values.iterated(first, span)), span)
        keywords = {
            k.name: self._handed(k.value, scope) if k.name == "key" else self.values.python(self.fold(k.value, scope))
            for k in call.keywords
            if k.name is not None
        }  # fmt: skip
        if len(keywords) < len(call.keywords):
            raise NotKnown
        values = tuple(a if a is None or callable(a) else self.values.python(a) for a in arguments)
        return self.values.computed(
            lambda: call_function(name, values, keywords, self.values.work), span
        )

    def _arguments(self, name: str, call: Call, scope: Scope) -> list[Any]:
        last = name.rpartition(".")[2]
        if last in ("map", "filter") and call.args:
            rest = replace(call, args=call.args[1:])
            return [self._handed(call.args[0], scope), *self._arguments("", rest, scope)]
        read = self.displays.collection if last in _OF_COLLECTIONS else self.fold
        return list(self.displays.items(call.args, scope, read))

    def _handed(self, function: Expr, scope: Scope) -> Any:
        """A builtin that is handed to another, or None."""
        if isinstance(function, Constant) and function.value is None:
            return None
        target = self.lookup.target(function, scope)
        return key_function(target.name if isinstance(target, ExternalTarget) else "")

    def _method(self, call: Call, func: Attribute, scope: Scope, span: Span) -> Value:
        owner = self.values.python(self.fold(func.value, scope))
        arguments = tuple(
            self.values.python(v) for v in self.displays.items(call.args, scope, self.fold)
        )
        keywords = {
            k.name: self.values.python(self.fold(k.value, scope))
            for k in call.keywords
            if k.name is not None
        }
        if len(keywords) < len(call.keywords):
            raise NotKnown
        return self.values.computed(
            lambda: method(owner, func.attr, arguments, keywords, self.values.work), span
        )

    def _instance(self, target: ClassTarget, call: Call, scope: Scope, span: Span) -> Value:
        self.lookup.targets[target.key] = target
        name = target.definition.name
        hint = f"write `{name}(field=value)`"
        if call.args:
            self.values.refuse(
                span, codes.INVALID_NODE_CALL, f"`{name}` accepts keyword arguments only", hint
            )
        if any(k.name is None for k in call.keywords):
            message = f"the fields of `{name}` must be written out, not taken from a dict"
            self.values.refuse(span, codes.INVALID_NODE_CALL, message, hint)
        return Instance(
            target.key,
            tuple(self.words.argument(keyword, scope) for keyword in call.keywords),
            span,
        )
