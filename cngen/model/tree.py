"""Nodes, enums and the tree of a whole project."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from cngen.diagnostics import Span
from cngen.model.types import NONE, Type, UnionType, node_type
from cngen.model.values import Instance, Value
from cngen.project.settings import Settings
from cngen.syntax.facts import Module

T = TypeVar("T")

_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a node has it, inherited ones included.

    `owner` is the node in which the default was written, `default` is None where the field is required.
    `options` are the other arguments of `field(...)`: `metadata`, `repr`, ...
    """

    name: str
    type: Type
    default: Value | None
    owner: str
    span: Span = field(compare=False)
    options: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a class has besides fields and must keep at run time.

    `custom` holds special methods, `class_variables` what is annotated as `ClassVar`. `is_own` means
    whether its own body, or a base that isn't a node, has some. A class that `is_hooked` has a base that does
    something to each subclass when it is made: `__init_subclass__`, a metaclass, or a class that can't be read.
    """

    custom: frozenset[str] = frozenset()
    class_variables: frozenset[str] = frozenset()
    is_own: bool = True
    is_hooked: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """What a class sets in Hydra itself: its plugins for jobs, and settings for `hydra`."""

    launcher: str = ""
    sweeper: str = ""
    settings: Value | None = None

    @property
    def searches(self) -> bool:
        """Whether a plugin chooses the jobs one after another."""
        return self.sweeper not in ("", "basic")


@dataclass(frozen=True, slots=True)
class Node:
    """One config node. `key` is its qualified name, `lineage` its CN bases nearest first, itself first.

    `option` is the name under which it is stored, None for an abstract one. `declared` holds the
    names of the fields that its own body writes. `behaviour` is None for a data-only node.
    `defaults` is a defaults list written by hand.

    Of a node that inherits from a primary config, `primary` is that config, `written` has what its own
    body says of its fields (sweeps and patches as such) and `points` the sweeps over experiments, by
    attribute; its `fields` are what then is composed, with nothing swept.

    The project's own base class (`is_base`) is a node only for what it gives to all others. A class that
    `is_generic` has parameters for types, or a base that has some. `takes` are the fields that the constructor of
    the source class takes, None for any.
    """

    key: str
    name: str
    module: str
    group: str
    option: str | None
    aliases: tuple[tuple[str, str], ...]
    bases: tuple[str, ...]
    lineage: tuple[str, ...]
    fields: tuple[Field, ...]
    declared: frozenset[str]
    behaviour: Behaviour | None
    defaults: Value | None
    doc: str | None
    span: Span = field(compare=False)
    engine: Engine = Engine()
    points: tuple[tuple[str, Value], ...] = ()
    written: tuple[tuple[str, Value], ...] = ()
    primary: str = ""
    is_base: bool = False
    is_generic: bool = False
    takes: frozenset[str] | None = None

    @property
    def is_experiment(self) -> bool:
        """Whether only its differences from a primary config are stored."""
        return bool(self.primary and self.group)

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum: where it is imported from and its members, as (name, text of the value).

    `plain` is the plain type that its members are of as well: `str` for a `StrEnum`.
    """

    key: str
    name: str
    module: str
    members: tuple[tuple[str, str], ...]
    span: Span = field(compare=False)
    plain: str = ""

    def named(self, name: str) -> str:
        """The member that a name stands for: of equal values the first."""
        value = dict(self.members).get(name)
        return next((first for first, text in self.members if text == value), name)


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Everything that the sources define, by qualified name, in the order of the sources.

    A tree is equal to itself alone, so that what is derived from it can be remembered.

    `modules` are the facts of the sources below the roots, by path.
    """

    settings: Settings
    nodes: Mapping[str, Node]
    enums: Mapping[str, EnumClass]
    modules: Mapping[str, Module] = field(default_factory=dict)

    def options(self, group: str) -> Mapping[str, Node]:
        """The options of a config group (of the root folder for an empty name), aliases included."""
        return _options(self).get(group, {})

    def is_a(self, node: str, base: str) -> bool:
        """Whether one node inherits from another or is it."""
        return base in self.nodes[node].lineage


def per_tree(derive: "Callable[[Tree], T]") -> "Callable[[Tree], T]":
    """Remember what is derived from a tree, which many ask for and which can't change.

    A diff has two trees, each before and after its experiments are settled; older ones are forgotten.
    """
    return lru_cache(maxsize=4)(derive)


@per_tree
def _options(tree: Tree) -> Mapping[str, Mapping[str, Node]]:
    found: dict[str, dict[str, Node]] = {}
    for node in tree.nodes.values():
        if node.option is not None:
            found.setdefault(node.group, {})[node.option] = node
    for node in tree.nodes.values():
        for group, name in node.aliases:
            found.setdefault(group, {})[name] = node
    return {group: dict(sorted(options.items())) for group, options in found.items()}


def index_of(key: str) -> int:
    """The index that a part of a path is; one of more digits than Python reads is behind every list's end."""
    return int(key) if len(key) <= _MOST_DIGITS else sys.maxsize


def is_node_field(field: Field) -> bool:
    """Whether a field holds one node, chosen by the defaults list."""
    return node_type(field.type) is not None or isinstance(field.default, Instance)


def is_optional(field: Field) -> bool:
    """Whether a field may be None by its type."""
    return isinstance(field.type, UnionType) and NONE in field.type.members
