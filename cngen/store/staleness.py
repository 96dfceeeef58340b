"""A store and what it should be -> what is out of date in it, as messages."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from cngen.store.reader import (
    NotPython,
    Stored,
    StoredClass,
    StoredConfig,
    StoredField,
    read_stored,
)
from cngen.text.quoting import quote

K = TypeVar("K", str, tuple[str, str])

SHOWN = 3
"""The number of differences in the message; the rest is counted."""

LONGEST = 60
"""The most characters of a value in a message."""

_MARKERS = re.compile(r"^(<{7}|>{7})(?= |$)", re.MULTILINE)
_TITLE = re.compile(r"Hydra's config store for (.*)\.")
_SWEEP = ("hydra", "sweeper", "params")
_BY_HAND = "only comments, blank lines or the layout differ, so it was edited by hand"


@dataclass(frozen=True, slots=True)
class Stale:
    """Why a store has to be built again: `reason` in a few words, `items` what differs, one by one."""

    reason: str
    hint: str
    items: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """All of it on one line: the first items, and how many there are besides."""
        if not self.items:
            return self.reason
        more = [f"and {len(self.items) - SHOWN} more"] if self.is_cut else []
        return f"{self.reason}: {'; '.join([*self.items[:SHOWN], *more])}"

    @property
    def is_cut(self) -> bool:
        """Whether the summary leaves items out."""
        return len(self.items) > SHOWN


def staleness(old: str | None, new: str) -> Stale | None:
    """Why a store is out of date, None if it is up to date; `old` is None if there is none."""
    build, lines = "run `cngen build`", "`cngen check --diff` shows the lines"
    if old == new:
        return None
    if old is None:
        return Stale("is missing", build)
    if {"<" * 7, ">" * 7} <= set(_MARKERS.findall(old)):
        hint = f"resolve it in the sources, take either side of the store, and {build}"
        return Stale("contains merge conflict markers", hint)
    before, after = read_stored(old), read_stored(new)
    reason = "is out of date"
    if isinstance(after, NotPython):  # it holds code for a newer Python than this one
        return Stale(reason, f"{build}; {lines}")
    if isinstance(before, NotPython):
        place = f": line {before.line}" if before.line else ""
        return Stale(f"isn't valid Python{place}", f"{build}; {lines}")
    return Stale(reason, f"{build}; {lines}", differences(before, after) or (_BY_HAND,))


def differences(old: Stored, new: Stored) -> tuple[str, ...]:
    """All differences of a store from what it should be, except comments and layout."""
    if not old.classes and not old.configs and (new.classes or new.configs):
        return ("it contains no configs",)
    found = [*_classes(old, new), *_configs(old, new), *_frame(old, new)]
    if not found and old.imports != new.imports:
        found.append("the imports differ")
    if not found and old.helpers != new.helpers:
        found.append("the functions that compute values differ")
    return tuple(dict.fromkeys(found))


# Classes


def _classes(old: Stored, new: Stored) -> Iterator[str]:
    before = {c.name: c for c in old.classes}
    after = {c.name: c for c in new.classes}
    yield from _there(before, after, lambda name: f"the class `{name}`")
    yield from _twice([c.name for c in old.classes], lambda name: f"the class `{name}`")
    for name in sorted(before.keys() & after.keys()):
        yield from _class(before[name], after[name])
    if _is_moved([c.name for c in old.classes], [c.name for c in new.classes]):
        yield "the order of the classes differs"


def _class(old: StoredClass, new: StoredClass) -> Iterator[str]:
    found = list(chain(_fields(old, new), _head(old, new)))
    if not found and old.code != new.code:
        found.append(f"`{new.name}` differs")
    yield from found


def _fields(old: StoredClass, new: StoredClass) -> Iterator[str]:
    before, after = {f.name: f for f in old.fields}, {f.name: f for f in new.fields}
    yield from _there(before, after, lambda name: f"the field `{new.name}.{name}`")
    for name in sorted(before.keys() & after.keys()):
        yield from _field(new.name, before[name], after[name])
    if _is_moved([*before], [*after]):
        yield f"the order of the fields of `{new.name}` differs"


def _field(owner: str, old: StoredField, new: StoredField) -> Iterator[str]:
    name = f"{owner}.{new.name}"
    if old.type != new.type:
        one, other = _pair(new.type, old.type)
        yield f"the type of `{name}` is `{one}`, the store has `{other}`"
    if old.default != new.default:
        one, other = _pair(new.default, old.default)
        yield f"`{name}` is {one}, the store has {other or 'no default'}"
    if old.comment != new.comment:
        one, other = (f"`{text}`" if text else "none" for text in (new.comment, old.comment))
        yield f"the comment of `{name}` is {one}, the store has {other}"


def _head(old: StoredClass, new: StoredClass) -> Iterator[str]:
    name = new.name
    if old.bases != new.bases:
        one, other = (_listed(bases) for bases in (new.bases, old.bases))
        yield f"`{name}` inherits from {one}, the store has {other}"
    if old.decorator != new.decorator:
        one, other = new.decorator, old.decorator
        yield f"`{name}` is a `{one}`, the store has {f'`{other}`' if other else 'no decorator'}"
    if old.doc != new.doc:
        yield f"the docstring of `{name}` differs"
    if old.source != new.source:
        yield f"`{name}` is in {new.source}, the store has {old.source or 'nothing'}"


# Configs


def _configs(old: Stored, new: Stored) -> Iterator[str]:
    before = {(c.group, c.name): c for c in old.configs}
    after = {(c.group, c.name): c for c in new.configs}
    known = before | after
    yield from _there(before, after, lambda key: f"the {_kind(known[key])} `{_key(known[key])}`")
    yield from _twice(
        [(c.group, c.name) for c in old.configs],
        lambda key: f"the {_kind(known[key])} `{_key(known[key])}`",
    )
    for key in sorted(before.keys() & after.keys()):
        yield from _config(before[key], after[key])
    if _is_moved([*before], [*after]):
        yield "the order of the options differs"


def _kind(config: StoredConfig) -> str:
    """The word for it in messages."""
    if not config.group:
        return "config"
    if "_points" in config.group.split("/"):
        return "point"
    return "experiment" if config.package else "option"


def _key(config: StoredConfig) -> str:
    """Its key on the command line."""
    return f"{config.group}={config.name}" if config.group else config.name


def _config(old: StoredConfig, new: StoredConfig) -> Iterator[str]:
    found: list[str] = []
    name = _key(new)
    if old.node != new.node:
        one, other = (f"`{text}`" if text else "a dict" for text in (new.node, old.node))
        found.append(f"`{name}` is {one}, the store has {other}")
    if old.package != new.package:
        one, other = (f"`{text}`" if text else "none" for text in (new.package, old.package))
        found.append(f"the package of `{name}` is {one}, the store has {other}")
    found += [*_chosen(name, old, new), *_values(name, old, new)]
    if not found and old.code != new.code:
        found.append(f"the {_kind(new)} `{name}` differs")
    yield from found


def _chosen(name: str, old: StoredConfig, new: StoredConfig) -> Iterator[str]:
    """What differs in the defaults lists."""
    before, after = _choices(old), _choices(new)
    has_changed = False
    for key, option in sorted(after.items()):
        if option != before.get(key):
            has_changed, stored = True, before.get(key)
            what = f"chooses `{key}={stored}`" if stored is not None else "chooses nothing there"
            yield f"`{name}` chooses `{key}={option}`, the store {what}"
    for key, option in sorted(before.items()):
        if key not in after:
            has_changed = True
            yield f"the store still chooses `{key}={option}` in `{name}`"
    stale, bases = ({o for k, o in c.defaults if not k} - {"_self_"} for c in (old, new))
    yield from (f"`{name}` builds on `{o}`, the store doesn't" for o in sorted(bases - stale))
    yield from (f"the store still builds `{name}` on `{o}`" for o in sorted(stale - bases))
    if old.defaults != new.defaults and not has_changed and stale == bases:
        yield f"the order of the defaults list of `{name}` differs"


def _choices(config: StoredConfig) -> dict[str, str]:
    """The options that a defaults list chooses, by their keys on a command line."""
    return {
        key.removeprefix("override ").removeprefix("/"): option
        for key, option in config.defaults
        if key
    }


def _values(name: str, old: StoredConfig, new: StoredConfig) -> Iterator[str]:
    before, after = dict(old.values), dict(new.values)
    for path in sorted(before.keys() | after.keys()):
        is_sweep = path[:3] == _SWEEP and len(path) == 4
        key = path[3] if is_sweep else ".".join(path)
        verb, to = ("sweeps", "over") if is_sweep else ("sets", "to")
        if path not in after:
            yield f"the store still {verb} `{key}` {to} {_cut(before[path])} in `{name}`"
        elif path not in before:
            yield f"`{name}` {verb} `{key}` {to} {_cut(after[path])}, the store doesn't"
        elif before[path] != after[path]:
            one, other = _pair(after[path], before[path])
            yield f"`{name}` {verb} `{key}` {to} {one}, the store {to} {other}"


# The rest of the module


def _frame(old: Stored, new: Stored) -> Iterator[str]:
    """What is around classes and configs, if no difference in those explains it."""
    known = Counter(text for _, text in new.others)
    for line, text in old.others:
        known[text] -= 1
        if known[text] < 0:
            yield f"line {line} was written by hand: `{_cut(text)}`"
    for name in sorted(old.imports.keys() | new.imports.keys()):
        yield from _import(name, old, new)
    here, there = _defined(old), _defined(new)
    for name in sorted(set(old.exported) ^ set(new.exported)):
        if (name in here) == (name in there):
            is_missing = name in new.exported
            yield f"`__all__` {'lacks' if is_missing else 'still has'} `{name}`"
    if _titled(old) != _titled(new):
        yield f"the sources are in {_titled(new)}, the store is for {_titled(old)}"


def _import(name: str, old: Stored, new: Stored) -> Iterator[str]:
    """A name imported from elsewhere, one that is used but not imported, or the reverse."""
    before, after = old.imports.get(name), new.imports.get(name)
    if before is None:
        if name in old.words:
            yield f"the import of `{after}` is missing"
    elif after is None:
        if old.words[name] == 1:
            yield f"the store still imports `{before}`"
    elif before != after and not name.startswith("_source_"):  # reported as a base
        yield f"`{name}` is `{after}`, the store imports `{before}`"


def _defined(stored: Stored) -> frozenset[str]:
    return frozenset({c.name for c in stored.classes} | stored.imports.keys())


def _titled(stored: Stored) -> str:
    """The roots that the first line names."""
    first = stored.heading.partition("\n")[0]
    named = _TITLE.fullmatch(first)
    return f"`{named[1]}`" if named else quote(first)


# Wording


def _there(old: Iterable[K], new: Iterable[K], called: Callable[[K], str]) -> Iterator[str]:
    """What is in only one of the two."""
    yield from (f"{called(key)} is missing" for key in sorted(set(new) - set(old)))
    yield from (f"the store still has {called(key)}" for key in sorted(set(old) - set(new)))


def _twice(keys: Iterable[K], called: Callable[[K], str]) -> Iterator[str]:
    """What a merge left in the store twice."""
    counts = Counter(keys)
    yield from (f"the store has {called(key)} twice" for key in sorted(counts) if counts[key] > 1)


def _is_moved(old: Sequence[object], new: Sequence[object]) -> bool:
    """Whether the order of what both have differs."""
    both = set(old) & set(new)
    return [x for x in dict.fromkeys(old) if x in both] != [x for x in new if x in both]


def _pair(new: str, old: str) -> tuple[str, str]:
    """Two texts that differ, cut where they differ even then."""
    return (_cut(new), _cut(old)) if _cut(new) != _cut(old) else (new, old)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"
