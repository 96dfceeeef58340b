"""Reads a ``cn/`` tree by executing it as plain Python: the oracle of "composing equals reading".

A toy ``cngen`` turns every node into an ordinary dataclass whose defaults are the values written in
it. Nothing here knows Hydra, and nothing here imports the compiler: what it says is what a person
who reads the sources would say.
"""

import copy
import dataclasses
import importlib
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MISSING = "???"
ROOT = "cn"
OUTSIDE = "outer"
"""A package beside the tree."""
NOT_FIELDS = (types.FunctionType, property, classmethod, staticmethod)


@dataclasses.dataclass(frozen=True)
class Ref:
    """``ref("a.b")``: a value that lies elsewhere in the whole config, looked up once that is built."""

    path: str


@dataclasses.dataclass(frozen=True, eq=False)
class Patch:
    """``patch(lr=1)``: other values for some fields of whatever is there."""

    fields: dict[str, object]


@dataclasses.dataclass(eq=False)
class Sweep:
    """``sweep(a, b)``: stands for one of its values while a job is read, for nothing otherwise.

    A copy of it is a copy of what it stands for, so a node that holds it reads as one job says.
    """

    values: tuple[object, ...]
    zip: str = ""
    chosen: int | None = None

    def __deepcopy__(self, memo: object) -> object:
        if self.chosen is None:
            return self
        value = self.values[self.chosen]
        return value() if isinstance(value, type) else copy.deepcopy(value)


@dataclasses.dataclass(eq=False)
class Points(Sweep):
    """``points(Small, Large)``: stands for one of several experiments."""


@dataclasses.dataclass(frozen=True)
class Written:
    """A field as its class wrote it; the annotation is resolved late, for it may be text."""

    annotation: object
    names: dict[str, object] = dataclasses.field(repr=False, compare=False)


@dataclasses.dataclass(frozen=True)
class NodeField:
    """What a field's annotation says about the nodes that it holds."""

    kind: str  # "node", "dict" or "list"
    annotated: type


@dataclasses.dataclass(frozen=True)
class Reading:
    """Every node of a tree, executed."""

    cn: type
    classes: tuple[type, ...]

    def options(self, group: str) -> dict[str, type]:
        """The concrete classes of a group by option name."""
        return {
            option_name(c): c for c in self.classes if group_of(c) == group and not is_abstract(c)
        }

    def node_field(self, cls: type, name: str) -> NodeField | None:
        return node_field(annotation_of(cls, name), self.cn)

    def is_node(self, value: object) -> bool:
        return isinstance(value, self.cn)


@contextmanager
def read(folder: Path) -> Iterator[Reading]:
    """Import every file of ``folder/cn`` with the toy ``cngen`` in place; leave no module behind."""
    toy, classes = toy_cngen(folder / ROOT)
    with imports_from(folder, {"cngen": toy}):
        for module in module_names(folder):
            importlib.import_module(module)
        yield Reading(toy.CN, tuple(classes))


@contextmanager
def imports_from(folder: Path, extra: Mapping[str, types.ModuleType]) -> Iterator[None]:
    """Let ``import cn...`` find the tree below ``folder``, and afterwards forget that it was there."""
    saved = {
        name: module
        for name, module in sys.modules.items()
        if name in extra or belongs_to_tree(name)
    }
    wrote_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    forget(saved)
    sys.modules.update(extra)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = wrote_bytecode
        forget([name for name in sys.modules if name in extra or belongs_to_tree(name)])
        sys.modules.update(saved)


def forget(names: Mapping[str, object] | list[str]) -> None:
    for name in names:
        sys.modules.pop(name, None)


def belongs_to_tree(module: str) -> bool:
    return module.partition(".")[0] in (ROOT, OUTSIDE)


def module_names(folder: Path) -> list[str]:
    """The tree's modules in a fixed order; the generated store is output, not source."""
    paths = sorted(
        p.relative_to(folder) for p in (folder / ROOT).rglob("*.py") if p.stem != "_generated_store"
    )
    return [
        ".".join(p.parent.parts if p.stem == "__init__" else p.with_suffix("").parts) for p in paths
    ]


# The toy vocabulary


def toy_cngen(root: Path) -> tuple[types.ModuleType, list[type]]:
    """A module with what sources import from ``cngen``, and the list in which it collects nodes."""
    classes: list[type] = []

    class CN:
        def __init_subclass__(cls, **keywords: object) -> None:
            super().__init_subclass__()
            keywords.setdefault("group", folder_of(cls, root))
            type.__setattr__(cls, "__cn_keywords__", keywords)
            type.__setattr__(cls, "__cn_says__", says(cls))
            if not is_experiment(cls):
                as_dataclass(cls, CN)
            classes.append(cls)

    vocabulary: dict[str, object] = {
        "CN": CN,
        "MISSING": MISSING,
        "default": lambda value: value,
        "ref": Ref,
        "patch": lambda **fields: Patch(fields),
        "sweep": lambda *values, zip="": Sweep(values, zip),
        "points": lambda *experiments, zip="": Points(experiments, zip),
    }
    module = types.ModuleType("cngen")
    vars(module).update(vocabulary)
    return module, classes


def says(cls: type) -> dict[str, object]:
    """What a class's own body says of fields that it inherits, and the experiments it goes through."""
    inherited = written_fields(cls)
    own = {k: v for k, v in vars(cls).items() if not isinstance(v, NOT_FIELDS)}
    return {k: v for k, v in own.items() if k in inherited or isinstance(v, Points)}


def as_dataclass(cls: type, cn: type) -> None:
    """Make a node what section 2 and 3 of the specification say that it reads as, in place."""
    inherited = written_fields(cls)
    annotations = {
        k: v for k, v in vars(cls).get("__annotations__", {}).items() if not is_classvar(v)
    }
    overridden = [
        k for k, v in vars(cls).items() if k in inherited and not isinstance(v, NOT_FIELDS)
    ]
    own = {k: Written(v, vars(sys.modules[cls.__module__])) for k, v in annotations.items()}
    own |= {k: inherited[k] for k in overridden if k not in own}
    for name in own:
        setattr(cls, name, dataclasses.field(default_factory=factory(cls, name, own[name], cn)))
    for name in set(inherited) - set(own):  # a dataclass would take it from whichever base has it
        default = inherited_field(cls, name).default_factory
        setattr(cls, name, dataclasses.field(default_factory=default))  # type: ignore[arg-type]
    type.__setattr__(cls, "__annotations__", dict.fromkeys((*inherited, *own), Any))
    type.__setattr__(cls, "__cn_fields__", own)
    dataclasses.dataclass(kw_only=True, eq=False)(cls)
    accept_classes_as_values(cls, cn)


def accept_classes_as_values(cls: Any, cn: type) -> None:
    """``Adam(sched=Linear)`` reads as ``Adam(sched=Linear())``, as it does in a default.

    What is given comes first, as it is written: sweeps in it vary in this order.
    """
    generated = cls.__init__

    def init(self: object, **values: object) -> None:
        generated(self, **{k: fresh(v, cn) for k, v in values.items()})
        fields = vars(self)
        for name in (*values, *[n for n in fields if n not in values]):
            fields[name] = fields.pop(name)

    cls.__init__ = init


def factory(cls: type, name: str, written: Written, cn: type) -> Callable[[], object]:
    """What a field's default makes for each new instance."""
    value = vars(cls).get(name, dataclasses.MISSING)
    if isinstance(value, dataclasses.Field):
        if value.default_factory is not dataclasses.MISSING:
            make: Callable[[], object] = value.default_factory
            return lambda: fresh(make(), cn)
        value = value.default
    if isinstance(value, Patch) or (isinstance(value, dict) and has_patch(value)):
        before = inherited_field(cls, name).default_factory
        assert before is not dataclasses.MISSING
        return lambda: replaced(before(), value, cn)
    if value is dataclasses.MISSING:
        return lambda: required(written, cn)
    return lambda: fresh(value, cn)


def inherited_field(cls: type, name: str) -> dataclasses.Field[Any]:
    """A field before a class's own body, as Python finds attributes: that of the nearest base that writes it."""
    writers = (b for b in cls.__mro__[1:] if name in vars(b).get("__cn_fields__", {}))
    fields: dict[str, dataclasses.Field[Any]] = vars(next(writers))["__dataclass_fields__"]
    return fields[name]


def patched(before: Any, patch: Patch, cn: type) -> object:
    """What was there, with some of its fields or entries set otherwise."""
    parts = before if isinstance(before, dict) else vars(before)
    for name, value in patch.fields.items():
        parts[name] = replaced(parts.get(name), value, cn)
    return before


def replaced(before: Any, value: object, cn: type) -> object:
    """What a value is in the place of another; a dict that is written whole may keep some of what was there."""
    if isinstance(value, Patch):
        return patched(before, value, cn)
    if isinstance(value, dict) and has_patch(value):
        return {k: replaced(before.get(k), v, cn) for k, v in value.items()}
    return fresh(value, cn)


def has_patch(value: dict[object, object]) -> bool:
    return any(isinstance(part, Patch) for part in value.values())


def required(written: Written, cn: type) -> object:
    """A field without a default: the annotated node if that is an option, else nothing yet."""
    annotation = resolve(written)
    if isinstance(annotation, type) and issubclass(annotation, cn) and not is_abstract(annotation):
        return annotation()
    return MISSING


def fresh(value: object, cn: type) -> object:
    """A copy that shares nothing with the default; a class stands for its instance."""
    if isinstance(value, Sweep) and value.chosen is not None:
        return fresh(value.values[value.chosen], cn)
    if isinstance(value, type) and issubclass(value, cn):
        return value()
    if isinstance(value, dict):
        return {k: fresh(v, cn) for k, v in value.items()}
    if isinstance(value, list):
        return [fresh(v, cn) for v in value]
    return copy.deepcopy(value)


# Facts about classes and annotations


def written_fields(cls: type) -> dict[str, Written]:
    """Fields by dataclasses' own rule: bases in reverse MRO, each with all that it has inherited."""
    found: dict[str, Written] = {}
    for base in reversed(cls.__mro__):
        fields = vars(base).get("__dataclass_fields__", {})
        found |= {name: nearest(base, name) for name in fields}
    return found


def nearest(cls: type, name: str) -> Written:
    """Where an attribute has its type from: an override that leaves it out has copied it."""
    own: Iterator[dict[str, Written]] = (
        vars(base).get("__cn_fields__", {}) for base in cls.__mro__
    )
    return next(fields[name] for fields in own if name in fields)


def resolve(written: Written) -> object:
    """An annotation as an object, also where the source quotes it or postpones its evaluation."""
    holder = types.SimpleNamespace(__annotations__={"field": written.annotation})
    return typing.get_type_hints(holder, globalns=written.names)["field"]


def node_field(annotation: object, cn: type) -> NodeField | None:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and origin is None and issubclass(annotation, cn):
        return NodeField("node", annotation)
    if origin in (typing.Union, types.UnionType):
        found = [node_field(a, cn) for a in arguments if a is not type(None)]
        return found[0] if len(found) == 1 else None
    if origin in (dict, list):
        inner = node_field(arguments[-1], cn)
        return NodeField(origin.__name__, inner.annotated) if inner else None
    return None


def is_classvar(annotation: object) -> bool:
    return "ClassVar" in (annotation if isinstance(annotation, str) else repr(annotation))


def annotation_of(cls: type, name: str) -> object:
    return resolve(written_fields(cls)[name])


def folder_of(cls: type, root: Path) -> str:
    """The config group that a class gets from its file: ``""`` for the root folder itself."""
    file = Path(str(sys.modules[cls.__module__].__file__))
    return file.parent.relative_to(root).as_posix().removeprefix(".")


def group_of(cls: type) -> str:
    return str(vars(cls)["__cn_keywords__"]["group"])


def is_abstract(cls: type) -> bool:
    return bool(vars(cls)["__cn_keywords__"].get("abstract", False))


def option_name(cls: type) -> str:
    """The name under which a class is chosen in its group."""
    written = vars(cls)["__cn_keywords__"].get("name")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__).lower()
    return str(written or ("base" if snake == group_of(cls).rpartition("/")[2] else snake))


def primary_of(cls: type) -> type | None:
    """The primary config that a class inherits from: the nearest concrete class of the root folder."""
    bases = [b for b in cls.__mro__[1:] if "__cn_keywords__" in vars(b)]
    return next((b for b in bases if not group_of(b) and not is_abstract(b)), None)


def is_experiment(cls: type) -> bool:
    return bool(group_of(cls)) and primary_of(cls) is not None


def primary(reading: Reading, name: str) -> type:
    """The class of a primary config."""
    return reading.options("")[name]


def shared_names(reading: Reading) -> set[str]:
    """Class names that nodes of different groups have in common."""
    names = [c.__name__ for c in reading.classes]
    return {name for name in names if names.count(name) > 1}
