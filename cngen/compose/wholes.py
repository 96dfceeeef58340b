"""A whole config -> the interpolations in it, and where their keys lead to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.defaults import effective, value_is_none
from cngen.compose.places import Path, item_type
from cngen.compose.spots import is_named, key_type
from cngen.compose.written import key_text
from cngen.diagnostics import Span
from cngen.hydra.interpolations import Key, whole_key
from cngen.model.tree import Tree, index_of
from cngen.model.types import ANY, Type
from cngen.model.values import Instance, Interpolation, Items, Table, Value

_MAX_HOPS = 50


@dataclass(frozen=True, slots=True)
class _Step:
    """A value on the way down a config, and the instances around it."""

    path: Path
    value: Value
    around: frozenset[tuple[str, Span]] = frozenset()


def interpolations(tree: Tree, whole: Instance) -> dict[Path, Interpolation]:
    """Where a config holds interpolations."""
    found: dict[Path, Interpolation] = {}
    waiting = [_Step((), whole)]
    while waiting:
        step = waiting.pop()
        if isinstance(step.value, Interpolation):
            found[step.path] = step.value
        else:
            waiting.extend(_inner(tree, step))
    return found


def _inner(tree: Tree, step: _Step) -> Iterator[_Step]:
    match step.value:
        case Items(items=items):
            for number, item in enumerate(items):
                yield _Step((*step.path, str(number)), item, step.around)
        case Table(items=pairs):
            for key, item in pairs:
                yield _Step((*step.path, key_text(key)), item, step.around)
        case Instance(key, _, span) as instance if key in tree.nodes:
            if (key, span) in step.around:
                return  # default nodes that hold each other are reported elsewhere
            around = step.around | {(key, span)}
            for field in tree.nodes[key].fields:
                given = instance.get(field.name) if instance.arguments else None
                value = given if given is not None else effective(tree, field)
                if value is not None:
                    yield _Step((*step.path, field.name), value, around)


def place_of(path: Path, key: Key) -> Path | None:
    """What a key of an interpolation at a path names; None if that lies outside."""
    if not key.level:
        return key.parts
    return (*path[: -key.level], *key.parts) if key.level <= len(path) else None


@dataclass(frozen=True, slots=True)
class Lost:
    """The place at which a config certainly has nothing: a part of a path that isn't there, or is None."""

    path: Path


def lost_at(tree: Tree, whole: Instance, path: Path) -> Lost | None:
    """Where a path leads to nothing in a config; None if it leads to something, or may."""
    for _ in range(_MAX_HOPS):
        after = _walked(tree, whole, path)
        if not isinstance(after, tuple):
            return after
        path = after
    return None


def _walked(tree: Tree, whole: Instance, path: Path) -> Path | Lost | None:
    """The same on the way to a reference that stands for something; then the path on which it goes on."""
    here = _Here(whole, ANY)
    for number, name in enumerate(path):
        if isinstance(here.value, Interpolation):
            key = whole_key(here.value.text)
            above = place_of(path[:number], key) if key is not None else None
            return (*above, *path[number:]) if above is not None else None
        if value_is_none(here.value):
            return Lost(path[:number])
        below = _below(tree, here, name)
        if below is None:
            return None
        if below.is_lost:
            return Lost(path[: number + 1])
        here = below
    return None


@dataclass(frozen=True, slots=True)
class _Here:
    """What is at a place, and its type; or that nothing is."""

    value: Value | None
    type: Type
    is_lost: bool = False


_NOTHING = _Here(None, ANY, is_lost=True)


def _below(tree: Tree, here: _Here, name: str) -> _Here | None:
    """What is at a key of a value; None if it isn't known statically."""
    match here.value:
        case Instance(key) as instance if key in tree.nodes:
            field = tree.nodes[key].field(name)
            if field is None:
                return _NOTHING
            given = instance.get(name)
            return _Here(given if given is not None else effective(tree, field), field.type)
        case Table(pairs):
            keys = [is_named(tree, key_type(here.type), key, name) for key, _ in pairs]
            if True in keys:
                return _Here(pairs[keys.index(True)][1], item_type(here.type))
            return None if None in keys else _NOTHING
        case Items(("list" | "tuple"), items) if name.isdecimal():
            return _Here(items[index_of(name)], ANY) if index_of(name) < len(items) else _NOTHING
    return None
