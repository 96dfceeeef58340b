"""Expressions as written -> Values: folded where every part is known, carried over as code elsewhere."""

import math
import operator
import warnings
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, NoReturn

from cngen.classes import Classes, Kind
from cngen.diagnostic import Diagnostic, Report, Span, did_you_mean, unimportable
from cngen.model import (
    Argument,
    Computed,
    EnumMember,
    Instance,
    Interpolation,
    Interval,
    Items,
    Missing,
    Patch,
    PathValue,
    Points,
    Scalar,
    Sweep,
    Table,
    Unreadable,
    Value,
)
from cngen.names import (
    ClassTarget,
    ExternalTarget,
    File,
    ModuleTarget,
    Names,
    OwnTarget,
    RuntimeTarget,
    Target,
    ValueTarget,
)
from cngen.quoting import literal
from cngen.source import not_a_name
from cngen.syntax import (
    Assign,
    Attribute,
    BinOp,
    Call,
    Constant,
    Dict,
    Expr,
    Import,
    Keyword,
    Lambda,
    Name,
    Sequence,
    Starred,
    Subscript,
    UnaryOp,
    first_name,
    free_names,
)

MAX_PARTS = 200_000
"""How many parts one default may be folded from, those of the constants that it uses included."""

MAX_ITEMS = 100_000
"""The longest container or string that is computed rather than written out."""

MAX_BITS = 4_096
"""The largest integer that an expression is folded to."""

_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift,
    "|": operator.or_, "&": operator.and_, "^": operator.xor,
}  # fmt: skip
_UNARY: Mapping[str, Callable[[Any], Any]] = {
    "-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_,
}  # fmt: skip
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    f"builtins.{function.__name__}": function
    for function in (
        int,
        float,
        str,
        bool,
        list,
        tuple,
        dict,
        set,
        frozenset,
        len,
        range,
        sorted,
        min,
        max,
        abs,
        round,
        sum,
    )
}
_OF_THE_MODULE = frozenset(
    f"builtins.{name}"
    for name in ("eval", "exec", "globals", "locals", "vars", "dir", "__import__")
)
_MISSING = frozenset({"omegaconf.MISSING", "dataclasses.MISSING"})
_WORDS = ("sweep", "points", "interval", "patch")
_CONSTANTS = {f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: names above `before` in its file, and those of its class body.

    Those are fields with their values (`local`), `inner` classes and methods, and parameters for types.
    """

    file: File
    before: int
    local: Mapping[str, Expr] = field(default_factory=dict)
    aliases: tuple[Assign, ...] = ()
    inner: Set[str] = frozenset()
    type_parameters: frozenset[str] = frozenset()

    def hides(self, expression: Expr) -> bool:
        """Whether a name or dotted name begins in the class body."""
        name = first_name(expression)
        return name in self.local or name in self.inner or name in self.type_parameters

    def is_nested_in(self, target: ValueTarget) -> bool:
        """Whether following this constant would lead back to where we are."""
        return any(assign is target.assign for assign in self.aliases)


class _NotFolded(Exception):
    """The expression isn't made of known parts alone."""


class _Refused(Exception):
    """The expression can't be a value; the finding is told."""


class Folder:
    """Reads the values of one tree. `vocabulary` holds the modules whose `default` counts as cngen's."""

    def __init__(
        self, names: Names, classes: Classes, vocabulary: frozenset[str], report: Report
    ) -> None:
        self._names = names
        self._classes = classes
        self._vocabulary = vocabulary
        self._report = report
        self._parts = 0

    def read(self, expression: Expr, scope: Scope) -> Value:
        """The value of an expression, with every problem reported; never raises."""
        self._parts = 0
        return self._read(expression, scope)

    def is_points(self, expression: Expr, scope: Scope) -> bool:
        """Whether an expression is `points(...)`."""
        if not isinstance(expression, Call):
            return False
        target = self._target(expression.func, scope)
        return self._word(target) == "points"

    def _word(self, target: Target | None) -> str:
        """Which of the words for experiments a name stands for, empty for none."""
        name = target.name if isinstance(target, ExternalTarget) else ""
        return next((word for word in _WORDS if self._is_helper(name, word)), "")

    def _read(self, expression: Expr, scope: Scope) -> Value:
        span = _span(expression, scope)
        try:
            inner = self._unwrap(expression, scope)
            if inner is None:
                return Missing(span)
            expression = inner
            return self._fold(expression, scope)
        except _Refused:
            return Unreadable(span)
        except _NotFolded:
            return self._carry_over(expression, scope, span)

    def _target(self, expression: Expr, scope: Scope) -> Target | None:
        """What a name or dotted name means where it stands; None for what is of the class body."""
        if scope.hides(expression):
            return None
        return self._names.target(scope.file, expression, scope.before)

    # Folding

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _NotFolded

    def _fold(self, expression: Expr, scope: Scope) -> Value:
        self._count()
        span = _span(expression, scope)
        match expression:
            case Constant():
                return _constant(expression, span)
            case Name() | Attribute():
                return self._fold_name(expression, scope, span)
            case Sequence(kind, items):
                return Items(kind, tuple(self._fold_items(items, scope)), span)
            case Dict(items):
                return self._fold_dict(items, scope, span)
            case Call():
                return self._fold_call(expression, scope, span)
            case UnaryOp(op, operand):
                value = self._python(self._fold(operand, scope))
                return self._compute(lambda: _UNARY[op](value), span)
            case BinOp(left, op, right):
                return self._fold_binary(
                    self._fold(left, scope), op, self._fold(right, scope), span
                )
            case Subscript(value, index):
                return self._fold_subscript(value, index, scope, span)
        raise _NotFolded

    def _fold_items(self, items: tuple[Expr, ...], scope: Scope) -> list[Value]:
        found: list[Value] = []
        for item in items:
            if not isinstance(item, Starred):
                found.append(self._fold(item, scope))
                continue
            inner = self._fold(item.value, scope)
            if not isinstance(inner, Items):
                raise _NotFolded
            found.extend(inner.items)
        return found

    def _fold_dict(
        self, items: tuple[tuple[Expr | None, Expr], ...], scope: Scope, span: Span
    ) -> Value:
        found: dict[Value, Value] = {}
        for key, value in items:
            folded = self._fold(value, scope)
            if key is not None:
                found[self._fold(key, scope)] = folded
            elif isinstance(folded, Table):
                found.update(folded.items)
            else:
                raise _NotFolded
        return Table(tuple(found.items()), span)

    def _fold_name(self, expression: Name | Attribute, scope: Scope, span: Span) -> Value:
        if isinstance(expression, Name) and expression.id in scope.local:
            others = {name: e for name, e in scope.local.items() if name != expression.id}
            inner = self._unwrap(scope.local[expression.id], scope)
            if inner is None:
                return Missing(span)
            return self._fold(inner, replace(scope, local=others))
        target = self._target(expression, scope)
        if target is None and isinstance(expression, Attribute):
            self._check_attribute(expression, scope, span)
            return self._fold_member(expression, scope, span)
        return self._fold_target(target, scope, span)

    def _check_attribute(self, expression: Attribute, scope: Scope, span: Span) -> None:
        """A module of the tree has to have the name that is taken from it."""
        owner = self._target(expression.value, scope)
        if isinstance(owner, ModuleTarget) and self._names.is_read(owner.module):
            known = self._names.defined(owner.module)
            message = f"`{owner.module}` has no `{expression.attr}`"
            self._refuse(span, "CN209", message, did_you_mean(expression.attr, known))

    def _fold_target(self, target: Target | None, scope: Scope, span: Span) -> Value:
        match target:
            case ValueTarget(file, assign) if assign.value is not None:
                if scope.is_nested_in(target):
                    raise _NotFolded
                inner = Scope(file, assign.start, {}, (*scope.aliases, assign))
                return self._fold(assign.value, inner)
            case ClassTarget() if self._is_node(target):
                return Instance(target.key, (), span)
            case OwnTarget(file, "__name__"):
                return _scalar(file.source.module, span)
            case OwnTarget(file, "__package__"):
                return _scalar(file.package, span)
            case ExternalTarget(name) if name in _CONSTANTS:
                return _scalar(_CONSTANTS[name], span)
            case ExternalTarget(name) if name in _MISSING or self._is_helper(name, "MISSING"):
                return Missing(span)
        raise _NotFolded

    def _fold_member(self, expression: Attribute, scope: Scope, span: Span) -> Value:
        """`Mode.FULL`, and `Mode.FULL.value`."""
        if isinstance(expression.value, Attribute) and expression.attr in ("value", "name"):
            member = self._fold(expression.value, scope)
            if isinstance(member, EnumMember):
                if expression.attr == "name":
                    return _scalar(member.member, span)
                owner = self._target(expression.value.value, scope)
                if isinstance(owner, ClassTarget):
                    return self._fold_target(
                        ValueTarget(owner.file, _members(owner)[member.member]), scope, span
                    )
        owner = self._target(expression.value, scope)
        if not isinstance(owner, ClassTarget) or self._classes.kind(owner) is not Kind.ENUM:
            raise _NotFolded
        return self._member(owner, expression.attr, span)

    def _member(self, enum: ClassTarget, member: str, span: Span) -> Value:
        members = _members(enum)
        if member in members:
            return EnumMember(enum.key, member, span)
        name = enum.definition.name
        hint = did_you_mean(member, tuple(members)) or f"its members are {', '.join(members)}"
        self._refuse(span, "CN210", f"`{member}` is no member of the enum `{name}`", hint)

    def _fold_subscript(self, value: Expr, index: Expr, scope: Scope, span: Span) -> Value:
        owner = self._target(value, scope)
        folded_index = self._fold(index, scope)
        if isinstance(owner, ClassTarget) and self._classes.kind(owner) is Kind.ENUM:
            return self._member(owner, str(self._python(folded_index)), span)
        folded = self._fold(value, scope)
        if isinstance(folded, Table):
            found = next((v for k, v in folded.items if k == folded_index), None)
            if found is not None:
                return found
        if isinstance(folded, Items) and folded.kind != "set" and isinstance(folded_index, Scalar):
            at = folded_index.value
            if isinstance(at, int) and -len(folded.items) <= at < len(folded.items):
                return folded.items[at]
        raise _NotFolded

    def _fold_binary(self, left: Value, op: str, right: Value, span: Span) -> Value:
        if (
            op == "+"
            and isinstance(left, Items)
            and isinstance(right, Items)
            and left.kind == right.kind != "set"
        ):
            return Items(left.kind, left.items + right.items, span)
        if op == "|" and isinstance(left, Table) and isinstance(right, Table):
            return Table(tuple({**dict(left.items), **dict(right.items)}.items()), span)
        a, b = self._python(left), self._python(right)
        if not _is_small(a, op, b):
            raise _NotFolded
        return self._compute(lambda: _BINARY[op](a, b), span)

    # Calls

    def _fold_call(self, call: Call, scope: Scope, span: Span) -> Value:
        target = self._target(call.func, scope)
        if isinstance(target, ClassTarget):
            if self._is_node(target):
                return self._instance(target, call, scope, span)
            if self._classes.kind(target) is Kind.ENUM:
                return self._member_by_value(target, call, scope, span)
        if not isinstance(target, ExternalTarget):
            raise _NotFolded
        word = self._word(target)
        if word:
            return self._of_experiment(word, call, scope, span)
        return self._fold_outside(target.name, call, scope, span)

    def _fold_outside(self, name: str, call: Call, scope: Scope, span: Span) -> Value:
        """A call of something from outside the tree that is as good as run."""
        if name == "omegaconf.II" or self._is_helper(name, "ref"):
            return Interpolation("${" + self._text_argument(call, scope) + "}", span)
        if name == "omegaconf.SI":
            return self._string_argument(call, scope, span)
        if name == "pathlib.Path" and not call.keywords:
            parts = [self._python(self._fold(arg, scope)) for arg in call.args]
            if all(isinstance(part, str) for part in parts):
                return PathValue(str(PurePosixPath(*parts)), span)
        if name in _FUNCTIONS and not call.keywords:
            arguments = [self._fold(arg, scope) for arg in call.args]
            return self._apply(name.removeprefix("builtins."), arguments, span)
        raise _NotFolded

    def _apply(self, name: str, arguments: list[Value], span: Span) -> Value:
        """A builtin; a container is changed to another kind without a look at its items."""
        first = arguments[0] if len(arguments) == 1 else None
        if name in ("list", "tuple") and isinstance(first, Items) and first.kind != "set":
            return Items(name, first.items, span)
        if name == "dict" and isinstance(first, Table):
            return Table(first.items, span)
        values = [self._python(argument) for argument in arguments]
        return self._compute(lambda: _FUNCTIONS[f"builtins.{name}"](*values), span)

    def _instance(self, target: ClassTarget, call: Call, scope: Scope, span: Span) -> Value:
        name = target.definition.name
        hint = f"write `{name}(field=value)`"
        if call.args:
            self._refuse(span, "CN209", f"`{name}` takes its fields as keywords alone", hint)
        if any(k.name is None for k in call.keywords):
            message = f"the fields of `{name}` must be written out, not taken from a dict"
            self._refuse(span, "CN209", message, hint)
        return Instance(
            target.key, tuple(self._argument(keyword, scope) for keyword in call.keywords), span
        )

    def _argument(self, keyword: Keyword, scope: Scope) -> Argument:
        place = Span(scope.file.source.path, keyword.start, keyword.end)
        return Argument(keyword.name or "", self._read(keyword.value, scope), place)

    def _of_experiment(self, word: str, call: Call, scope: Scope, span: Span) -> Value:
        """`sweep(...)`, `points(...)`, `interval(...)` or `patch(...)`."""
        if word == "patch":
            return Patch(self._patched(call, scope, span), span)
        wanted = "log" if word == "interval" else "zip"
        kind = {"log": bool, "zip": str}[wanted]
        options: dict[str, Any] = {}
        for keyword in call.keywords:
            if keyword.name != wanted:
                message = f"`{word}` has no option `{keyword.name or '**'}`"
                self._refuse(span, "CN209", message, f"its option is `{wanted}`")
            value = self._python(self._fold(keyword.value, scope))
            if not isinstance(value, kind):
                what = "True or False" if kind is bool else "a name: a string"
                self._refuse(span, "CN209", f"`{wanted}` is {what}", "")
            options[wanted] = value
        values = tuple(v for argument in call.args for v in self._swept(argument, scope, span))
        if word == "interval":
            if len(values) != 2:
                hint = "write `interval(low, high)` or `interval(low, high, log=True)`"
                self._refuse(span, "CN209", "an interval has two ends", hint)
            return Interval(values[0], values[1], options.get("log", False), span)
        return (Sweep if word == "sweep" else Points)(values, options.get("zip", ""), span)

    def _swept(self, argument: Expr, scope: Scope, span: Span) -> tuple[Value, ...]:
        """The values of one argument, several for `*LRS`."""
        if not isinstance(argument, Starred):
            return (self._read(argument, scope),)
        try:
            return tuple(self._fold_items((argument,), scope))
        except _NotFolded:
            hint = "write them out, or star a list that is known in the sources"
            self._refuse(span, "CN209", "these values aren't known statically", hint)

    def _patched(self, call: Call, scope: Scope, span: Span) -> tuple[Argument, ...]:
        """The fields of a patch; `**{"a-b": 1}` is for keys that are no names."""
        hint = "write `patch(field=value)`"
        if call.args:
            self._refuse(span, "CN209", "a patch takes its fields as keywords alone", hint)
        found: list[Argument] = []
        for keyword in call.keywords:
            if keyword.name is not None:
                found.append(self._argument(keyword, scope))
                continue
            table = self._fold(keyword.value, scope)
            for key, value in table.items if isinstance(table, Table) else ():
                if isinstance(key, Scalar) and isinstance(key.value, str):
                    found.append(Argument(key.value, value, key.span))
        return tuple(found)

    def _member_by_value(self, enum: ClassTarget, call: Call, scope: Scope, span: Span) -> Value:
        if len(call.args) != 1 or call.keywords:
            raise _NotFolded
        wanted = self._python(self._fold(call.args[0], scope))
        for member, assign in _members(enum).items():
            if self._fold_target(ValueTarget(enum.file, assign), scope, span) == _scalar(
                wanted, span
            ):
                return EnumMember(enum.key, member, span)
        self._refuse(
            span,
            "CN210",
            f"no member of the enum `{enum.definition.name}` has the value {wanted!r}",
            "",
        )

    def _unwrap(self, expression: Expr, scope: Scope) -> Expr | None:
        """What stands inside `default(v)`, `field(default=v)` and `field(default_factory=f)`."""
        if not isinstance(expression, Call):
            return expression
        target = self._target(expression.func, scope)
        name = target.name if isinstance(target, ExternalTarget) else ""
        if name != "dataclasses.field" and not self._is_helper(name, "default"):
            return expression
        given = {
            keyword.name: keyword.value
            for keyword in expression.keywords
            if keyword.name != "kw_only"
        }
        unknown = sorted(str(key) for key in set(given) - {"default", "default_factory", "value"})
        if unknown or len(expression.args) + len(given) > 1:
            message = (
                f"`{unknown[0]}=` of a field can't be kept"
                if unknown
                else "a field has one default"
            )
            self._refuse(
                _span(expression, scope),
                "CN209",
                message,
                "keep only `default` or `default_factory`",
            )
        factory = given.get("default_factory")
        if factory is not None:
            called = Call(factory, (), (), factory.start, factory.end)
            return factory.body if isinstance(factory, Lambda) else called
        return next(iter((*expression.args, *given.values())), None)

    def _text_argument(self, call: Call, scope: Scope) -> str:
        value = self._string_argument(call, scope, _span(call, scope))
        if isinstance(value, Interpolation) and self._is_omegaconfs(call, scope):
            return value.text  # `II("a.${b}")` is `"${a.${b}}"`
        if isinstance(value, Scalar) and isinstance(value.value, str):
            return value.value
        self._refuse_reference(call, scope)

    def _string_argument(self, call: Call, scope: Scope, span: Span) -> Value:
        """The one string that a call takes, as it would be read without the call."""
        given = [*call.args, *(k.value for k in call.keywords if k.name == "interpolation")]
        if len(given) == 1 == len(call.args) + len(call.keywords):
            value = self._fold(given[0], scope)
            is_text = isinstance(value, Scalar) and isinstance(value.value, str)
            if is_text or isinstance(value, Interpolation | Missing):
                return replace(value, span=span)
        self._refuse_reference(call, scope)

    def _is_omegaconfs(self, call: Call, scope: Scope) -> bool:
        target = self._names.target(scope.file, call.func, scope.before)
        return isinstance(target, ExternalTarget) and target.name.startswith("omegaconf.")

    def _refuse_reference(self, call: Call, scope: Scope) -> NoReturn:
        self._refuse(
            _span(call, scope),
            "CN209",
            "a reference takes one string",
            'write `ref("path.to.key")`',
        )

    # Plain Python values

    def _python(self, value: Value) -> Any:
        self._count()
        match value:
            case Scalar():
                return value.value
            case Items(kind, items):
                return {"list": list, "tuple": tuple, "set": set}[kind](
                    self._python(item) for item in items
                )
            case Table(items):
                return {self._python(key): self._python(item) for key, item in items}
        raise _NotFolded

    def _compute(self, function: Callable[[], Any], span: Span) -> Value:
        try:
            return self._value(function(), span)
        except (ArithmeticError, TypeError, ValueError) as error:
            self._refuse(span, "CN209", f"this can't be computed: {error}", "")

    def _value(self, value: Any, span: Span) -> Value:
        """A computed Python value as a Value; sets in a fixed order."""
        self._count()
        if isinstance(value, range) and len(value) <= MAX_ITEMS:
            value = list(value)
        if isinstance(value, list | tuple | set | frozenset):
            kind = "set" if isinstance(value, set | frozenset) else type(value).__name__
            items = sorted(value, key=repr) if kind == "set" else value
            return Items(kind, tuple(self._value(item, span) for item in items), span)
        if isinstance(value, dict):
            pairs = [(self._value(k, span), self._value(v, span)) for k, v in value.items()]
            return Table(tuple(pairs), span)
        if value is None or isinstance(value, bool | int | float | complex | str | bytes):
            return _constant(Constant(value, literal(value), span.start, span.end), span)
        raise _NotFolded

    # What can't be folded

    def _carry_over(self, expression: Expr, scope: Scope, span: Span) -> Value:
        imports: dict[str, str] = {}
        for name in sorted(free_names(expression)):
            if name not in scope.local and self._names.lacks(scope.file, name):
                return Unreadable(span)  # told at the import
            target = self._target(Name(name, 0, 0), scope)
            refusal = self._refusal(name, target, scope)
            if refusal is not None or target is None:
                return self._unreadable(span, *(refusal or ("", "")))
            module, line = self._import_line(target, scope, name)
            if line and not_a_name(module) is not None:
                self._report(unimportable(span, name, module))
                return Unreadable(span)
            if line:
                imports[name] = line
        text = _code(scope.file, expression.start, expression.end)
        if isinstance(expression, Call) and expression.end == expression.func.end:
            text += "()"  # a factory that the source names without calling it
        if not _is_expression(text):
            return self._unreadable(span, "Python can't read this expression", "")
        return Computed(text, tuple(sorted(imports.items())), span)

    def _refusal(self, name: str, target: Target | None, scope: Scope) -> tuple[str, str] | None:
        """Why an expression with a name in it can't be carried over, and what to do; None if it can."""
        if name in scope.local:
            message = f"the default uses the field `{name}`, whose value isn't known here"
            return message, "use literals, or a constant of the module"
        if name in scope.inner:
            message = f"`{name}` is defined in the class body, which the store doesn't have"
            return message, "define it at the top level of the file"
        if target is None:
            return self._names.why_unknown(scope.file, "name", name, scope.before)
        if isinstance(target, OwnTarget) or (
            isinstance(target, ExternalTarget) and target.name in _OF_THE_MODULE
        ):
            message = f"`{name}` belongs to the module that uses it, and the store is another one"
            return message, "write the value out"
        statement = self._names.import_of(scope.file, name, scope.before)
        is_imported = statement is not None and not isinstance(target, RuntimeTarget)
        below = None if is_imported else self._names.changed_below(scope.file, name, scope.before)
        if below is not None:
            line = scope.file.text.count("\n", 0, below) + 1
            message = f"`{name}` changes below, in line {line}: the store would compute with the later value"
            return message, "give the later value another name"
        if self._is_reference(target):
            message = "a reference can't be computed with: it is known when a job runs"
            return message, "write one string, with a resolver of yours: `${mul:${a},2}`"
        word = self._word(target)
        if word:
            message = f"`{word}` can't be a part of an expression"
            return message, f"let the whole value of a field be `{word}(...)`"
        word = self._word_inside(target)
        if word:
            message = f"`{name}` uses `{word}`, which only the value of a field can be"
            return message, f"write `{word}(...)` where the value is"
        if isinstance(target, ClassTarget) and self._is_node(target):
            hint = "write the node as `Name(field=value)`, in a list or dict display if there are several"
            return "a default that holds nodes can't be computed when it is used", hint
        return None

    def _word_inside(self, target: Target) -> str:
        """The word for experiments that a function uses, empty if it uses none."""
        found = self._names.function(target) if isinstance(target, RuntimeTarget) else None
        if found is None:
            return ""
        file, function = found
        meant = {self._word(self._names.lookup(file, name)) for name in function.names} - {""}
        modules = {ExternalTarget(module) for module in self._vocabulary}
        if any(self._names.lookup(file, name) in modules for name in function.names):
            meant |= function.names & set(_WORDS)
        return min(meant, default="")

    def _is_reference(self, target: Target) -> bool:
        """Whether a name stands for what makes an interpolation."""
        if not isinstance(target, ExternalTarget):
            return False
        return target.name in ("omegaconf.II", "omegaconf.SI") or self._is_helper(
            target.name, "ref"
        )

    def _import_line(self, target: Target, scope: Scope, name: str) -> tuple[str, str]:
        """The module and the statement that make a name of a source available in the store."""
        file = scope.file
        statement = self._names.import_of(file, name, scope.before)
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

    def _unreadable(self, span: Span, message: str, hint: str) -> Value:
        self._report(Diagnostic(span, "CN209", message, hint))
        return Unreadable(span)

    def _refuse(self, span: Span, code: str, message: str, hint: str) -> NoReturn:
        self._report(Diagnostic(span, code, message, hint))
        raise _Refused

    def _is_node(self, target: ClassTarget) -> bool:
        return self._classes.kind(target) is Kind.NODE

    def _is_helper(self, name: str, helper: str) -> bool:
        module, _, last = name.rpartition(".")
        return last == helper and module in self._vocabulary


def _code(file: File, start: int, end: int) -> str:
    """A stretch of a source without the comments in it that speak to cngen."""
    kept = start
    parts: list[str] = []
    for ignore in file.module.ignores:
        if start <= ignore.start < end:
            parts.append(file.text[kept : ignore.start].rstrip(" "))
            kept = ignore.end
    return "".join((*parts, file.text[kept:end]))


def _span(expression: Expr, scope: Scope) -> Span:
    return Span(scope.file.source.path, expression.start, expression.end)


def _constant(constant: Constant, span: Span) -> Value:
    if isinstance(constant.value, str):
        if constant.value == "???":
            return Missing(span)
        if "${" in constant.value:
            return Interpolation(constant.value, span)
    return Scalar(constant.value, constant.text, span)


def _scalar(value: Any, span: Span) -> Value:
    return Scalar(value, literal(value), span)


def _is_expression(text: str) -> bool:
    """Whether the running Python takes a text as an expression outside of any function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(f"(\n{text}\n)", "<default>", "eval", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_small(left: Any, op: str, right: Any) -> bool:
    """Whether computing this can't take long or make something huge."""
    if op in ("**", "<<"):
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            return False
        bits = left.bit_length() if isinstance(left, int) else 1
        return (
            abs(right) <= MAX_BITS
            and (bits * abs(right) if op == "**" else bits + right) <= MAX_BITS
        )
    if op == "*":
        for sequence, count in ((left, right), (right, left)):
            if isinstance(sequence, str | bytes | list | tuple):
                return isinstance(count, int) and len(sequence) * count <= MAX_ITEMS
    if op == "+" and isinstance(left, str | bytes) and isinstance(right, str | bytes):
        return len(left) + len(right) <= MAX_ITEMS
    if op == "%":
        return not isinstance(left, str | bytes)
    return True


def _members(enum: ClassTarget) -> dict[str, Assign]:
    """The members of an enum by name, as assigned in its body."""
    return {
        statement.target: statement
        for statement in enum.definition.body
        if isinstance(statement, Assign)
        and statement.value is not None
        and not statement.target.startswith("_")
    }
