"""Defaults lists -> the configs that Hydra merges for one config, in their order.

As in hydra/_internal/defaults_list.py: a list is walked from its end, so that an override reaches what stands
before it and below, and what interpolates comes after its siblings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cngen.compose.defaults import Choice, choices, entry_key
from cngen.compose.variations import Variation, variations_of
from cngen.diagnostics import Span
from cngen.hydra.entries import MISSING, SELF, Entry, entries, parse, under
from cngen.hydra.groups import CHOSEN, SAMPLER, UNSAMPLED
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.values import Scalar, Table, Value

LIMIT = 5_000
"""Configs that one walk merges at most: beyond them nothing is known."""

_REFERENCE = re.compile(r"\$\{([^${}]*)\}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A config in a defaults list: where it lies, its package, and the entry that chose it.

    `owner` is the node in whose list the entry is. An entry that cngen makes has no `entry`, nor has one
    that is overridden; `blamed` is then the nearest one above it that is written by hand, or the override,
    and `replaced` what that changes.
    """

    group: str
    option: str | None
    package: str
    key: str = ""
    entry: Entry | None = None
    owner: Node | None = None
    blamed: "Listed | None" = None
    replaced: "Listed | None" = None
    is_optional: bool = False

    @property
    def by_hand(self) -> "Listed | None":
        """The nearest entry written by hand that brings it."""
        return self if self.entry is not None else self.blamed


@dataclass(frozen=True, slots=True)
class Merged:
    """A config that is merged at a package: a node, or None for one of which nothing is known."""

    listed: Listed
    node: Node | None
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why Hydra refuses to compose, at an entry written by hand; with `is_order` it is at the whole list.

    `is_open` marks one that a choice added on the command line would fix.
    """

    at: Listed
    message: str
    hint: str = ""
    is_order: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What is merged for one config, in order, and why it can't be. `keys` are the choices that it makes."""

    merged: tuple[Merged, ...]
    faults: tuple[Fault, ...]
    keys: Mapping[str, Listed]


Found: TypeAlias = "Node | Variation | None"


class _TooMany(Exception):
    """A walk that reaches its limit."""


def walk(tree: Tree, config: Node, appended: Node | None = None, choice: str = "") -> Walk:
    """The configs that are merged for a primary config.

    With `appended` as with `+group=option` on the command line, or, where `choice` is a key, `key=option`.
    """
    walker = _Walker(tree)
    if appended is not None and choice:
        walker.choices[choice] = _Override(appended.option, None)
    root = Listed("", config.option, "")
    try:
        merged = walker.expand(root, False, (), None if choice else appended)
    except _TooMany:
        return Walk((), (), {})
    return Walk(tuple(merged), (*walker.faults, *walker.unmatched(), *_twice(merged)), walker.keys)


@dataclass(slots=True)
class _Override:
    option: str | None
    listed: Listed | None
    is_used: bool = False


@dataclass(slots=True)
class _Walker:
    tree: Tree
    choices: dict[str, _Override] = field(default_factory=dict)
    keys: dict[str, Listed] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0

    def expand(
        self,
        listed: Listed,
        is_interpolated: bool,
        above: tuple[tuple[str, str], ...],
        appended: Node | None = None,
    ) -> list[Merged]:
        """What one config brings, itself included."""
        if not self._is_new(listed) or listed.option in (None, MISSING):
            return []
        place, found = (
            (listed.group, str(listed.option)),
            _found(self.tree, listed.group, str(listed.option)),
        )
        self.count += 1
        if self.count > LIMIT:
            raise _TooMany
        if found is None:
            return [Merged(listed, None)] if _is_opaque(self.tree, listed) else self._lost(listed)
        if above.count(place) > len(self.choices):
            return self._refuse(listed, f"`{'/'.join(filter(None, place))}` includes itself")
        node = found if isinstance(found, Node) else self.tree.nodes[found.instance.node]
        if node.is_experiment:
            return [Merged(replace(listed, package=""), None)]
        children = [*self._children(listed, found, node)]
        if appended is not None:
            package = appended.group.replace("/", ".")
            key = _key(appended.group, package)
            children.append(Listed(appended.group, appended.option, package, key))
        if not children:
            return [Merged(listed, node)]
        self._take_overrides(children, is_interpolated)
        return self._merge(listed, node, children, is_interpolated, (*above, place))

    def _is_new(self, listed: Listed) -> bool:
        """Remember a choice; one that differs from what its key has already is refused."""
        before = self.keys.setdefault(listed.key, listed) if listed.key else listed
        if before.option == listed.option:
            return True
        later = listed.by_hand or before.by_hand
        message = f"`{listed.key}` is chosen twice: `{listed.option}` and `{before.option}`"
        self._refuse(later, message, "remove one of the two, or write `override`")
        return False

    def _children(self, listed: Listed, found: Found, node: Node) -> Iterator[Listed]:
        """The entries of a config's list, and where it is merged itself."""
        if isinstance(found, Node) and found.defaults is not None:
            own = entries(listed.group, found.defaults)
            has_self = False
            for entry in own:
                if not (entry.is_self and has_self):  # a second one is an error by itself
                    yield from _placed(listed, found, entry)
                has_self |= entry.is_self
            if own and not has_self:
                yield _self(listed)
            return
        variations = variations_of(self.tree)
        made = (
            variations.choices(found) if isinstance(found, Variation) else choices(self.tree, node)
        )
        if made:
            yield _self(listed)
        for choice in made:
            option = variations.option(choice)
            for placed in _placed(listed, node, _entry(listed.group, choice, option)):
                yield replace(placed, entry=None, blamed=listed.by_hand)

    def _take_overrides(self, children: list[Listed], is_interpolated: bool) -> None:
        for child in children:
            if child.entry is None or not child.entry.is_override:
                continue
            if is_interpolated:
                message = "a config that an interpolation chooses can't override a choice"
                self._refuse(child, message)
            self.choices.setdefault(child.key, _Override(child.option, child))

    def _merge(
        self,
        listed: Listed,
        node: Node,
        children: list[Listed],
        is_interpolated: bool,
        above: tuple[tuple[str, str], ...],
    ) -> list[Merged]:
        parts: list[list[Merged] | Listed] = []
        for child in reversed(children):
            if child.option == SELF and not child.key:
                parts.append([Merged(listed, node, is_self=True)])
                continue
            if child.entry is not None and child.entry.is_override:
                continue
            for chosen in reversed(self._overridden(child)):
                if "${" in f"{chosen.group}{chosen.option}":
                    parts.append(chosen)
                else:
                    parts.append(self.expand(chosen, is_interpolated, above))
        done = [part if isinstance(part, list) else self._later(part, above) for part in parts]
        return [merged for part in reversed(done) for merged in part]

    def _overridden(self, child: Listed) -> tuple[Listed, ...]:
        """What is chosen in the place of an entry: with a list of options several."""
        other = self.choices.get(child.key) if child.key else None
        if other is None:
            return (child,)
        other.is_used = True
        blamed = other.listed or child.by_hand
        made = replace(
            child, option=other.option, entry=None, owner=None, blamed=blamed, replaced=child
        )
        entry = other.listed.entry if other.listed is not None else None
        if entry is None or not entry.is_list:
            return (made,)
        return tuple(replace(made, option=option, key="") for option in entry.options)

    def _later(self, child: Listed, above: tuple[tuple[str, str], ...]) -> list[Merged]:
        """What interpolates, now that the choices are known to which it may refer."""
        unknown = ""

        def chosen(reference: re.Match[str]) -> str:
            nonlocal unknown
            choice = self.keys.get(reference[1])
            if choice is None or choice.option is None:
                unknown = unknown or reference[1]
            return str(choice.option) if choice is not None else ""

        group = _REFERENCE.sub(chosen, child.group)
        option = _REFERENCE.sub(chosen, str(child.option))
        if ":" in unknown:  # a resolver: known only at run time
            return [Merged(child, None)]
        if unknown or "${" in f"{group}{option}":
            known = ", ".join(f"`{key}`" for key in self.keys if key)
            message = f"this entry refers to the choice `{unknown}`, which no entry makes"
            return self._refuse(child, message, f"known: {known}" if known else "", True)
        return self.expand(replace(child, group=group, option=option), True, above)

    def _lost(self, listed: Listed) -> list[Merged]:
        if not listed.is_optional:
            self.faults.extend(lost(self.tree, listed))
        return []

    def unmatched(self) -> Iterator[Fault]:
        """The overrides that changed nothing."""
        for key, other in self.choices.items():
            if other.is_used or other.listed is None or key in CHOSEN or self._has_sampler(key):
                continue
            message = f"no entry chooses `{key}`, so it can't be overridden"
            yield Fault(other.listed, message, "remove the keyword `override`", is_open=True)

    def _has_sampler(self, key: str) -> bool:
        """Whether a key is that of a part of the sweeper, which only some sweepers have."""
        sweeper = self.choices.get("hydra/sweeper")
        return key == SAMPLER and sweeper is not None and sweeper.option not in UNSAMPLED

    def _refuse(
        self, listed: Listed | None, message: str, hint: str = "", is_open: bool = False
    ) -> list[Merged]:
        at = listed.by_hand if listed is not None else None
        if at is not None:
            self.faults.append(Fault(at, message, hint, is_open=is_open))
        return []


def has_option(tree: Tree, group: str, option: str) -> bool:
    """Whether a config group has an option, those that cngen makes included."""
    if _found(tree, group, option) is not None:
        return True
    return "." in option and option.partition(".")[0] in tree.options(group)


def _found(tree: Tree, group: str, option: str) -> Found:
    node = tree.options(group).get(option)
    if node is not None or "." not in option:
        return node
    return _variations(tree).get((group, option))


@per_tree
def _variations(tree: Tree) -> Mapping[tuple[str, str], Variation]:
    return {(found.group, found.option): found for found in variations_of(tree).used()}


def lost(tree: Tree, listed: Listed) -> Iterator[Fault]:
    """That an option doesn't exist."""
    at = listed.by_hand
    if at is None:
        return
    options = tree.options(listed.group)
    where = f"the config group `{listed.group}`" if listed.group else "the root folder"
    if options:
        yield Fault(at, f"{where} has no option `{listed.option}`")
    else:
        yield Fault(at, f"unknown config group `{listed.group}`")


def _self(listed: Listed) -> Listed:
    return Listed(listed.group, SELF, listed.package)


def _placed(parent: Listed, owner: Node, entry: Entry) -> Iterator[Listed]:
    """An entry below the config in whose list it is; each option of a list by itself."""
    package = under(parent.package, entry.package)
    if not entry.is_group or (entry.is_list and not entry.is_override):
        for option in entry.options:
            yield Listed(
                entry.group, option, package, "", entry, owner, is_optional=entry.is_optional
            )
        return
    if entry.is_unknown:
        return
    key = _key(entry.group, package)  # of an override with several options the first
    first = entry.options[0] if entry.options else None
    yield Listed(entry.group, first, package, key, entry, owner, is_optional=entry.is_optional)


def _key(group: str, package: str) -> str:
    """What is before `=` on a command line."""
    return group if group.replace("/", ".") == package else f"{group}@{package or '_global_'}"


def _entry(group: str, choice: Choice, option: str | None) -> Entry:
    """What cngen writes for a choice."""
    span = choice.value.span if choice.value is not None else Span("", 0, 0)
    if not choice.group:
        made: Value = Scalar(f"/{option}@{choice.package}", "", span)
    else:
        made = Table(
            ((Scalar(entry_key(group, choice), "", span), Scalar(option, "", span)),), span
        )
    entry = parse(group, made)
    assert entry is not None
    return entry


def _is_opaque(tree: Tree, listed: Listed) -> bool:
    """Whether a config lies in a group of Hydra's own."""
    return listed.group.partition("/")[0] == "hydra" and not tree.options(listed.group)


def _twice(merged: list[Merged]) -> Iterator[Fault]:
    """Keys that choose twice what has no list of its own."""
    seen: dict[str, Listed] = {}
    for part in merged:
        listed = part.listed
        if part.is_self or not listed.key:
            continue
        before = seen.setdefault(listed.key, listed)
        at = (listed.replaced or listed).by_hand or (before.replaced or before).by_hand
        if before is not listed and at is not None:
            message = f"`{listed.key}` is chosen twice"
            yield Fault(at, message, "remove one of the two")
