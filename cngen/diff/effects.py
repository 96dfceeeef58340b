"""Two trees and their declared changes -> the keys of composed configs that differ, by cause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from cngen.compose.configs import (
    Composed,
    Holder,
    below,
    composed,
    config_key,
    configs,
    jobs,
    leaf,
    places,
)
from cngen.compose.defaults import command_key
from cngen.compose.experiments import experiments
from cngen.compose.places import Place, at
from cngen.compose.sweeps import all_parameters, job_count
from cngen.diff.causes import Causes
from cngen.diff.changes import Gone
from cngen.diff.command_lines import key_names
from cngen.diff.trees import Declared, Trees
from cngen.model.naming import class_names
from cngen.model.tree import EnumClass, Node, Tree
from cngen.model.types import mentioned_nodes
from cngen.model.values import EnumMember, Instance, Missing, Table, Value, every_instance


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of one config that differs, and the declared change that is the cause.

    `gone` are keys that stop working; `is_open` marks a value that is required now, and
    `is_partial` of a key that some jobs of the config lacked, so that no command line could set it.
    """

    config: str
    key: str
    old: Composed | None
    new: Composed | None
    cause: Declared
    gone: tuple[Gone, ...] = ()
    is_open: bool = False
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class JobCount:
    """A config that runs other jobs, as many or not; None where a sweeper searches.

    `gone` are the keys that all of its jobs had, and some of those that it runs now don't.
    """

    config: str
    old: int | None
    new: int | None
    cause: Declared
    gone: tuple[Gone, ...] = ()


class Config(NamedTuple):
    """One config in both trees, under its new name."""

    name: str
    old: Node
    new: Node


def paired_configs(trees: Trees) -> Iterator[Config]:
    """The configs that are in both trees, by their new names."""
    names = {node.key: name for name, node in configs(trees.new).items()}
    before = {node.key for node in configs(trees.old).values()}
    found = [Config(names[new.key], old, new) for old, new in trees.pairs if new.key in names]
    yield from sorted((c for c in found if c.old.key in before), key=lambda c: c.name)


def job_counts(trees: Trees, causes: Causes) -> Iterator[JobCount]:
    """Every config that runs a different number of jobs, or as many, some of them different."""
    for name, old, new in paired_configs(trees):
        before, after = _jobs(trees.old, old), _jobs(trees.new, new)
        is_same = before == after
        for cause in causes.of_swept(old, new) if is_same else causes.of_jobs(old, new):
            yield JobCount(name, before, after, cause, _partly_gone(trees, old, new))


def _partly_gone(trees: Trees, old: Node, new: Node) -> tuple[Gone, ...]:
    """The keys that a config itself has still, and all jobs had, but for jobs that it runs now."""
    after = list(jobs(trees.new, new))
    if len(after) < 2:
        return ()
    lost = set(_keys(trees.new, after[0])).difference(
        *(set(_keys(trees.new, j)) for j in after[1:])
    )
    lost |= set(_keys(trees.new, composed(trees.new, new))) - set(_keys(trees.new, after[0]))
    if not lost:
        return ()
    for job in jobs(trees.old, old):
        lost &= set(_keys(trees.old, job))
    return tuple(Gone(key, "") for key in sorted(lost))


def _keys(tree: Tree, whole: Instance) -> Iterator[str]:
    """The keys of a config that hold plain values."""
    return (key for key, place in places(tree, whole) if not isinstance(place.value, Instance))


def _jobs(tree: Tree, node: Node) -> int | None:
    experiment = experiments(tree).get(node.key)
    return job_count(all_parameters(tree, experiment)) if experiment is not None else 1


@dataclass(frozen=True, slots=True)
class _Choice:
    """Why all below a place differs: something else is chosen there. `again` chooses what was before."""

    cause: Declared
    again: str = ""


@dataclass
class Comparer:
    """Walks the configs of two trees side by side.

    `partly` are those of which a part isn't compared, since too little is known of a class in it.
    """

    trees: Trees
    causes: Causes
    partly: set[str] = field(default_factory=set)
    _jobs: dict[str, tuple[Instance, ...]] = field(default_factory=dict)

    def differences(self) -> Iterator[Difference]:
        """Every key that differs, of the configs that are in both trees."""
        for config in paired_configs(self.trees):
            old, new = composed(self.trees.old, config.old), composed(self.trees.new, config.new)
            yield from self._inside(config, "", old, new)

    def _inside(
        self, config: Config, prefix: str, old: Holder, new: Holder
    ) -> Iterator[Difference]:
        """What differs below two holders of one kind, each by its own cause."""
        one, other = below(self.trees.old, old), below(self.trees.new, new)
        renamed = self._renamed(old if isinstance(old, Instance) else old.value)
        before = {now: was for was, now in renamed.items() if was in one and now in other}
        for name, place in one.items():
            now = renamed.get(name, name)
            if now == name and name in other:
                yield from self._both(config, prefix + name, place, other[name])
            else:
                cause = self._cause(config, place, other.get(now))
                became = (prefix + now, other[now]) if now in other else None
                yield from self._lost(config, prefix + name, place, _Choice(cause), became)
        for name, place in other.items():
            if name not in one or name in before:
                was = one.get(before.get(name, ""))
                yield from self._come(config, prefix + name, place, self._cause(config, was, place))

    def _renamed(self, value: Value | None) -> Mapping[str, str]:
        """The keys below a value that have another name now: fields, and members of enums in dicts."""
        if isinstance(value, Table):
            keys = (key for key, _ in value.items if isinstance(key, EnumMember))
            names = {
                k.member: config_key(self.trees.new, self.trees.matching.value(k)) for k in keys
            }
            return {was: now for was, now in names.items() if was != now}
        return self.trees.matching.fields.get(_node(value), {})

    def _cause(
        self, config: Config, old: Place | None, new: Place | None, is_type: bool = False
    ) -> Declared:
        return self.causes.of((config.old, config.new), old, new, is_type)

    def _both(
        self,
        config: Config,
        key: str,
        old: Place,
        new: Place,
        choice: _Choice | None = None,
    ) -> Iterator[Difference]:
        """What differs at a place and below it; all by one choice above it where that is given."""
        nodes = {_node(old.value): self.trees.old, _node(new.value): self.trees.new}
        if any(self._is_unknown(node, tree) for node, tree in nodes.items()):
            self.partly.add(config.name)
            return
        if self._composes_equally(old, new):
            return
        before, after = leaf(self.trees.old, old), leaf(self.trees.new, new)
        is_one = self._is_one(old.value, new.value)
        if before != after:
            is_type = before.value == after.value
            reason = choice.cause if choice is not None else None
            if reason is None and is_one and not is_type:
                reason = self.causes.of_class(old.value, new.value)
            reason = reason or self._cause(config, old, new, is_type)
            is_open = _is_open(new) and not _is_open(old)
            yield Difference(config.name, key, before, after, reason, is_open=is_open)
        if is_one and choice is None:
            yield from self._inside(config, f"{key}.", old, new)
        else:
            cause = choice.cause if choice is not None else self._cause(config, old, new)
            again = choice.again if choice is not None else ""
            again = again or ("" if is_one else self._choice(old, key))
            yield from self._replaced(config, f"{key}.", old, new, _Choice(cause, again))

    def _is_unknown(self, node: str, tree: Tree) -> bool:
        return bool(node) and (node in self.trees.unknown or node not in tree.nodes)

    def _choice(self, old: Place, key: str) -> str:
        """What chooses an option at a place, if it is one still."""
        node = self.trees.now(_node(old.value))
        if node is None or node.option is None or not node.group or not old.is_chosen:
            return ""
        return f"{command_key(node.group, key)}={node.option} "

    def _replaced(
        self, config: Config, prefix: str, old: Holder, new: Holder, choice: _Choice
    ) -> Iterator[Difference]:
        """What differs below a place where something else is chosen: that choice is the cause of all."""
        one, other = below(self.trees.old, old), below(self.trees.new, new)
        for name in dict.fromkeys((*one, *other)):
            key = prefix + name
            if name in one and name in other:
                yield from self._both(config, key, one[name], other[name], choice)
            elif name in one:
                yield from self._lost(config, key, one[name], choice)
            else:
                yield from self._come(config, key, other[name], choice.cause)

    def _lost(
        self,
        config: Config,
        key: str,
        place: Place,
        choice: _Choice,
        became: tuple[str, Place] | None = None,
    ) -> Iterator[Difference]:
        """A key that is gone, and those below it, which go with it, unless it `became` another."""
        gone = self._gone(key, place, became, choice.again)
        yield self._removed(config, key, place, choice.cause, gone)
        yield from self._lost_below(config, key, place, choice.cause, became)

    def _lost_below(
        self,
        config: Config,
        key: str,
        place: Place,
        cause: Declared,
        became: tuple[str, Place] | None,
    ) -> Iterator[Difference]:
        inside = below(self.trees.new, became[1]) if became is not None else {}
        for name, inner in below(self.trees.old, place).items():
            key_below = f"{key}.{name}"
            now = (f"{became[0]}.{name}", inside[name]) if became and name in inside else None
            gone = self._gone(key_below, inner, now, "")
            # The key around it is reported, but not what chooses an option of its own.
            gone = gone[:1] if len(gone) > 1 and now is not None else ()
            yield self._removed(config, key_below, inner, cause, gone)
            yield from self._lost_below(config, key_below, inner, cause, now)

    def _removed(
        self, config: Config, key: str, place: Place, cause: Declared, gone: tuple[Gone, ...]
    ) -> Difference:
        """A key that is gone; where only some jobs had it, no command line stops working."""
        is_partial = not self._is_everywhere(config, key)
        gone = () if is_partial else gone
        was = leaf(self.trees.old, place)
        return Difference(config.name, key, was, None, cause, gone, is_partial=is_partial)

    def _is_everywhere(self, config: Config, key: str) -> bool:
        """Whether all jobs of a config had a key: a command line composes each of them."""
        if config.name not in self._jobs:
            self._jobs[config.name] = tuple(jobs(self.trees.old, config.old))
        path, found = tuple(key.split(".")), self._jobs[config.name]
        return len(found) < 2 or all(at(self.trees.old, job, path) is not None for job in found)

    def _gone(
        self, key: str, place: Place, became: tuple[str, Place] | None, again: str
    ) -> tuple[Gone, ...]:
        """The keys that stop working, each with its replacement."""
        names = key_names(self.trees.old, place, key)
        now: tuple[str, ...] = tuple(again + name for name in names) if again else ()
        if became is not None:
            now = key_names(self.trees.new, became[1], became[0])
        return tuple(Gone(*pair) for pair in zip_longest(names, now[: len(names)], fillvalue=""))

    def _come(
        self, config: Config, key: str, place: Place, cause: Declared
    ) -> Iterator[Difference]:
        yield Difference(config.name, key, None, leaf(self.trees.new, place), cause)
        for name, inner in below(self.trees.new, place).items():
            yield from self._come(config, f"{key}.{name}", inner, cause)

    def _is_one(self, old: Value | None, new: Value | None) -> bool:
        """Whether the keys below two values are those of one class, or of two containers."""
        if isinstance(old, Instance) and isinstance(new, Instance):
            return self.trees.matching.nodes.get(old.node) == new.node
        return type(old) is type(new)

    def _composes_equally(self, old: Place, new: Place) -> bool:
        """Whether nothing can differ: one type, one value, and no class in either has changed."""
        if old.type != new.type or old.value != new.value or new.value is None:
            return False
        if not self._is_stored_alike:
            return False
        held = (instance.node for instance in every_instance(new.value))
        return all(key in self._unchanged for key in (*held, *mentioned_nodes(new.type)))

    @cached_property
    def _is_stored_alike(self) -> bool:
        return is_stored_alike(self.trees)

    @cached_property
    def _unchanged(self) -> frozenset[str]:
        return unchanged(self.trees)


def unchanged(trees: Trees) -> frozenset[str]:
    """The classes that compose to the same in both trees, by themselves and in what they hold.

    That goes for trees that are stored alike.
    """
    names = class_names(trees.old), class_names(trees.new)
    holders: dict[str, set[str]] = {}
    changed: list[str] = []
    for key, new in trees.new.nodes.items():
        old = trees.old.nodes.get(key)
        if old is None or old.fields != new.fields or key in trees.unknown:
            changed.append(key)
        for held in _held(new):
            holders.setdefault(held, set()).add(key)
    changed += [key for key in names[1] if names[0].get(key) != names[1][key]]
    reached = set(changed)
    while changed:
        more = holders.get(changed.pop(), set()) - reached
        reached |= more
        changed += more
    return frozenset(trees.new.nodes) - reached


def is_stored_alike(trees: Trees) -> bool:
    """Whether both stores hold a type in the same way, and call enums the same."""
    names = class_names(trees.old), class_names(trees.new)
    are_named_alike = all(
        names[0][key] == names[1].get(key) and _are_members_alike(old, trees.new.enums.get(key))
        for key, old in trees.old.enums.items()
    )
    return are_named_alike and trees.old.settings.hydra == trees.new.settings.hydra


def _are_members_alike(old: EnumClass, new: EnumClass | None) -> bool:
    """Whether the names of both stand for the same members."""
    if new is None or old.members == new.members:
        return True
    return all(old.named(name) == new.named(name) for name, _ in old.members)


def _held(node: Node) -> Iterator[str]:
    """The classes that a class names in the types and the defaults of its fields."""
    for own in node.fields:
        yield from mentioned_nodes(own.type)
        if own.default is not None:
            yield from (instance.node for instance in every_instance(own.default))


def _is_open(place: Place) -> bool:
    return place.value is None or isinstance(place.value, Missing)


def _node(value: Value | None) -> str:
    return value.node if isinstance(value, Instance) else ""
