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
    Expr,
    FunctionDef,
    Lambda,
    Name,
    Opaque,
    first_name,
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

_NAMED_TUPLES = frozenset({"collections.namedtuple", "typing.NamedTuple"})
_SAME = frozenset({"+", "-", "*", "|", "&"})
"""The operators that give a value of the foreign type that goes in."""


class Foreign:
    """Knows the types of values that expressions of one tree give."""

    def __init__(self, names: Names, classes: Classes) -> None:
        self._names = names
        self._classes = classes

    def kind(self, expression: Expr, file: File, before: int, local: frozenset[str]) -> str:
        """The name of the type of a value, if no config can hold it; empty for all others."""
        match expression:
            case Lambda():
                return "function"
            case Opaque(text=text) if text.lstrip("( \n").startswith("lambda"):
                return "function"
            case Opaque(text="..."):
                return "ellipsis"
            case BinOp(left, op, right) if op in _SAME:
                kinds = (self.kind(part, file, before, local) for part in (left, right))
                return next((kind for kind in kinds if kind), "")
            case Call(func=func) if first_name(func) not in local:
                return self._made(self._names.target(file, func, before))
            case Name() | Attribute() if first_name(expression) not in local:
                return self._named(self._names.target(file, expression, before))
        return ""

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
        return ""

    def _object(self, target: ClassTarget) -> str:
        """The class of an object, if that is a plain one, made of known classes."""
        name, waiting, seen = target.definition.name, [target], 0
        while waiting and seen < 100:
            current, seen = waiting.pop(), seen + 1
            definition = current.definition
            if definition.keywords or self._is_dataclass(current) or _makes(definition.body):
                return ""
            for base in definition.bases:
                found = self._classes.resolve(current.file, base, definition.start)
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
            case ClassTarget() if self._classes.kind(target) is Kind.PLAIN:
                return "class"
            case ExternalTarget(name):
                held = _known(name)
                if isinstance(held, type):
                    return "" if held in _HELD or issubclass(held, enum.Enum) else "class"
                is_function = inspect.isroutine(held)
                return "function" if is_function else "module" if name in _MODULES else ""
        return ""


def _known(name: str) -> object:
    """What a dotted name of the standard library stands for; None where that isn't known."""
    module, _, last = name.rpartition(".")
    return getattr(_MODULES[module], last, None) if module in _MODULES else None


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
