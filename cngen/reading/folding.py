"""Expressions as written -> Values: folded where every part is known, carried over as code elsewhere."""

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NoReturn

from cngen import codes
from cngen.diagnostics import Report, RuleId, Span, did_you_mean
from cngen.model.values import (
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
    Unheld,
    Unreadable,
    Value,
    inner_values,
)
from cngen.project.sources import not_a_name, unimportable
from cngen.reading.computing import (
    Failed,
    FoldedPath,
    Iterated,
    Kept,
    Member,
    NotKnown,
    Work,
    attribute,
    binary,
    formatted,
    is_function,
    is_true,
    key_function,
    method,
    ordered,
    part,
    unary,
)
from cngen.reading.computing import call as call_function
from cngen.reading.enums import FLAGS, is_member_name, is_open, makes_values, members
from cngen.reading.foreign import Foreign
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import (
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
from cngen.syntax.facts import (
    Assign,
    Attribute,
    BinOp,
    BoolOp,
    Call,
    Clause,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expr,
    FString,
    FunctionDef,
    IfExp,
    Import,
    Keyword,
    Lambda,
    Name,
    Replacement,
    Sequence,
    Slice,
    Starred,
    Subscript,
    UnaryOp,
    first_name,
    free_names,
    parts,
)
from cngen.text.quoting import literal

FIELD_OPTIONS = ("compare", "hash", "metadata", "repr")
"""What `field(...)` says besides a default, and what the store says too."""

MAX_ALIASES = 20
MAX_BASES = 500
MAX_LOCAL = 200
"""How many members of an enum may name earlier ones."""

_OF_THE_MODULE = frozenset(
    f"builtins.{name}"
    for name in ("eval", "exec", "globals", "locals", "vars", "dir", "__import__")
)
_OF_COLLECTIONS = frozenset(
    {"list", "tuple", "set", "frozenset", "len", "enumerate", "zip", "reversed", "map"}
)
_MISSING = frozenset({"omegaconf.MISSING", "dataclasses.MISSING"})
_WORDS = ("sweep", "points", "interval", "patch")
_CONSTANTS = {f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: names above `before` in its file, and those of its class body.

    Those are fields with their values (`local`), `inner` classes and methods, and parameters for types.
    `bound` are those that a comprehension or a call binds.
    """

    file: File
    before: int
    local: Mapping[str, Expr] = field(default_factory=dict)
    aliases: tuple[Assign | RuntimeTarget, ...] = ()
    inner: Set[str] = frozenset()
    type_parameters: frozenset[str] = frozenset()
    bound: Mapping[str, "Value | _There"] = field(default_factory=dict)

    def hides(self, expression: Expr) -> bool:
        """Whether a name or dotted name begins in the class body, a comprehension or a helper."""
        name = first_name(expression)
        held = (self.local, self.inner, self.type_parameters, self.bound)
        return any(name in names for names in held)

    def is_nested_in(self, target: ValueTarget | RuntimeTarget) -> bool:
        """Whether following this constant or helper would lead back to where we are."""
        if isinstance(target, RuntimeTarget):
            return target in self.aliases
        return any(assign is target.assign for assign in self.aliases)


@dataclass(frozen=True, slots=True)
class _There:
    """An expression that is read where it was written, as the argument of a call of a helper is."""

    expression: Expr
    scope: "Scope"


@dataclass(frozen=True, slots=True)
class _Member:
    """A name in an enum: the member that it is, and its value where it is known."""

    name: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class _Written:
    """What a field says inside `field(...)` or a helper: its default, if it has one, and the other options."""

    default: Expr | None
    scope: "Scope"
    options: tuple[tuple[str, Expr], ...] = ()


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
        self._foreign = Foreign(names, classes)
        self._is_config = True
        self._work = Work()
        self._targets: dict[str, ClassTarget] = {}
        self._members: dict[str, Mapping[str, _Member]] = {}

    def read(self, expression: Expr, scope: Scope) -> Value:
        """The value of an expression, with every problem reported; never raises."""
        self._work = Work()
        if self._reads_too_early(expression, scope):
            return Unreadable(_span(expression, scope))
        return self._read(expression, scope)

    def _reads_too_early(self, expression: Expr, scope: Scope) -> bool:
        """Whether a name is bound only below the class, where Python finds none; it is reported."""
        for name in _read_at_once(expression):
            if scope.hides(name):
                continue
            line = self._names.bound_too_late(scope.file, name.id, scope.before)
            if line is not None:
                message = f"`{name.id}` is used before its definition in line {line}"
                hint = "move the definition above the class"
                self._report(codes.UNDEFINED_NAME.found(_span(name, scope), message, hint))
                return True
        return False

    def options(self, expression: Expr, scope: Scope) -> tuple[tuple[str, Value], ...]:
        """What a field says of itself besides its default: `metadata=`, `repr=`, ..."""
        try:
            written = self._unwrap(expression, scope)
        except (_Refused, NotKnown):
            return ()  # told with its default
        return tuple((n, self._option(value, written.scope)) for n, value in written.options)

    def _option(self, expression: Expr, scope: Scope) -> Value:
        """A value that is no part of a config, and may be of any type."""
        self._is_config = False
        value = self.read(expression, scope)
        if next(_kept_as_written(value), None) is not None:
            value = self._carry_over(expression, scope, _span(expression, scope))
        self._is_config = True
        return value

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
            written = self._unwrap(expression, scope)
            if written.default is None:
                return Missing(span)
            expression, scope = written.default, written.scope
            return self._fold(expression, scope)
        except _Refused:
            return Unreadable(span)
        except NotKnown:
            return self._partly(expression, scope) or self._carry_over(expression, scope, span)

    def _partly(self, expression: Expr, scope: Scope) -> Value | None:
        """A list, tuple or dict display of which only some items aren't known; None for anything else."""
        span = _span(expression, scope)
        try:
            match expression:
                case Sequence(("list" | "tuple") as kind, items):
                    return Items(kind, tuple(self._items(items, scope, self._read)), span)
                case Dict(items=pairs):
                    return self._fold_dict(pairs, scope, span, self._read)
                case Call(args=(), keywords=keywords) if self._is_dict(expression, scope):
                    return self._fold_dict(_pairs(keywords), scope, span, self._read)
        except (NotKnown, _Refused):
            pass
        return None

    # Folding

    def _fold(self, expression: Expr, scope: Scope) -> Value:
        self._work.spend()
        span = _span(expression, scope)
        match expression:
            case Constant():
                return _constant(expression, span)
            case Name() | Attribute():
                return self._fold_name(expression, scope, span)
            case Sequence("set", items):
                return self._set(self._items(items, scope, self._fold), span)
            case Sequence(kind, items):
                return Items(kind, tuple(self._items(items, scope, self._fold)), span)
            case Dict(items):
                return self._fold_dict(items, scope, span, self._fold)
            case Call():
                return self._fold_call(expression, scope, span)
            case Subscript(value, index):
                return self._fold_subscript(value, index, scope, span)
        return self._fold_operation(expression, scope, span)

    def _fold_operation(self, expression: Expr, scope: Scope, span: Span) -> Value:
        match expression:
            case UnaryOp(op, operand):
                value = self._python(self._fold(operand, scope))
                return self._made(lambda: unary(op, value), span)
            case BinOp(left, op, right):
                return self._fold_binary(
                    self._fold(left, scope), op, self._fold(right, scope), span
                )
            case BoolOp(left, op, right):
                first = self._fold(left, scope)
                is_whole = self._truth(first, span) == (op == "or")
                return first if is_whole else self._fold(right, scope)
            case Compare():
                return self._fold_comparison(expression, scope, span)
            case IfExp(body, test, orelse):
                chosen = self._truth(self._fold(test, scope), span)
                return self._fold(body if chosen else orelse, scope)
            case FString(pieces):
                return self._value(self._text(pieces, scope), span)
            case Comprehension():
                return self._fold_comprehension(expression, scope, span)
        raise NotKnown

    def _items(
        self, items: tuple[Expr, ...], scope: Scope, read: Callable[[Expr, Scope], Value]
    ) -> list[Value]:
        found: list[Value] = []
        for item in items:
            if isinstance(item, Starred):
                found.extend(self._iterated(self._fold(item.value, scope), _span(item, scope)))
            else:
                found.append(read(item, scope))
        return found

    def _set(self, items: Iterable[Value], span: Span) -> Value:
        return Items("set", tuple({self._key(item, span): item for item in items}.values()), span)

    def _fold_dict(
        self,
        items: Iterable[tuple[Expr | None, Expr]],
        scope: Scope,
        span: Span,
        read: Callable[[Expr, Scope], Value],
    ) -> Value:
        found: list[tuple[Value, Value]] = []
        for key, value in items:
            if key is not None:
                found.append((self._fold(key, scope), read(value, scope)))
                continue
            folded = self._fold(value, scope)
            if not isinstance(folded, Table):
                raise NotKnown
            found.extend(folded.items)
        return self._table(found, span)

    def _table(self, pairs: Iterable[tuple[Value, Value]], span: Span) -> Table:
        """A dict: of equal keys it has the first, with the last value."""
        found: dict[object, tuple[Value, Value]] = {}
        for key, value in pairs:
            same = self._key(key, span)
            found[same] = (found[same][0] if same in found else key, value)
        return Table(tuple(found.values()), span)

    def _key(self, value: Value, span: Span) -> object:
        """What tells a key of a dict or an item of a set from others, as Python compares them."""
        key = self._python(value)
        try:
            hash(key)
        except TypeError as error:
            self._refuse(span, codes.FAILING_EXPRESSION, f"this can't be computed: {error}", "")
        except NotKnown:
            return value
        return key

    def _fold_comparison(self, expression: Compare, scope: Scope, span: Span) -> Value:
        left = self._python(self._fold(expression.left, scope))
        result: Any = True
        for op, following in zip(expression.ops, expression.rights, strict=True):
            right = self._python(self._fold(following, scope))
            result = self._try(partial(binary, left, op, right, self._work), span)
            if not self._try(partial(is_true, result), span):
                break
            left = right
        return self._value(result, span)

    def _truth(self, value: Value, span: Span) -> bool:
        python = self._python(value)
        return bool(self._try(lambda: is_true(python), span))

    def _text(self, pieces: tuple[Expr, ...], scope: Scope) -> str:
        """The text of an f-string, or of a format in one."""
        return "".join(self._piece(piece, scope) for piece in pieces)

    def _piece(self, piece: Expr, scope: Scope) -> str:
        if not isinstance(piece, Replacement):
            return str(piece.value) if isinstance(piece, Constant) else ""
        value = self._python(self._fold(piece.value, scope))
        spec = self._text(piece.spec, scope)
        work, span = self._work, _span(piece, scope)
        return str(self._try(lambda: formatted(value, piece.conversion, spec, work), span))

    # Comprehensions

    def _fold_comprehension(self, expression: Comprehension, scope: Scope, span: Span) -> Value:
        found = list(self._each(expression, expression.clauses, scope, is_first=True))
        if expression.kind == "dict":
            return self._table([(k, v) for k, v in found if k is not None], span)
        items = [value for _, value in found]
        if expression.kind == "set":
            return self._set(items, span)
        if expression.kind == "list":
            return Items("list", tuple(items), span)
        made = Iterated("generator", [self._python(item) for item in items])
        return Unheld(span, "generator", made)

    def _each(
        self, made: Comprehension, clauses: tuple[Clause, ...], scope: Scope, is_first: bool
    ) -> Iterator[tuple[Value | None, Value]]:
        """Each key and element, in order. Only the first iterable sees the names of a class body."""
        if not clauses:
            key = self._fold(made.key, scope) if made.key is not None else None
            yield key, self._fold(made.element, scope)
            return
        first, *rest = clauses
        span = _span(first.iterable, scope)
        items = self._iterated(self._collection(first.iterable, scope), span)
        inner = replace(scope, local={}) if is_first else scope
        for item in items:
            self._work.spend()
            within = replace(inner, bound={**inner.bound, **self._bind(first.target, item, span)})
            if all(self._truth(self._fold(c, within), span) for c in first.conditions):
                yield from self._each(made, tuple(rest), within, is_first=False)

    def _bind(self, target: Expr, value: Value, span: Span) -> dict[str, Value]:
        if isinstance(target, Name):
            return {target.id: value}
        if not isinstance(target, Sequence) or any(isinstance(t, Starred) for t in target.items):
            raise NotKnown
        items = self._iterated(value, span)
        if len(items) != len(target.items):
            message = f"this can't be computed: {len(items)} values for {len(target.items)} names"
            self._refuse(span, codes.FAILING_EXPRESSION, message, "")
        pairs = zip(target.items, items, strict=True)
        return {name: v for t, i in pairs for name, v in self._bind(t, i, span).items()}

    def _iterated(self, value: Value, span: Span) -> list[Value]:
        """The items of a value, in their order."""
        if isinstance(value, Items) and (value.kind != "set" or len(value.items) < 2):
            return list(value.items)
        if isinstance(value, Table):
            return [key for key, _ in value.items]
        python = self._python(value)
        return [self._value(item, span) for item in self._try(lambda: ordered(python), span)]

    def _collection(self, expression: Expr, scope: Scope) -> Value:
        """What is iterated: an enum gives its members."""
        enum = self._class(expression, scope)
        if enum is None or self._classes.kind(enum) is not Kind.ENUM:
            return self._fold(expression, scope)
        if is_open(enum.definition) or self._is_flag(enum):
            raise NotKnown
        span, found = _span(expression, scope), self._members_of(enum)
        named = (name for name, member in found.items() if member.name == name)
        return Items("tuple", tuple(EnumMember(enum.key, name, span) for name in named), span)

    # Names

    def _fold_name(self, expression: Name | Attribute, scope: Scope, span: Span) -> Value:
        if isinstance(expression, Name) and expression.id in scope.bound:
            found = scope.bound[expression.id]
            return self._fold(found.expression, found.scope) if isinstance(found, _There) else found
        if isinstance(expression, Name) and expression.id in scope.local:
            others = {name: e for name, e in scope.local.items() if name != expression.id}
            written = self._unwrap(scope.local[expression.id], scope)
            if written.default is None:
                return Missing(span)
            return self._fold(written.default, replace(written.scope, local=others))
        target = self._target(expression, scope)
        if target is None and isinstance(expression, Attribute):
            self._check_attribute(expression, scope, span)
            return self._fold_member(expression, scope, span)
        return self._fold_target(target, scope, span)

    def _target(self, expression: Expr, scope: Scope) -> Target | None:
        """What a dotted name stands for outside of the class body; None for a part of a value."""
        if isinstance(expression, Name):
            found = scope.bound.get(expression.id)
            if isinstance(found, _There):
                return self._target(found.expression, found.scope)
        if scope.hides(expression):
            return None
        return self._names.target(scope.file, expression, scope.before)

    def _class(self, expression: Expr, scope: Scope) -> ClassTarget | None:
        target = self._target(expression, scope)
        for _ in range(MAX_ALIASES):  # a class may have other names
            if not isinstance(target, ValueTarget) or target.assign.value is None:
                break
            target = self._names.target(target.file, target.assign.value, target.assign.start)
        return target if isinstance(target, ClassTarget) else None

    def _check_attribute(self, expression: Attribute, scope: Scope, span: Span) -> None:
        """A module of the tree has to have the name that is taken from it."""
        owner = self._target(expression.value, scope)
        if isinstance(owner, ModuleTarget) and self._names.is_read(owner.module):
            known = self._names.defined(owner.module)
            message = f"`{owner.module}` has no `{expression.attr}`"
            self._refuse(span, codes.UNDEFINED_NAME, message, did_you_mean(expression.attr, known))

    def _fold_target(self, target: Target | None, scope: Scope, span: Span) -> Value:
        match target:
            case ValueTarget(file, assign) if assign.value is not None:
                if scope.is_nested_in(target):
                    raise NotKnown
                inner = Scope(file, assign.start, {}, (*scope.aliases, assign))
                found = self._fold(assign.value, inner)
                is_class = isinstance(found, Instance) and found.is_bare
                return replace(found, span=span) if is_class else found
            case ClassTarget() if self._is_node(target):
                self._targets[target.key] = target
                return Instance(target.key, (), span, is_bare=True)
            case OwnTarget(file, "__name__"):
                return _scalar(file.source.module, span)
            case OwnTarget(file, "__package__"):
                return _scalar(file.package, span)
            case ExternalTarget(name) if name in _CONSTANTS:
                return _scalar(_CONSTANTS[name], span)
            case ExternalTarget(name) if name in _MISSING or self._is_helper(name, "MISSING"):
                return Missing(span)
        raise NotKnown

    def _fold_member(self, expression: Attribute, scope: Scope, span: Span) -> Value:
        """`Mode.FULL`, `Mode.FULL.value`, `Mlp.width`, `Mlp().width` and attributes of plain values."""
        owner, name = self._class(expression.value, scope), expression.attr
        if owner is not None:
            if self._classes.kind(owner) is Kind.ENUM:
                return self._member(owner, name, span)
            return self._class_attribute(owner, name, scope, span)
        value = self._fold(expression.value, scope)
        match value:
            case EnumMember(enum, member) if name in ("name", "value"):
                if name == "name":
                    return _scalar(member, span)
                found = self._members_of(self._targets[enum])[member].value
                if found is None:
                    raise NotKnown
                return replace(found, span=span)
            case Instance(node):
                given, target = value.get(name), self._targets[node]
                if given is not None:
                    return given
                if not value.is_bare and "__post_init__" in self._methods(target):
                    raise NotKnown
                return self._class_attribute(target, name, scope, span)
        python = self._python(value)
        return self._made(lambda: attribute(python, name), span)

    def _class_attribute(self, target: ClassTarget, name: str, scope: Scope, span: Span) -> Value:
        """What a class, or the nearest of its bases that says so, assigns to a name in its body."""
        for owner in self._lineage(target):
            found: tuple[Scope, Expr] | None = None
            local: dict[str, Expr] = {}
            for statement in owner.definition.body:
                if isinstance(statement, Assign) and statement.value is not None:
                    if statement.target == name:
                        aliases = (*scope.aliases, statement)
                        inner = Scope(owner.file, statement.start, dict(local), aliases)
                        found = inner, statement.value
                    local[statement.target] = statement.value
                elif getattr(statement, "name", "") == name:
                    raise NotKnown
            if found is None:
                continue
            inner, expression = found
            if any(assign is inner.aliases[-1] for assign in scope.aliases):
                raise NotKnown
            written = self._unwrap(expression, inner)
            if written.default is not None:
                return self._fold(written.default, written.scope)
        raise NotKnown

    def _lineage(self, target: ClassTarget) -> list[ClassTarget]:
        """A class and its bases, in the order in which attributes are looked up.

        Raises:
            NotKnown: a base can't be found, or the module changes a class.
        """
        found: list[ClassTarget] = []
        waiting = [target]
        while waiting:
            current = waiting.pop()
            if len(found) > MAX_BASES or self._names.is_changed(
                current.file, current.definition.name, current.definition
            ):
                raise NotKnown
            found.append(current)
            start = current.definition.start
            bases = [
                self._classes.resolve(current.file, b, start) for b in current.definition.bases
            ]
            if any(base is None for base in bases):
                raise NotKnown
            waiting.extend(base for base in reversed(bases) if isinstance(base, ClassTarget))
        last = {owner.key: number for number, owner in enumerate(found)}
        return [owner for number, owner in enumerate(found) if last[owner.key] == number]

    def _methods(self, target: ClassTarget) -> set[str]:
        return {
            statement.name
            for owner in self._lineage(target)
            for statement in owner.definition.body
            if isinstance(statement, FunctionDef)
        }

    # Enums

    def _member(self, enum: ClassTarget, name: str, span: Span) -> Value:
        found = self._members_of(enum)
        if name in found:
            return EnumMember(enum.key, found[name].name, span)
        if is_open(enum.definition) or not is_member_name(name):
            raise NotKnown
        title = enum.definition.name
        hint = did_you_mean(name, tuple(found)) or f"the members are {', '.join(found)}"
        self._refuse(span, codes.UNKNOWN_MEMBER, f"the enum `{title}` has no member `{name}`", hint)

    def _members_of(self, enum: ClassTarget) -> Mapping[str, _Member]:
        """The members of an enum by every name, each with the one that it is."""
        self._targets[enum.key] = enum
        if enum.key not in self._members:
            self._members[enum.key] = {}
            work, self._work = self._work, Work()
            try:
                self._members[enum.key] = dict(self._read_members(enum))
            finally:
                self._work = work
        return self._members[enum.key]

    def _read_members(self, enum: ClassTarget) -> Iterator[tuple[str, _Member]]:
        first: dict[object, str] = {}
        local: dict[str, Expr] = {}
        is_made = makes_values(enum.definition)
        for name, assign in members(enum.definition).items():
            assert assign.value is not None
            self._work = Work()
            scope = Scope(enum.file, assign.start, dict(local) if len(local) < MAX_LOCAL else {})
            value, key = None, object()
            try:
                if not is_made:
                    value = self._fold(assign.value, scope)
                    key = self._key(value, value.span)
            except (NotKnown, _Refused):
                pass
            local[name] = assign.value
            yield name, _Member(first.setdefault(key, name), value)

    def _is_flag(self, enum: ClassTarget) -> bool:
        bases = (
            self._classes.resolve(enum.file, base, enum.definition.start)
            for base in enum.definition.bases
        )
        named = (base.name for base in bases if isinstance(base, ExternalTarget))
        return any(name.removeprefix("enum.") in FLAGS for name in named)

    def _is_plain(self, key: str) -> bool:
        """Whether the members of an enum are nothing but members: they compare by identity."""
        enum = self._targets[key]
        bases = [
            self._classes.resolve(enum.file, base, enum.definition.start)
            for base in enum.definition.bases
        ]
        is_plain = bases == [ExternalTarget("enum.Enum")]
        return is_plain and not any(
            isinstance(s, FunctionDef) and s.name in ("__bool__", "__eq__", "__hash__")
            for s in enum.definition.body
        )

    # Parts and operators

    def _fold_subscript(self, value: Expr, index: Expr, scope: Scope, span: Span) -> Value:
        owner = self._class(value, scope)
        if owner is not None and self._classes.kind(owner) is Kind.ENUM:
            return self._member(owner, str(self._python(self._fold(index, scope))), span)
        folded = self._fold(value, scope)
        at = self._index(index, scope)
        if isinstance(folded, Table):
            key = self._key(at, span) if not isinstance(at, slice) else at
            found = next((v for k, v in folded.items if self._key(k, span) == key), None)
            if found is not None:
                return found
        place = at if isinstance(at, slice) else self._python(at)
        if isinstance(folded, Items) and folded.kind != "set":
            held = self._try(lambda: part(folded.items, place, self._work), span)
            return Items(folded.kind, held, span) if isinstance(place, slice) else held
        python = self._python(folded)
        return self._made(lambda: part(python, place, self._work), span)

    def _index(self, index: Expr, scope: Scope) -> "Value | slice":
        if not isinstance(index, Slice):
            return self._fold(index, scope)
        ends = (index.lower, index.upper, index.step)
        return slice(*(None if e is None else self._python(self._fold(e, scope)) for e in ends))

    def _fold_binary(self, left: Value, op: str, right: Value, span: Span) -> Value:
        if (
            op == "+"
            and isinstance(left, Items)
            and isinstance(right, Items)
            and left.kind == right.kind != "set"
        ):
            self._work.spend(len(left.items) + len(right.items))
            return Items(left.kind, left.items + right.items, span)
        if op == "|" and isinstance(left, Table) and isinstance(right, Table):
            return self._table((*left.items, *right.items), span)
        a, b = self._python(left), self._python(right)
        return self._made(lambda: binary(a, op, b, self._work), span)

    # Calls

    def _fold_call(self, call: Call, scope: Scope, span: Span) -> Value:
        target = self._class(call.func, scope) or self._target(call.func, scope)
        match target:
            case ClassTarget() if self._is_node(target):
                return self._instance(target, call, scope, span)
            case ClassTarget() if self._classes.kind(target) is Kind.ENUM:
                return self._member_by_value(target, call, scope, span)
            case ValueTarget() if self._new_type(target) and len(call.args) == 1:
                return self._fold(call.args[0], scope)
            case ExternalTarget(name):
                word = self._word(target)
                if word:
                    return self._of_experiment(word, call, scope, span)
                return self._fold_outside(name, call, scope, span)
            case None if isinstance(call.func, Attribute):
                return self._fold_method(call, call.func, scope, span)
            case None if isinstance(call.func, Name) and scope.hides(call.func):
                made_of = self._fold(call.func, scope)
                if isinstance(made_of, Instance) and made_of.is_bare:
                    return self._instance(self._targets[made_of.node], call, scope, span)
        raise NotKnown

    def _new_type(self, target: ValueTarget) -> bool:
        return new_type(self._names, target) is not None

    def _fold_outside(self, name: str, call: Call, scope: Scope, span: Span) -> Value:
        """A call of something from outside the tree that is as good as run."""
        if name == "omegaconf.II" or self._is_helper(name, "ref"):
            text = "${" + self._text_argument(call, scope) + "}"
            return Interpolation(text, span, is_reference=True)
        if name == "omegaconf.SI":
            return self._string_argument(call, scope, span)
        if name == "pathlib.Path" and not call.keywords:
            parts = [self._python(self._fold(arg, scope)) for arg in call.args]
            if all(isinstance(part, str | FoldedPath) for part in parts):
                return PathValue(str(FoldedPath(*parts)), span)
        if not is_function(name):
            raise NotKnown
        if name == "builtins.dict" and len(call.args) <= 1:
            made = self._fold_dict_call(call, scope, span)
            if made is not None:
                return made
        return self._apply(name, call, scope, span)

    def _fold_dict_call(self, call: Call, scope: Scope, span: Span) -> Value | None:
        """`dict(a=1)` and `dict(A, b=2)`, of which the items keep their places."""
        found = self._fold_dict(_pairs(call.keywords), scope, span, self._fold)
        first = self._fold(call.args[0], scope) if call.args else None
        if first is not None and not isinstance(first, Table):
            return None
        before = first.items if isinstance(first, Table) else ()
        return self._table((*before, *(found.items if isinstance(found, Table) else ())), span)

    def _apply(self, name: str, call: Call, scope: Scope, span: Span) -> Value:
        """A builtin; a container is changed to another kind without a look at its items."""
        arguments = self._arguments(name, call, scope)
        first = arguments[0] if len(arguments) == 1 and not call.keywords else None
        kind = name.removeprefix("builtins.")
        if kind in ("list", "tuple") and isinstance(first, Items | Table):
            return Items(kind, tuple(self._iterated(first, span)), span)
        keywords = {
            k.name: self._handed(k.value, scope) if k.name == "key" else self._python(self._fold(k.value, scope))
            for k in call.keywords
            if k.name is not None
        }  # fmt: skip
        if len(keywords) < len(call.keywords):
            raise NotKnown
        values = tuple(a if a is None or callable(a) else self._python(a) for a in arguments)
        return self._made(lambda: call_function(name, values, keywords, self._work), span)

    def _arguments(self, name: str, call: Call, scope: Scope) -> list[Any]:
        last = name.rpartition(".")[2]
        if last in ("map", "filter") and call.args:
            rest = replace(call, args=call.args[1:])
            return [self._handed(call.args[0], scope), *self._arguments("", rest, scope)]
        read = self._collection if last in _OF_COLLECTIONS else self._fold
        return list(self._items(call.args, scope, read))

    def _handed(self, function: Expr, scope: Scope) -> Any:
        """A builtin that is handed to another, or None."""
        if isinstance(function, Constant) and function.value is None:
            return None
        target = self._target(function, scope)
        return key_function(target.name if isinstance(target, ExternalTarget) else "")

    def _fold_method(self, call: Call, func: Attribute, scope: Scope, span: Span) -> Value:
        owner = self._python(self._fold(func.value, scope))
        arguments = tuple(self._python(v) for v in self._items(call.args, scope, self._fold))
        keywords = {
            k.name: self._python(self._fold(k.value, scope))
            for k in call.keywords
            if k.name is not None
        }
        if len(keywords) < len(call.keywords):
            raise NotKnown
        return self._made(lambda: method(owner, func.attr, arguments, keywords, self._work), span)

    def _is_dict(self, call: Call, scope: Scope) -> bool:
        return self._target(call.func, scope) == ExternalTarget("builtins.dict")

    def _instance(self, target: ClassTarget, call: Call, scope: Scope, span: Span) -> Value:
        self._targets[target.key] = target
        name = target.definition.name
        hint = f"write `{name}(field=value)`"
        if call.args:
            self._refuse(
                span, codes.INVALID_NODE_CALL, f"`{name}` accepts keyword arguments only", hint
            )
        if any(k.name is None for k in call.keywords):
            message = f"the fields of `{name}` must be written out, not taken from a dict"
            self._refuse(span, codes.INVALID_NODE_CALL, message, hint)
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
                self._refuse(
                    span, codes.INVALID_SWEEP_CALL, message, f"the only option is `{wanted}`"
                )
            value = self._python(self._fold(keyword.value, scope))
            if not isinstance(value, kind):
                what = "True or False" if kind is bool else "a string"
                self._refuse(span, codes.INVALID_SWEEP_CALL, f"`{wanted}` must be {what}", "")
            options[wanted] = value
        values = tuple(v for argument in call.args for v in self._swept(argument, scope, span))
        if word == "interval":
            if len(values) != 2:
                hint = "write `interval(low, high)` or `interval(low, high, log=True)`"
                self._refuse(span, codes.INVALID_SWEEP_CALL, "`interval` takes two values", hint)
            return Interval(values[0], values[1], options.get("log", False), span)
        return (Sweep if word == "sweep" else Points)(values, options.get("zip", ""), span)

    def _swept(self, argument: Expr, scope: Scope, span: Span) -> tuple[Value, ...]:
        """The values of one argument, several for `*LRS`."""
        if not isinstance(argument, Starred):
            return (self._read(argument, scope),)
        try:
            return tuple(self._items((argument,), scope, self._fold))
        except NotKnown:
            hint = "write them out, or unpack a list that is known statically"
            self._refuse(span, codes.UNREADABLE_VALUE, "these values aren't known statically", hint)

    def _patched(self, call: Call, scope: Scope, span: Span) -> tuple[Argument, ...]:
        """The fields of a patch; `**{"a-b": 1}` is for keys that are no names."""
        hint = "write `patch(field=value)`"
        if call.args:
            self._refuse(
                span, codes.INVALID_SWEEP_CALL, "`patch` accepts keyword arguments only", hint
            )
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
            raise NotKnown
        wanted = self._key(self._fold(call.args[0], scope), span)
        if makes_values(enum.definition) or is_open(enum.definition):
            raise NotKnown
        found = self._members_of(enum)
        for member in found.values():
            if member.value is not None and self._key(member.value, span) == wanted:
                return EnumMember(enum.key, member.name, span)
        if self._is_flag(enum) or any(member.value is None for member in found.values()):
            raise NotKnown
        name, said = enum.definition.name, literal(wanted)
        message = f"the enum `{name}` has no member with the value {said}"
        self._refuse(span, codes.UNKNOWN_MEMBER, message, "")

    def _unwrap(self, expression: Expr, scope: Scope) -> _Written:
        """What stands inside `default(v)`, `field(default=v)`, `field(default_factory=f)` and helpers for them."""
        if not isinstance(expression, Call):
            return _Written(expression, scope)
        target = self._target(expression.func, scope)
        if isinstance(target, RuntimeTarget):
            return self._unwrap_helper(target, expression, scope)
        name = target.name if isinstance(target, ExternalTarget) else ""
        is_field = name == "dataclasses.field"
        if not is_field and not self._is_helper(name, "default"):
            return _Written(expression, scope)
        given = {k.name: k.value for k in expression.keywords if k.name != "kw_only"}
        options = tuple((o, given.pop(o)) for o in FIELD_OPTIONS if is_field and o in given)
        unknown = sorted(str(key) for key in set(given) - {"default", "default_factory", "value"})
        if unknown or len(expression.args) + len(given) > 1:
            message = "a field can have only one default"
            if unknown:
                message = f"`{unknown[0]}=` of a field is not supported"
            known = ", ".join(f"`{o}`" for o in ("default", "default_factory", *FIELD_OPTIONS))
            hint = f"supported: {known}"
            self._refuse(_span(expression, scope), codes.INVALID_FIELD_CALL, message, hint)
        factory = given.get("default_factory")
        if factory is not None:
            made, inner = self._called(factory, scope)
            return _Written(made, inner, options)
        value = next(iter((*expression.args, *given.values())), None)
        if value is not None and not is_field:
            owner = self._class(value, scope)
            if owner is not None and self._is_node(owner):
                value = Call(value, (), (), value.start, value.end)
        return _Written(value, scope, options)

    def _called(self, factory: Expr, scope: Scope) -> tuple[Expr, Scope]:
        """What a factory makes, and where: the body of a lambda, the call of anything else."""
        given = scope.bound.get(factory.id) if isinstance(factory, Name) else None
        if isinstance(given, _There):
            return self._called(given.expression, given.scope)
        if isinstance(factory, Lambda):
            return factory.body, scope
        if isinstance(factory, Call) and factory.args:
            target = self._target(factory.func, scope)
            if target == ExternalTarget("functools.partial"):
                first, *rest = factory.args
                called = Call(first, tuple(rest), factory.keywords, factory.start, factory.end)
                return called, scope
        return Call(factory, (), (), factory.start, factory.end), scope

    def _unwrap_helper(self, target: RuntimeTarget, call: Call, scope: Scope) -> _Written:
        """A function of the project whose body is one `return field(...)` is read through."""
        found = self._names.function(target)
        if found is None:
            return _Written(call, scope)
        file, function = found
        if not self._gives_field(file, function):
            return _Written(call, scope)
        bound = _bound(function, call, scope, Scope(file, function.start))
        if function.returned is None or bound is None or scope.is_nested_in(target):
            message = f"`{function.name}` returns a dataclass field that can't be read"
            hint = "make its body a single `return field(...)`, or write `field(...)` here"
            self._refuse(_span(call, scope), codes.INVALID_FIELD_CALL, message, hint)
        inner = Scope(file, function.returned.start, {}, (*scope.aliases, target), bound=bound)
        return self._unwrap(function.returned, inner)

    def _gives_field(self, file: File, function: FunctionDef) -> bool:
        """Whether a function gives what `dataclasses.field` does, or what another one does that does so."""
        if isinstance(function.returned, Call):
            returned = self._names.target(file, function.returned.func, function.start)
            if isinstance(returned, RuntimeTarget) and returned.name != function.name:
                inner = self._names.function(returned)
                return inner is not None and self._gives_field(*inner)
        named = [self._names.lookup(file, name, function.start) for name in sorted(function.names)]
        is_module = ExternalTarget("dataclasses") in named and "field" in function.names
        return is_module or ExternalTarget("dataclasses.field") in named

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
            codes.INVALID_REFERENCE,
            "a reference takes one string",
            'write `ref("path.to.key")`',
        )

    # Plain Python values

    def _python(self, value: Value) -> Any:
        self._work.spend()
        match value:
            case Scalar():
                return value.value
            case Items("set", items):
                return frozenset(self._python(item) for item in items)
            case Items(kind, items):
                return (list if kind == "list" else tuple)(self._python(item) for item in items)
            case Table(items):
                return {self._python(key): self._python(item) for key, item in items}
            case PathValue(path):
                return FoldedPath(path)
            case Interpolation(text, is_reference=False):
                return text
            case Unheld(payload=payload) if payload is not None:
                return payload
            case EnumMember(enum) if enum in self._targets and self._is_plain(enum):
                return Member(value)
        return Kept(value)

    def _try(self, function: Callable[[], Any], span: Span) -> Any:
        try:
            return function()
        except Failed as error:
            self._refuse(span, codes.FAILING_EXPRESSION, str(error), "")

    def _made(self, function: Callable[[], Any], span: Span) -> Value:
        return self._value(self._try(function, span), span)

    def _value(self, value: Any, span: Span) -> Value:
        """A computed Python value as a Value; sets in a fixed order."""
        self._work.spend(1 + (len(value) // 8 if isinstance(value, str | bytes) else 0))
        match value:
            case Kept():
                return value.value  # type: ignore[return-value]
            case FoldedPath():
                return PathValue(str(value), span)
            case list() | tuple():
                items = tuple(self._value(item, span) for item in value)
                return Items("list" if isinstance(value, list) else "tuple", items, span)
            case set() | frozenset():
                held = [self._value(item, span) for item in value]
                return Items("set", tuple(sorted(held, key=_order)), span)
            case dict():
                pairs = [(self._value(k, span), self._value(v, span)) for k, v in value.items()]
                return Table(tuple(pairs), span)
            case None | bool() | int() | float() | complex() | str() | bytes():
                return _constant(Constant(value, literal(value), span.start, span.end), span)
        kind = value.kind if isinstance(value, Iterated) else type(value).__name__
        return Unheld(span, kind, value)

    # What can't be folded

    def _carry_over(self, expression: Expr, scope: Scope, span: Span) -> Value:
        if scope.bound and free_names(expression) & set(scope.bound):
            return self._carry_over_argument(expression, scope, span)
        kind = self._foreign.kind(expression, scope.file, scope.before, frozenset(scope.local))
        if kind and self._is_config:
            return Unheld(span, kind)
        imports: dict[str, str] = {}
        for name in sorted(free_names(expression)):
            if name not in scope.local and self._names.lacks(scope.file, name):
                return Unreadable(span)  # told at the import
            target = self._target(Name(name, 0, 0), scope)
            refusal = self._refusal(name, target, scope)
            if refusal is not None or target is None:
                is_bound = target is not None or name in scope.local or name in scope.inner
                rule = codes.UNREADABLE_VALUE if is_bound else codes.UNDEFINED_NAME
                return self._unreadable(span, *(refusal or ("", "")), rule)
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
            return self._unreadable(span, "Python can't parse this expression", "")
        return Computed(text, tuple(sorted(imports.items())), span)

    def _carry_over_argument(self, expression: Expr, scope: Scope, span: Span) -> Value:
        """What the call of a helper is given, as it is written there."""
        named = (
            expression.func if isinstance(expression, Call) and not expression.args else expression
        )
        found = scope.bound.get(named.id) if isinstance(named, Name) else None
        if not isinstance(found, _There):
            hint = "write `field(...)` with the value itself"
            return self._unreadable(span, "a helper uses a value that isn't known statically", hint)
        given = found.expression
        if named is not expression:
            given = Call(given, (), (), given.start, given.end)
        return self._read(given, found.scope)

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
            message = f"`{name}` would have a different value in the store, which is another module"
            return message, "write the value out"
        statement = self._names.import_of(scope.file, name, scope.before)
        is_imported = statement is not None and not isinstance(target, RuntimeTarget)
        below = None if is_imported else self._names.changed_below(scope.file, name, scope.before)
        if below is not None:
            line = scope.file.text.count("\n", 0, below) + 1
            message = f"`{name}` changes below, in line {line}: the store would use the later value"
            return message, "give the later value another name"
        if self._is_reference(target):
            message = "a reference can't be used in a computation: its value is known only when a job runs"
            return message, "write one interpolation with a custom resolver: `${mul:${a},2}`"
        word = self._word(target)
        if word:
            message = f"`{word}` can't be part of an expression"
            return message, f"use `{word}(...)` as the whole value of a field"
        word = self._word_inside(target)
        if word:
            message = f"`{name}` uses `{word}`, which is allowed only as the value of a field"
            return message, f"write `{word}(...)` as the value of the field"
        if isinstance(target, ClassTarget) and self._is_node(target):
            hint = "write the node as `Name(field=value)`, in a list or dict literal if there are several"
            return "a default that contains nodes can't be computed at run time", hint
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

    def _unreadable(
        self, span: Span, message: str, hint: str, rule: RuleId = codes.UNREADABLE_VALUE
    ) -> Value:
        self._report(rule.found(span, message, hint))
        return Unreadable(span)

    def _refuse(self, span: Span, rule: RuleId, message: str, hint: str) -> NoReturn:
        self._report(rule.found(span, message, hint))
        raise _Refused

    def _is_node(self, target: ClassTarget) -> bool:
        return self._classes.kind(target) is Kind.NODE

    def _is_helper(self, name: str, helper: str) -> bool:
        module, _, last = name.rpartition(".")
        return last == helper and module in self._vocabulary


def _read_at_once(expression: Expr) -> Iterator[Name]:
    """The names that an expression reads when it runs: not those in functions, or bound in it."""
    waiting: list[Expr] = [expression]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Name):
            yield found
        elif not isinstance(found, Lambda | Comprehension):
            inner = (p.value if isinstance(p, Keyword) else p for p in parts(found))
            waiting += reversed([*inner])


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


def _kept_as_written(value: Value) -> Iterator[Value]:
    """The parts of a value that a config would hold as something else, or not at all."""
    if isinstance(value, Unheld) or (isinstance(value, Items) and value.kind == "set"):
        yield value
    for inner in inner_values(value):
        yield from _kept_as_written(inner)


def _pairs(keywords: tuple[Keyword, ...]) -> tuple[tuple[Expr | None, Expr], ...]:
    """The keywords of `dict(...)` as the items of a display."""
    return tuple(
        (None if k.name is None else Constant(k.name, literal(k.name), k.start, k.end), k.value)
        for k in keywords
    )


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


def _bound(
    function: FunctionDef, call: Call, scope: Scope, defined: Scope
) -> dict[str, Value | _There] | None:
    """What a call gives for each parameter of a function; None where it isn't plainly so."""
    parameters = function.parameters
    if parameters is None or len(call.args) > len(parameters):
        return None
    names = {parameter.name for parameter in parameters}
    given: dict[str, Value | _There] = {
        parameter.name: _There(argument, scope)
        for parameter, argument in zip(parameters, call.args, strict=False)
    }
    for keyword in call.keywords:
        if keyword.name not in names or keyword.name in given:
            return None
        given[keyword.name] = _There(keyword.value, scope)
    for parameter in parameters:
        if parameter.name not in given:
            if parameter.default is None:
                return None
            given[parameter.name] = _There(parameter.default, defined)
    is_starred = any(isinstance(argument, Starred) for argument in call.args)
    return None if is_starred else given


def new_type(names: Names, target: Target | None) -> tuple[Expr, File, Assign] | None:
    """What a `NewType` is to Python: the type that it is made of, with its place."""
    if not isinstance(target, ValueTarget) or not isinstance(target.assign.value, Call):
        return None
    file, assign, call = target.file, target.assign, target.assign.value
    made_by = names.target(file, call.func, assign.start)
    is_new_type = getattr(made_by, "name", "") in ("typing.NewType", "typing_extensions.NewType")
    return (call.args[1], file, assign) if is_new_type and len(call.args) == 2 else None
