"""Expressions that aren't known -> code for the store, with the imports that it needs."""

import warnings
from dataclasses import dataclass

from cngen import codes
from cngen.diagnostics import Report, Span
from cngen.model.values import Computed, Unheld, Unreadable, Value
from cngen.project.sources import not_a_name, unimportable
from cngen.reading.foreign import Foreign
from cngen.reading.lookup import Lookup
from cngen.reading.names import ExternalTarget, File, ModuleTarget, OwnTarget, RuntimeTarget, Target
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Given, Read, Scope
from cngen.syntax.facts import Call, Expr, Import, Name, free_names


@dataclass(slots=True)
class CarriedCode:
    """Carries expressions over as they are written."""

    read: Read
    lookup: Lookup
    values: PythonValues
    report: Report
    foreign: Foreign
    is_config: bool = True

    def carry_over(self, expression: Expr, scope: Scope, span: Span) -> Value:
        if scope.bound and free_names(expression) & set(scope.bound):
            return self._carry_over_argument(expression, scope, span)
        kind = self.foreign.kind(expression, scope.file, scope.before, frozenset(scope.local))
        if kind and self.is_config:
            return Unheld(span, kind)
        imports = self._imports(expression, scope, span)
        if isinstance(imports, Unreadable):
            return imports
        text = _code(scope.file, expression.start, expression.end)
        if isinstance(expression, Call) and expression.end == expression.func.end:
            text += "()"  # a factory that the source names without calling it
        if not _is_expression(text):
            return self.values.unreadable(span, "Python can't parse this expression", "")
        return Computed(text, tuple(sorted(imports.items())), span)

    def _imports(self, expression: Expr, scope: Scope, span: Span) -> dict[str, str] | Unreadable:
        """The import for each name of an expression; Unreadable if the store can't have one of them."""
        imports: dict[str, str] = {}
        for name in sorted(free_names(expression)):
            if name not in scope.local and self.lookup.names.lacks(scope.file, name):
                return Unreadable(span)  # reported at the import
            target = self.lookup.target(Name(name, 0, 0), scope)
            refusal = self._refusal(name, target, scope)
            if refusal is not None or target is None:
                is_bound = target is not None or name in scope.local or name in scope.inner
                rule = codes.UNREADABLE_VALUE if is_bound else codes.UNDEFINED_NAME
                return self.values.unreadable(span, *(refusal or ("", "")), rule)
            module, line = self._import_line(target, scope, name)
            if line and not_a_name(module) is not None:
                self.report(unimportable(span, name, module))
                return Unreadable(span)
            if line:
                imports[name] = line
        return imports

    def _carry_over_argument(self, expression: Expr, scope: Scope, span: Span) -> Value:
        """What the call of a helper is given, as it is written there."""
        named = (
            expression.func if isinstance(expression, Call) and not expression.args else expression
        )
        found = scope.bound.get(named.id) if isinstance(named, Name) else None
        if not isinstance(found, Given):
            hint = "write `field(...)` with the value itself"
            return self.values.unreadable(
                span, "a helper uses a value that isn't known statically", hint
            )
        given = found.expression
        if named is not expression:
            given = Call(given, (), (), given.start, given.end)
        return self.read(given, found.scope)

    def _refusal(self, name: str, target: Target | None, scope: Scope) -> tuple[str, str] | None:
        """Why an expression with a name in it can't be carried over, and what to do; None if it can."""
        if name in scope.local:
            message = f"the default uses the field `{name}`, whose value isn't known here"
            return message, "use literals, or a constant of the module"
        if name in scope.inner:
            message = f"`{name}` is defined in the class body, which the store doesn't have"
            return message, "define it at the top level of the file"
        if target is None:
            return self.lookup.names.why_unknown(scope.file, "name", name, scope.before)
        if isinstance(target, OwnTarget) or (
            isinstance(target, ExternalTarget) and target.name in _OF_THE_MODULE
        ):
            message = f"`{name}` would have a different value in the store, which is another module"
            return message, "write the value out"
        statement = self.lookup.names.import_of(scope.file, name, scope.before)
        is_imported = statement is not None and not isinstance(target, RuntimeTarget)
        below = (
            None if is_imported else self.lookup.names.changed_below(scope.file, name, scope.before)
        )
        if below is not None:
            line = scope.file.text.count("\n", 0, below) + 1
            message = f"`{name}` changes below, in line {line}: the store would use the later value"
            return message, "give the later value another name"
        return self._refusal_of_use(name, target)

    def _refusal_of_use(self, name: str, target: Target) -> tuple[str, str] | None:
        """The same for what a name stands for: some things are only allowed as a whole value."""
        if self.lookup.is_reference(target):
            message = "a reference can't be used in a computation: its value is known only when a job runs"
            return message, "write one interpolation with a custom resolver: `${mul:${a},2}`"
        word = self.lookup.word(target)
        if word:
            message = f"`{word}` can't be part of an expression"
            return message, f"use `{word}(...)` as the whole value of a field"
        word = self.lookup.word_inside(target)
        if word:
            message = f"`{name}` uses `{word}`, which is allowed only as the value of a field"
            return message, f"write `{word}(...)` as the value of the field"
        if self.lookup.holds_nodes(target):
            hint = "write the node as `Name(field=value)`, in a list or dict literal if there are several"
            return "a default that contains nodes can't be computed at run time", hint
        return None

    def _import_line(self, target: Target, scope: Scope, name: str) -> tuple[str, str]:
        """The module and the statement that make a name of a source available in the store."""
        file = scope.file
        statement = self.lookup.names.import_of(file, name, scope.before)
        if isinstance(statement, Import) and not isinstance(target, RuntimeTarget):
            module = file.absolute(statement)
            if statement.name == "*":
                return module, f"from {module} import {name}"
            if statement.name == "":
                return module, f"import {module}"
            if statement.name is None:
                return module, f"import {module} as {name}"
            bound = "" if statement.name == name else f" as {name}"
            return module, f"from {module} import {statement.name}{bound}"
        if isinstance(target, ExternalTarget) and target.name == f"builtins.{name}":
            return "", ""
        if isinstance(target, ModuleTarget):
            return target.module, f"import {target.module}"
        module = target.module if isinstance(target, RuntimeTarget) else file.source.module
        return module, f"from {module} import {name}"


def _code(file: File, start: int, end: int) -> str:
    """A stretch of a source without the comments in it that speak to cngen."""
    kept = start
    parts: list[str] = []
    for ignore in file.module.ignores:
        if start <= ignore.start < end:
            parts.append(file.text[kept : ignore.start].rstrip(" "))
            kept = ignore.end
    return "".join((*parts, file.text[kept:end]))


def _is_expression(text: str) -> bool:
    """Whether the running Python takes a text as an expression outside of any function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(f"(\n{text}\n)", "<default>", "eval", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


_OF_THE_MODULE = frozenset(
    f"builtins.{name}"
    for name in ("eval", "exec", "globals", "locals", "vars", "dir", "__import__")
)
