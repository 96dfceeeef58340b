"""Objects as plain values, so that what was read and what was composed can be compared by content.

The two come from different modules, hence from different classes of one name. Every attribute counts,
declared or not: a key that an option left behind shows as a stray.
"""

import dataclasses
import inspect
from collections.abc import Collection, Iterator
from enum import Enum
from pathlib import PurePath
from typing import TypeGuard

BEHAVIOUR = "calc_"
"""How drawn trees begin the names of methods and properties, so that data has none of them."""


NOTHING = "<nothing>"


def canonical(value: object, shared: Collection[str] = ()) -> object:
    """A node as (class name, every attribute and computed value); anything else as it is.

    A store puts a prefix before names that several classes share; ``shared`` takes it away again.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {k: canonical(v, shared) for k, v in vars(value).items()}
        return (unprefixed(type(value).__name__, shared), fields | computed(value))
    if isinstance(value, dict):
        return {k: canonical(v, shared) for k, v in value.items()}
    if isinstance(value, list):
        return [canonical(v, shared) for v in value]
    return (type(value).__name__, value.name) if isinstance(value, Enum) else value


def unprefixed(name: str, shared: Collection[str]) -> str:
    return max((s for s in shared if name.endswith(s)), key=len, default=name)


def computed(node: object) -> dict[str, object]:
    """What a node's own properties and methods say of it."""
    names = [name for name in dir(type(node)) if name.startswith(BEHAVIOUR)]
    values = {name: getattr(node, name) for name in names}
    return {f"{k}()": v() if inspect.ismethod(v) else v for k, v in values.items()}


def differences(expected: object, actual: object, path: str = "") -> Iterator[str]:
    """One line for each place where two canonical values differ."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected.keys() | actual.keys():
            pair = expected.get(key, NOTHING), actual.get(key, NOTHING)
            yield from differences(*pair, f"{path}.{key}")
    elif is_sequence(expected) and is_sequence(actual) and len(expected) == len(actual):
        for number, pair in enumerate(zip(expected, actual, strict=True)):
            step = f"[{number}]" if isinstance(expected, list) else ""
            yield from differences(*pair, path + step)
    elif not same(expected, actual):
        yield f"{path or '.'}: read {expected!r}, composed {actual!r}"


def is_sequence(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))


def same(expected: object, actual: object) -> bool:
    """Equal, and of one type: ``1 == True``, but they are not one value.

    An int written in a float field is the one value that OmegaConf converts.
    """
    if type(expected) is int and type(actual) is float:
        return expected == actual
    if isinstance(expected, PurePath) or expected is None:
        return expected == actual
    return type(expected) is type(actual) and expected == actual
