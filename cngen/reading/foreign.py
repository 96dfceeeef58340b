"""Expressions -> the type of what they give, where that is one that no config can hold.

OmegaConf holds plain values, paths, members of enums, lists, tuples, dicts and dataclasses, and
nothing of a class that only inherits from one of these (omegaconf/_utils.py).
"""

import builtins
import collections
import datetime
import decimal
import enum
import fractions
import functools
import inspect
import itertools
import math
import operator
import pathlib
import re
import types
import uuid
from collections.abc import Mapping
from types import ModuleType

from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import (
    ClassTarget,
    ExternalTarget,
    File,
    Names,
    RuntimeTarget,
    Target,
    ValueTarget,
)
from cngen.syntax.facts import (
    Attribute,
    BinOp,
    Call,
    Comprehension,
    Constant,
    Dict,
    Expr,
    FunctionDef,
    IfExp,
    Lambda,
    Name,
    Opaque,
    Sequence,
    Subscript,
    first_name,
    free_names,
)

_MODULES: Mapping[str, ModuleType] = {
    module.__name__: module
    for module in (
        builtins, collections, datetime, decimal, enum, fractions, functools, itertools, math, operator, pathlib, re,
        types, uuid,
    )
}  # fmt: skip
"""Modules of the standard library whose classes and functions are known."""

_HELD = (
    bool,
    int,
    float,
    str,
    bytes,
    list,
    tuple,
    dict,
    type(None),
    pathlib.Path,
    pathlib.PosixPath,
)
"""What a config holds, in itself and as a class under `Any`."""

_MAKERS = {
    "re.compile": "Pattern", "re.match": "Match", "datetime.datetime.now": "datetime",
    "datetime.datetime.utcnow": "datetime", "datetime.datetime.today": "datetime",
    "datetime.datetime.strptime": "datetime", "datetime.datetime.fromisoformat": "datetime",
    "datetime.datetime.fromtimestamp": "datetime", "datetime.datetime.combine": "datetime",
    "datetime.date.today": "date", "datetime.date.fromisoformat": "date", "datetime.time.fromisoformat": "time",
    "decimal.Decimal.from_float": "Decimal", "fractions.Fraction.from_float": "Fraction",
    "collections.OrderedDict.fromkeys": "OrderedDict", "uuid.uuid1": "UUID", "uuid.uuid4": "UUID",
    "logging.getLogger": "Logger", "builtins.open": "file", "builtins.iter": "iterator",
    "itertools.chain.from_iterable": "chain",
}  # fmt: skip
"""Functions by what they give."""

_DEEPEST = 20
"""How many names and parts of an expression are followed into each other."""

_NAMED_TUPLES = frozenset({"collections.namedtuple", "typing.NamedTuple"})
_SAME = frozenset({"+", "-", "*", "|", "&"})
"""The operators that give a value of the foreign type that goes in."""


class Foreign:
    """Knows the types of values that expressions of one tree give."""

    def __init__(self, names: Names, classes: Classes) -> None:
        self._names = names
        self._classes = classes
        self._active: list[Expr] = []

    def kind(self, expression: Expr, file: File, before: int, local: frozenset[str]) -> str:
        """The name of the type of a value, or of one inside it, that no config can hold; empty for all others."""
        if len(self._active) > _DEEPEST:
            return ""
        self._active.append(expression)
        try:
            return self._kind(expression, file, before, local)
        finally:
            self._active.pop()

    def _kind(self, expression: Expr, file: File, before: int, local: frozenset[str]) -> str:
        match expression:
            case Lambda():
                return "function"
            case Opaque(text=text) if text.lstrip("( \n").startswith("lambda"):
                return "function"
            case Opaque(text="..."):
                return "ellipsis"
            case Call(func=func) if first_name(func) not in local:
                return self._made(self._names.target(file, func, before))
            case Name() | Attribute() if first_name(expression) not in local:
                return self._named(self._names.target(file, expression, before))
            case Subscript(value, index):
                item = self._item(value, index, file, before)
                return self.kind(*item, local) if item is not None else ""
            case Comprehension(element=element, clauses=clauses):
                bound = frozenset(n for clause in clauses for n in free_names(clause.target))
                return self.kind(element, file, before, local | bound)
        kinds = [self.kind(part, file, before, local) for part in _results(expression)]
        if isinstance(expression, IfExp):
            return kinds[0] if all(kinds) else ""
        return next(filter(None, kinds), "")

    def _made(self, target: Target | None) -> str:
        """The type of what a call of something gives."""
        match target:
            case ExternalTarget(name):
                made = _known(name)
                if isinstance(made, type) and not _is_held(made):
                    return made.__name__
                return _MAKERS.get(name, "")
            case ClassTarget():
                return self._object(target)
            case ValueTarget(file, assign) if isinstance(assign.value, Call):
                made_by = self._names.target(file, assign.value.func, assign.start)
                if getattr(made_by, "name", "") in _NAMED_TUPLES:
                    return assign.target
            case RuntimeTarget():
                found = self._names.function(target)
                if found is not None and found[1].returned is not None:
                    inner = frozenset(p.name for p in found[1].parameters or ())
                    return self.kind(found[1].returned, found[0], found[1].end, inner)
        return ""

    def _item(
        self, value: Expr, index: Expr, file: File, before: int
    ) -> tuple[Expr, File, int] | None:
        """The item of a display, which may have a name, under a written key; and where it is written."""
        if isinstance(value, Name | Attribute):
            target = self._names.target(file, value, before)
            if not isinstance(target, ValueTarget) or target.assign.value is None:
                return None
            value, file, before = target.assign.value, target.file, target.assign.start
        if isinstance(value, Dict):
            found = [item for key, item in value.items if key == index]
            return (found[-1], file, before) if found else None
        at = index.value if isinstance(index, Constant) else None
        if isinstance(value, Sequence) and isinstance(at, int) and 0 <= at < len(value.items):
            return value.items[at], file, before
        return None

    def _object(self, target: ClassTarget) -> str:
        """The class of an object, if that is a plain one, made of known classes."""
        name, waiting, seen = target.definition.name, [target], 0
        while waiting and seen < 100:
            current, seen = waiting.pop(), seen + 1
            definition = current.definition
            if definition.keywords or self._is_dataclass(current) or _makes(definition.body):
                return ""
            for found in self._classes.bases(current):
                if isinstance(found, ClassTarget):
                    waiting.append(found)
                elif not isinstance(found, ExternalTarget) or not _is_plain_base(found.name):
                    return ""
        return name if self._classes.kind(target) is Kind.PLAIN else ""

    def _is_dataclass(self, target: ClassTarget) -> bool:
        """Whether a decorator may make it a dataclass, which a config holds."""
        return bool(target.definition.decorators)

    def _named(self, target: Target | None) -> str:
        """The type of what a name stands for that isn't called."""
        match target:
            case RuntimeTarget():
                found = self._names.function(target)
                is_plain = found is not None and isinstance(found[1], FunctionDef)
                return "function" if is_plain else ""
            case ClassTarget() if self._classes.kind(target) in (Kind.PLAIN, Kind.ENUM):
                return "class"
            case ClassTarget() if self._classes.is_base(target):
                return "class"
            case ValueTarget(file, assign) if assign.value is not None:
                return self.kind(assign.value, file, assign.start, frozenset())
            case ExternalTarget(name):
                if name.startswith("typing.") or self._classes.is_base(target):
                    return "class"
                return _kind_of_known(name)
        return ""


def _results(expression: Expr) -> tuple[Expr, ...]:
    """The parts of an expression whose values are its own, or are in it."""
    match expression:
        case BinOp(left, op, right) if op in _SAME:
            return (left, right)
        case Sequence(_, items):
            return items
        case Dict(pairs):
            return tuple(part for pair in pairs for part in pair if part is not None)
        case IfExp(body, _, orelse):
            return (body, orelse)
    return ()


def _known(name: str) -> object:
    """What a dotted name of the standard library stands for; None where that isn't known."""
    module, _, last = name.rpartition(".")
    return getattr(_MODULES[module], last, None) if module in _MODULES else None


def _kind_of_known(name: str) -> str:
    """The type of what a dotted name of the standard library stands for, empty if a config holds it."""
    held = _known(name)
    if held is None:
        return "module" if name in _MODULES else ""
    if isinstance(held, type):
        return "" if held in _HELD or issubclass(held, enum.Enum) else "class"
    if inspect.isroutine(held):
        return "function"
    return "" if isinstance(held, _HELD) else type(held).__name__


def _is_held(made: type) -> bool:
    """Whether a config holds what a class of the standard library makes."""
    return made in _HELD or issubclass(made, enum.Enum)


def _is_plain_base(name: str) -> bool:
    """Whether a base from outside makes a class that is no dataclass, or nothing is known of it."""
    held = _known(name)
    is_class = isinstance(held, type) and not issubclass(held, (enum.Enum, pathlib.Path))
    plain = ("typing.NamedTuple", "typing.Protocol", "typing.Generic", "abc.ABC")
    return name in plain or is_class


def _makes(body: tuple[object, ...]) -> bool:
    """Whether a class decides itself what a call of it gives."""
    return any(getattr(statement, "name", "") == "__new__" for statement in body)
