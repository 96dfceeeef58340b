"""Classes -> pairs that hold the same under different names."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from typing import TypeAlias, TypeVar

from cngen.diff.matching import Matching
from cngen.model.tree import Node

T = TypeVar("T")

ALIKE = 0.5
"""The part of its fields that a class must keep to be taken for the same class under another name."""

NEAR = 0.6
"""How alike two names must be if only their names can match them (`difflib`'s ratio)."""

COMMON = 50
"""How many classes on both sides may have the same line: one that more have identifies no two of them."""


def matched(
    old: Iterable[T], new: Iterable[T], signs: Iterable[Callable[[T], Hashable | None]]
) -> list[tuple[T, T]]:
    """Pairs found by one sign after another, if just one on each side has it."""
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


def left(
    old: Iterable[T], new: Iterable[T], found: Iterable[tuple[T, T]]
) -> tuple[list[T], list[T]]:
    known = {id(item) for pair in found for item in pair}
    return [n for n in old if id(n) not in known], [n for n in new if id(n) not in known]


def nearest(old: Iterable[Node], new: Iterable[Node]) -> list[tuple[Node, Node]]:
    """Pairs with equal bodies, then those of which each is the other's one best match."""
    ones, others = [_Shape.of(node) for node in old], [_Shape.of(node) for node in new]
    signs: tuple[Callable[[_Shape], Hashable | None], ...] = (
        lambda s: (s.kind, s.lines, s.node.name),
        lambda s: (s.kind, s.lines, s.node.group) if s.lines else None,
    )
    found = matched(ones, others, signs)
    found += _best(_scored(*left(ones, others, found)))
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
    """The body of a class, with names instead of keys, which a move changes."""

    node: Node
    lines: frozenset[Hashable]

    @classmethod
    def of(cls, node: Node) -> "_Shape":
        names, written = Matching(_Tails(), _Tails()), dict(node.written)
        lines = set[Hashable]()
        for own in node.fields:
            if own.name in node.declared:
                value = written.get(own.name, own.default)
                text = names.value(value) if value is not None else None
                lines.add((own.name, names.type(own.type), text))
        return cls(node, frozenset(lines))

    @property
    def kind(self) -> tuple[bool, bool]:
        """What two classes that are the same must both be."""
        return self.node.is_experiment, self.node.option is None

    @property
    def clues(self) -> Iterable[Hashable]:
        """What a class may have in common with one that it is; if its body is empty, its bases."""
        bases = (self.kind, self.node.group, *_names(self.node.bases))
        return (self.node.name, *(self.lines or (bases,)))

    def likeness(self, other: "_Shape") -> float:
        """From 0 to 1: how much of two classes is the same. One name counts as much as half the fields."""
        old, new = self.node, other.node
        if self.kind != other.kind:
            return 0.0
        has_name = old.name == new.name
        if not self.lines and not other.lines:
            is_near = near(old.name, new.name) and _names(old.bases) == _names(new.bases)
            return float(has_name or is_near)
        same = 2 * len(self.lines & other.lines) / (len(self.lines) + len(other.lines))
        return same / 2 + 0.5 if has_name and same else same


class _Tails(dict[str, str]):
    """Every key as the bare name at its end."""

    def get(self, key: str, default: object = None) -> str:
        return key.rpartition(".")[2]


def _names(keys: Iterable[str]) -> list[str]:
    return [key.rpartition(".")[2] for key in keys]


def near(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= NEAR
