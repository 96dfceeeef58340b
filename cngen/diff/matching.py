"""Two trees -> which node, enum and field of the one is which of the other, renamed and moved ones included.

Only what is unambiguous is taken for a rename: of several candidates none is.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import product
from typing import TypeAlias, TypeVar

from cngen.compose.experiments import Path, at, state
from cngen.diagnostics import Span
from cngen.model.tree import EnumClass, Field, Node, Tree
from cngen.model.types import (
    DictType,
    EnumType,
    ListType,
    LiteralType,
    NodeType,
    TupleType,
    Type,
    UnionType,
)
from cngen.model.values import (
    Argument,
    EnumMember,
    Instance,
    Interpolation,
    Interval,
    Items,
    Patch,
    Points,
    Sweep,
    Table,
    Value,
)

T = TypeVar("T")

ALIKE = 0.5
"""The part of its fields that a class must keep to be taken for the same class under another name."""

NEAR = 0.6
"""How alike two names must be where nothing but the name tells (`difflib`'s ratio)."""

REFERENCE = re.compile(r"\$\{[^{}]*\}")
NAME = re.compile(r"[A-Za-z_]\w*(?![\w:])")

COMMON = 50
"""How many classes on both sides may have the same line: one that more have tells of no two of them."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What of the old tree is what of the new one.

    `nodes` and `enums` go from old keys to new ones; `fields` hold the renamed fields of an old node,
    inherited ones included, and `members` those of an old enum, from old names to new ones. `patched` are
    the old nodes that have what a patch changes, by where its argument is written, and `words` the names
    of fields that have another name wherever there are such fields.
    """

    nodes: Mapping[str, str]
    enums: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patched: Mapping[Span, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def field(self, node: str, name: str) -> str:
        """What a field of an old node is called now."""
        return self.fields.get(node, {}).get(name, name)

    def type(self, written: Type) -> Type:
        """A type of the old tree with the names of the new one."""
        match written:
            case NodeType(key):
                return NodeType(self.nodes.get(key, key))
            case EnumType(key):
                return EnumType(self.enums.get(key, key))
            case ListType(item):
                return replace(written, item=self.type(item))
            case DictType(key, value):
                return replace(written, key=self.type(key), value=self.type(value))
            case TupleType(items):
                return replace(written, items=tuple(self.type(item) for item in items))
            case UnionType(members):
                return UnionType(tuple(self.type(member) for member in members))
            case LiteralType(values):
                return LiteralType(tuple(self.value(value) for value in values))
        return written

    def value(self, value: Value) -> Value:
        """A value of the old tree with the names of the new one."""
        match value:
            case Instance(node, arguments):
                given = tuple(self._argument(node, a) for a in arguments)
                return Instance(self.nodes.get(node, node), given, value.span)
            case Patch(arguments):
                return replace(value, arguments=tuple(self._patched(a) for a in arguments))
            case Interpolation(text):
                return replace(value, text=REFERENCE.sub(self._referred, text))
            case EnumMember(enum, member):
                name = self.members.get(enum, {}).get(member, member)
                return replace(value, enum=self.enums.get(enum, enum), member=name)
            case Items(items=items):
                return replace(value, items=tuple(self.value(item) for item in items))
            case Table(items):
                pairs = ((self.value(k), self.value(v)) for k, v in items)
                return Table(tuple(pairs), value.span)
            case Sweep(values=values):
                return replace(value, values=tuple(self.value(v) for v in values))
            case Interval(low, high):
                return replace(value, low=self.value(low), high=self.value(high))
            case Points(experiments=experiments):
                return replace(value, experiments=tuple(self.value(e) for e in experiments))
        return value

    def _argument(self, node: str, argument: Argument) -> Argument:
        name = self.field(node, argument.name)
        return Argument(name, self.value(argument.value), argument.span)

    def _referred(self, reference: re.Match[str]) -> str:
        return NAME.sub(lambda name: self.words.get(name[0], name[0]), reference[0])

    def _patched(self, argument: Argument) -> Argument:
        """A constant may be a patch of several nodes: a name counts as renamed where they agree."""
        holders = self.patched.get(argument.span, frozenset())
        names = {self.field(node, argument.name) for node in holders}
        name = names.pop() if len(names) == 1 else argument.name
        return Argument(name, self.value(argument.value), argument.span)


def match(old: Tree, new: Tree) -> Matching:
    """Match two trees."""
    nodes = _matched_nodes(old, new)
    enums = _matched(
        old.enums.values(),
        new.enums.values(),
        (lambda e: e.key, lambda e: e.name, lambda e: e.members),
    )
    found = Matching(
        {one.key: other.key for one, other in nodes},
        {one.key: other.key for one, other in enums},
        members={one.key: _renamed_members(one, other) for one, other in enums},
        patched=_patched(old),
    )
    found = replace(found, fields=_renamed_fields(old, new, found))
    return replace(found, words=_renamed_everywhere(old, found))


def _renamed_everywhere(old: Tree, found: Matching) -> Mapping[str, str]:
    """What a reference, which doesn't say of which class, can't mean but a renamed field."""
    names: dict[str, set[str]] = {}
    renamed = {name for own in found.fields.values() for name in own}
    for node in old.nodes.values() if renamed else ():
        for own in node.fields:
            if own.name in renamed:
                names.setdefault(own.name, set()).add(found.field(node.key, own.name))
    return {name: now.pop() for name, now in names.items() if len(now) == 1}


def _matched_nodes(old: Tree, new: Tree) -> list[tuple[Node, Node]]:
    """By qualified name, by option, then by what they hold."""
    signs: tuple[Callable[[Node], Hashable | None], ...] = (
        lambda n: n.key,
        lambda n: (n.group, n.option, n.name),
        lambda n: (n.group, n.option) if n.option is not None else None,
    )
    found = _matched(old.nodes.values(), new.nodes.values(), signs)
    one, other = _left(old.nodes.values(), new.nodes.values(), found)
    found += _nearest(one, other)
    return found


def _matched(
    old: Iterable[T], new: Iterable[T], signs: Iterable[Callable[[T], Hashable | None]]
) -> list[tuple[T, T]]:
    """Pairs that one sign after the other tells, where just one on each side has it."""
    one, other, found = list(old), list(new), []
    for sign in signs:
        olds, news = _by_sign(one, sign), _by_sign(other, sign)
        pairs = [(olds[s], news[s]) for s in olds if s in news]
        found += pairs
        gone = {id(item) for pair in pairs for item in pair}
        one = [item for item in one if id(item) not in gone]
        other = [item for item in other if id(item) not in gone]
    return found


def _by_sign(items: Iterable[T], sign: Callable[[T], Hashable | None]) -> dict[Hashable, T]:
    found: dict[Hashable, list[T]] = {}
    for item in items:
        key = sign(item)
        if key is not None:
            found.setdefault(key, []).append(item)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def _left(
    old: Iterable[T], new: Iterable[T], found: Iterable[tuple[T, T]]
) -> tuple[list[T], list[T]]:
    known = {id(item) for pair in found for item in pair}
    return [n for n in old if id(n) not in known], [n for n in new if id(n) not in known]


def _nearest(old: Iterable[Node], new: Iterable[Node]) -> list[tuple[Node, Node]]:
    """Pairs that say the same, then those of which each is the other's one best match."""
    ones, others = [_Shape.of(node) for node in old], [_Shape.of(node) for node in new]
    signs: tuple[Callable[[_Shape], Hashable | None], ...] = (
        lambda s: (s.kind, s.lines, s.node.name),
        lambda s: (s.kind, s.lines, s.node.group) if s.lines else None,
    )
    found = _matched(ones, others, signs)
    found += _best(_scored(*_left(ones, others, found)))
    return [(one.node, other.node) for one, other in found]


_Score: TypeAlias = "tuple[float, _Shape, _Shape]"


def _scored(old: Sequence["_Shape"], new: Sequence["_Shape"]) -> Iterator[_Score]:
    """How alike the classes of one group or one name are, for those that may be the same."""
    for place, other_place in sorted(_candidates(old, new)):
        one, other = old[place], new[other_place]
        if one.node.name == other.node.name or one.node.group == other.node.group:
            score = one.likeness(other)
            if score >= ALIKE:
                yield score, one, other


def _candidates(old: Sequence["_Shape"], new: Sequence["_Shape"]) -> set[tuple[int, int]]:
    """The places of classes that have something in common which not all too many have."""
    olds, news = _by_clue(old), _by_clue(new)
    return {
        pair
        for clue, places in olds.items()
        if len(places) * len(news.get(clue, ())) <= COMMON**2
        for pair in product(places, news.get(clue, ()))
    }


def _by_clue(shapes: Iterable["_Shape"]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for place, shape in enumerate(shapes):
        for clue in shape.clues:
            found.setdefault(clue, []).append(place)
    return found


def _best(scores: Iterable[_Score]) -> list[tuple["_Shape", "_Shape"]]:
    """Pairs of which each is the best match of the other, and no other is as good."""
    scores, best = list(scores), dict[tuple[str, str], list[float]]()
    for score, one, other in scores:
        for key in (("old", one.node.key), ("new", other.node.key)):
            best[key] = sorted((*best.get(key, ()), score))[-2:]
    return [
        (one, other)
        for score, one, other in scores
        if all(
            best[key][-1] == score and best[key][:-1] != [score]
            for key in (("old", one.node.key), ("new", other.node.key))
        )
    ]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a class's own body says, with names instead of keys, which a move changes."""

    node: Node
    lines: frozenset[Hashable]

    @classmethod
    def of(cls, node: Node) -> "_Shape":
        names, said = Matching(_Tails(), _Tails()), dict(node.written)
        lines = set[Hashable]()
        for own in node.fields:
            if own.name in node.declared:
                value = said.get(own.name, own.default)
                text = names.value(value) if value is not None else None
                lines.add((own.name, names.type(own.type), text))
        return cls(node, frozenset(lines))

    @property
    def kind(self) -> tuple[bool, bool]:
        """What two classes that are the same must both be."""
        return self.node.is_experiment, self.node.option is None

    @property
    def clues(self) -> Iterable[Hashable]:
        """What a class may have in common with one that it is; if it says nothing, its bases."""
        bases = (self.kind, self.node.group, *_names(self.node.bases))
        return (self.node.name, *(self.lines or (bases,)))

    def likeness(self, other: "_Shape") -> float:
        """From 0 to 1: how much of two classes is the same. One name counts as much as half the fields."""
        old, new = self.node, other.node
        if self.kind != other.kind:
            return 0.0
        has_name = old.name == new.name
        if not self.lines and not other.lines:
            is_near = _near(old.name, new.name) and _names(old.bases) == _names(new.bases)
            return float(has_name or is_near)
        same = 2 * len(self.lines & other.lines) / (len(self.lines) + len(other.lines))
        return same / 2 + 0.5 if has_name and same else same


class _Tails(dict[str, str]):
    """Every key as the bare name at its end."""

    def get(self, key: str, default: object = None) -> str:
        return key.rpartition(".")[2]


def _names(keys: Iterable[str]) -> list[str]:
    return [key.rpartition(".")[2] for key in keys]


def _near(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= NEAR


# What patches change


def _patched(tree: Tree) -> Mapping[Span, frozenset[str]]:
    """The nodes with the fields that the patches in bodies change, by where each field is named."""
    found: dict[Span, frozenset[str]] = {}
    for node in tree.nodes.values():
        whole = state(tree, node)
        for name, value in node.written:
            for argument, path in _arguments(value, (name,)):
                place = at(tree, whole, path)
                if place is not None and not place.is_key:
                    known = found.get(argument.span, frozenset())
                    found[argument.span] = known | {place.holder}
    return found


def _arguments(value: Value, path: Path) -> Iterator[tuple[Argument, Path]]:
    """Everything that the patches in what is said of a path give a value, with its own path."""
    if isinstance(value, Sweep):
        for one in value.values:
            yield from _arguments(one, path)
    elif isinstance(value, Patch):
        for argument in value.arguments:
            inside = (*path, argument.name)
            yield argument, inside
            yield from _arguments(argument.value, inside)


# Members of enums


def _renamed_members(old: EnumClass, new: EnumClass) -> dict[str, str]:
    """Members that are gone, each with the one new member that has its value."""
    gone = [m for m in old.members if m[0] not in dict(new.members)]
    come = [m for m in new.members if m[0] not in dict(old.members)]
    pairs = _matched(gone, come, (lambda member: member[1] if "auto(" not in member[1] else None,))
    return {before: after for (before, _), (after, _) in pairs}


# Fields


def _renamed_fields(old: Tree, new: Tree, found: Matching) -> Mapping[str, Mapping[str, str]]:
    """The renamed fields of every old node: its bases' and its own."""
    renamed: dict[str, Mapping[str, str]] = {}

    def visit(key: str) -> Mapping[str, str]:
        if key not in renamed:
            renamed[key] = {}
            node, other = old.nodes[key], new.nodes.get(found.nodes.get(key, ""))
            inherited = {
                k: v for base in node.bases if base in old.nodes for k, v in visit(base).items()
            }
            own = _own_renames(node, other, found, inherited) if other is not None else {}
            renamed[key] = {**inherited, **own}
        return renamed[key]

    for key in old.nodes:
        visit(key)
    return {key: names for key, names in renamed.items() if names}


def _own_renames(
    old: Node, new: Node, found: Matching, inherited: Mapping[str, str]
) -> dict[str, str]:
    """Fields that are gone, each with the one new field that has its type and its default.

    It must stand where that stood, or have a name like it.
    """
    if old.is_experiment or new.is_experiment:
        return {}
    were, are = _own(old), _own(new)
    known, others = {f.name for f in new.fields} | {*inherited}, {f.name for f in old.fields}
    others |= {*inherited.values()}
    come: dict[object, list[Field]] = {}
    for own in are:
        if own.name not in others:
            come.setdefault((own.type, own.default), []).append(own)
    beside, beside_now = _neighbours(were), _neighbours(are)
    pairs = [
        (gone.name, other.name)
        for gone in were
        if gone.name not in known
        for other in come.get(_sign(gone, found), ())
        if _near(gone.name, other.name) or beside[gone.name] == beside_now[other.name]
    ]
    times = Counter(name for pair in pairs for name in (("old", pair[0]), ("new", pair[1])))
    return {a: b for a, b in pairs if times["old", a] == times["new", b] == 1}


def _own(node: Node) -> list[Field]:
    return [f for f in node.fields if f.name in node.declared and f.name != "_target_"]


def _sign(gone: Field, found: Matching) -> object:
    """What a field under another name has in common with it: the type and the default, as they are now."""
    default = found.value(gone.default) if gone.default is not None else None
    return found.type(gone.type), default


def _neighbours(fields: Sequence[Field]) -> Mapping[str, tuple[str, str]]:
    """The names before and behind each field."""
    names = ["", *(field.name for field in fields), ""]
    return {name: (names[at], names[at + 2]) for at, name in enumerate(names[1:-1])}
