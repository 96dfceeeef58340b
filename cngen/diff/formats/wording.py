"""The texts that the formats for people share: counts, places, values, and folding."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from cngen.compose.configs import Composed
from cngen.diff.changes import Change, Comparison, Effect, Gone, Impact, Jobs, Location
from cngen.lint.formats.full import width
from cngen.text.escaping import one_line

FEW = 3
"""How many names a folded list holds."""
SHORT = 60
"""How many characters of a value are shown where it is folded."""
_BEFORE = 16  # what is shown of two values that begin alike, so that one sees where they part
_NAMES = {
    Impact.BREAKING: ("breaking change", "breaking changes"),
    Impact.BEHAVIOUR: ("change of behaviour", "changes of behaviour"),
    Impact.SAFE: ("safe change", "safe changes"),
}


def headline(comparison: Comparison, most: int | None = None) -> str:
    """`main -> working tree: 2 breaking, 3 safe; 4 of 9 configs change`.

    The names of what was compared have at most so many characters.
    """
    base, head = (shortened(name, most) for name in (comparison.base, comparison.head))
    return f"{base} -> {head}: {_counts(comparison)}"


def _counts(comparison: Comparison) -> str:
    counts = [(len(comparison.of(impact)), impact.value) for impact in Impact]
    summary = ", ".join(f"{count} {name}" for count, name in counts if count)
    if not summary:
        return "nothing changed" + (" in what could be compared" if comparison.notes else "")
    touched, known = len(comparison.touched), len(comparison.configs)
    if not touched:
        return f"{summary}; no config changes"
    return f"{summary}; {touched} of {known} configs change{'s' * (touched == 1)}"


def counted(impact: Impact, count: int) -> str:
    """`2 breaking changes`, `1 change of behaviour`."""
    return f"{count} {_NAMES[impact][count != 1]}"


def place(location: Location, comparison: Comparison) -> str:
    """`cn/run.py:9:5`, followed by the name of the old tree for a place in it."""
    where = f" (in {comparison.base})" if location.is_old else ""
    return one_line(f"{location.path}:{location.line}:{location.column}{where}")


def listed(
    configs: Sequence[str], comparison: Comparison, most: int = FEW
) -> tuple[list[str], str]:
    """The configs to name, and the text for the others: `and 14 more`, `all 16 configs`."""
    if len(configs) <= most:
        return list(configs), ""
    if set(configs) >= set(comparison.configs):
        return [], f"all {len(configs)} configs"
    return list(configs[: most - 1]), f"and {len(configs) - most + 1} more"


def stopped(gone: Gone) -> str:
    """The sentence on a key that stops working."""
    return f"`{gone.key}` stops working" + (f": use `{gone.instead}`" if gone.instead else "")


def ran(jobs: Jobs) -> str:
    """`12 -> 18 jobs`, or `12 jobs, some of them different`."""
    old, new = jobs.old, jobs.new
    if old == new:
        return f"{_run(new)}, some of them different"
    if old is not None and new is not None:
        return f"{old} -> {new} job{'s' * (new != 1)}"
    return f"{_run(old)} -> {_run(new)}"


def _run(count: int | None) -> str:
    return "a search" if count is None else f"{count} job{'s' * (count != 1)}"


@dataclass(frozen=True, slots=True)
class Folded:
    """An effect that stands for those on the keys below its own; `below` is the number of these keys."""

    effect: Effect
    below: int

    @property
    def note(self) -> str:
        """The text on the keys below, empty if there are none."""
        return f" (and {self.below} key{'s' * (self.below != 1)} below)" if self.below else ""


def folded(effects: Sequence[Effect]) -> tuple[Folded, ...]:
    """The effects in their order, those of a replaced node without what follows for its keys."""
    replaced: dict[str, set[str]] = defaultdict(set)
    for effect in effects:
        if _is_replaced(effect):
            replaced[effect.key].update(effect.configs)
    kept: list[Effect] = []
    below: dict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        top = next((k for k in _above(effect.key) if _covers(replaced, k, effect)), None)
        if top is None:
            kept.append(effect)
        else:
            below[top].append(effect)
    return tuple(Folded(effect, _keys(effect, below)) for effect in kept)


def _is_replaced(effect: Effect) -> bool:
    """Whether the value changed; if only the type did, the keys below are reported, too."""
    return effect.old is None or effect.new is None or effect.old.value != effect.new.value


def _above(key: str) -> list[str]:
    """The keys that hold a key, the outermost first."""
    return list(accumulate(key.split("."), "{}.{}".format))[:-1]


def _covers(replaced: dict[str, set[str]], key: str, effect: Effect) -> bool:
    return key in replaced and replaced[key].issuperset(effect.configs)


def _keys(effect: Effect, below: dict[str, list[Effect]]) -> int:
    """How many keys below are folded into an effect: those that some config of it shares."""
    if not _is_replaced(effect):
        return 0
    configs = set(effect.configs)
    return len({e.key for e in below.get(effect.key, ()) if not configs.isdisjoint(e.configs)})


def excerpts(old: str, new: str, most: int | None) -> tuple[str, str]:
    """Two values, cut where they are long, so that the place where they part is still seen."""
    if most is None or max(len(old), len(new)) <= most:
        return shortened(old), shortened(new)
    pairs = enumerate(zip(old, new, strict=False))
    alike = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    start = max(alike - _BEFORE, 0) if alike > most // 2 and old != new else 0
    return shortened(old, most, start), shortened(new, most, start)


def shortened(text: str, most: int | None = None, start: int = 0) -> str:
    """At most so many characters of a text from `start` on, in one line, and dots for what is left out."""
    end = len(text) if most is None else start + most
    rest = "..." if len(text) > end else ""
    return f"{'...' if start else ''}{one_line(text[start:end])}{rest}"


def altered(effect: Effect, most: int | None = SHORT) -> str:
    """`0.001 -> 0.0003`, and the types where they differ."""
    old, new = effect.old or Composed("", ""), effect.new or Composed("", "")
    before, after = excerpts(old.value, new.value, most)
    if effect.old is None:
        return f"added: {after}"
    if effect.new is None:
        return f"removed: {before}"
    values = before if old.value == new.value else f"{before} -> {after}"
    if old.type == new.type:
        return values
    return f"{values}, type {' -> '.join(excerpts(old.type, new.type, most))}"


def consequences(change: Change, comparison: Comparison, verbose: bool = False) -> Iterator[str]:
    """The effects of a change, one line each; lines that continue another are indented."""
    yield from (one_line(stopped(gone)) for gone in change.gone)
    shown = change.effects if verbose else tuple(without_renames(change))
    effects = [Folded(e, 0) for e in shown] if verbose else folded(shown)
    groups: dict[tuple[str, ...], list[Folded]] = defaultdict(list)
    for effect in effects:
        groups[effect.effect.configs].append(effect)
    for configs, own in groups.items():
        named, others = listed(configs, comparison, len(configs) if verbose else FEW)
        where = one_line(" ".join(filter(None, (", ".join(named), others))))
        rows = list(_rows(own, None if verbose else SHORT))
        yield from [f"{where}: {rows[0]}"] if len(rows) == 1 else [f"{where}:", *_indented(rows)]
    yield from (one_line(f"{jobs.config}: {ran(jobs)}") for jobs in change.jobs)


def without_renames(change: Change) -> Iterator[Effect]:
    """The effects of a change without those of keys that have another name and nothing else."""
    found = {effect.key: effect for effect in change.effects}
    renamed: set[str] = set()
    for gone in change.gone:
        old, new = found.get(gone.key), found.get(gone.instead)
        if old is not None and new is not None and (old.old, old.configs) == (new.new, new.configs):
            renamed |= {gone.key, gone.instead}
    yield from (effect for effect in change.effects if effect.key not in renamed)


def _rows(effects: Sequence[Folded], most: int | None) -> Iterator[str]:
    """`key  old -> new`, the values of several below each other."""
    keys = [one_line(folded.effect.key) for folded in effects]
    widest = max(width(key) for key in keys) + 1 if len(keys) > 1 else 0
    for key, one in zip(keys, effects, strict=True):
        gap = " " * max(widest - width(key), 1)
        yield f"{key}{gap}{altered(one.effect, most)}{one.note}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
