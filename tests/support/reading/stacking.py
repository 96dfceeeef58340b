"""What experiments mean to a person who reads them: the oracle of ``+exp=a`` and ``+exp=[a,b]``.

An experiment is a primary config with some places set otherwise. What a body says is a list of steps;
a later step replaces those within its place, as the class attributes of a subclass replace those of its
bases. Stacked experiments are the steps of one after those of the other.

Nothing here knows Hydra, and nothing here imports the compiler.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from .canonical import canonical
from .interpreter import (
    MISSING,
    NodeField,
    Patch,
    Points,
    Reading,
    Ref,
    Sweep,
    fresh,
    patched,
    primary_of,
)

Way = tuple[str, ...]

CHOICE, REMOVAL, VALUE, CLEARING, AXIS = "choice", "removal", "value", "clearing", "axis"


class NoReading(Exception):
    """Something is said of a place that isn't there."""


@dataclass(frozen=True, eq=False)
class Step:
    """What is said of one place.

    A choice puts a node there and a removal takes an entry of a dict away; a value is anything that
    isn't a node. A clearing leaves no entries of a dict but those in its value. An axis says that a sweep
    stands there, and ``swept`` steps are what one of its values says. The body of ``owner`` says it.
    """

    way: Way
    value: Any
    kind: str
    swept: bool = False
    owner: type | None = None

    def replaces(self, other: "Step") -> bool:
        """Whether an earlier step no longer counts: this one says otherwise of its place."""
        if self.kind == AXIS and other.kind != AXIS:
            return False
        if self.kind == CLEARING and other.kind == REMOVAL:
            return False  # entries that are gone stay so
        return other.way[: len(self.way)] == self.way


# What bodies say


def config_of(experiment: type) -> type:
    """The primary config that an experiment changes."""
    found = primary_of(experiment)
    assert found is not None
    return found


def says(cls: type) -> dict[str, object]:
    """What a class's own body says of inherited fields."""
    found: dict[str, object] = vars(cls)["__cn_says__"]
    return found


def bodies(cls: type) -> list[type]:
    """The bodies that make up an experiment, by Python's own order, itself last.

    Its primary config counts where it comes after an experiment, another one always.
    """
    found = [base for base in reversed(cls.__mro__) if "__cn_says__" in vars(base)]
    known = config_of(cls).__mro__
    return list(itertools.dropwhile(lambda base: base in known, found))


def steps_of(reading: Reading, cls: type) -> list[Step]:
    """Everything that an experiment and its bases say, without what a later body replaces."""
    found = said_by(reading, cls)
    known = config_of(cls).__mro__
    own = [step for step in found if step.owner not in known]
    return [s for s in found if s in own or any(is_below(s.way, o.way) for o in own)]


def said_by(reading: Reading, cls: type) -> list[Step]:
    """The same with what primary configs say that come after an experiment."""
    primary = config_of(cls)
    found: list[Step] = []
    for body in bodies(cls):
        before = applied(reading, primary(), found)
        for name, value in says(body).items():
            if isinstance(value, Points):
                new = [Step((name,), value, AXIS)]
            else:
                held = reading.node_field(primary, name)
                new = list(expanded(reading, (name,), held, getattr(before, name), value))
            for step in (replace(step, owner=body) for step in new):
                found = [old for old in found if not step.replaces(old)] + [step]
    return found


def expanded(
    reading: Reading, way: Way, held: NodeField | None, before: Any, value: Any
) -> Iterator[Step]:
    """What a value that is written for a place says of it and of those below."""
    if isinstance(value, Sweep):
        for step in expanded(reading, way, held, before, value.values[value.chosen or 0]):
            yield replace(step, swept=True)
        yield Step(way, value, AXIS)
    elif isinstance(value, Patch):
        for name, part in value.fields.items():
            inner, old = below(reading, held, before, name)
            yield from expanded(reading, (*way, name), inner, old, part)
    elif held is not None and held.kind == "dict" and isinstance(value, dict):
        yield Step(way, frozenset(value), CLEARING)
        old_keys = before if isinstance(before, dict) else {}
        yield from (Step((*way, key), None, REMOVAL) for key in old_keys if key not in value)
        for key, part in value.items():
            inner, old = below(reading, held, before, key)
            written = node_of(reading, old, part) if isinstance(part, Patch) else part
            yield from expanded(reading, (*way, key), inner, old, written)
    else:
        kind = CHOICE if held is not None and held.kind == "node" else VALUE
        yield Step(way, value, kind)
        yield from swept_inside(way, value)


def node_of(reading: Reading, before: Any, patch: Patch) -> object:
    """``{"b": patch(lr=1)}`` in a dict that is written whole: the node that is there, with other values."""
    if not is_dataclass(before):
        raise NoReading("nothing stands there")
    return patched(fresh(before, reading.cn), patch, reading.cn)


def below(
    reading: Reading, held: NodeField | None, before: Any, name: str
) -> tuple[NodeField | None, Any]:
    """What a part of a node, or of a dict, may hold, and what it holds."""
    if held is None or held.kind == "dict":
        inner = NodeField("node", held.annotated) if held is not None else None
        return inner, before.get(name, MISSING) if isinstance(before, dict) else MISSING
    node = before if is_dataclass(before) else held.annotated()
    if not hasattr(node, name):
        raise NoReading(f"{type(node).__name__} has no {name}")
    return reading.node_field(type(node), name), getattr(node, name)


def swept_inside(way: Way, value: Any) -> Iterator[Step]:
    """The sweeps in the arguments of a node or in the entries of a dict."""
    if isinstance(value, Sweep):
        yield Step(way, value, AXIS)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from swept_inside((*way, str(key)), part)
    elif is_dataclass(value) and not isinstance(value, (type, Ref)):
        for name, part in vars(value).items():
            yield from swept_inside((*way, name), part)


# What they make of a config


def merged(*parts: Iterable[Step]) -> list[Step]:
    """Differences stacked in order: nodes are chosen first, from the outside in, then values are set.

    What replaces a dict replaces the entries that were put into it before.
    """
    found: list[Step] = []
    for step in itertools.chain(*parts):
        if step.kind == CLEARING:
            found = [s for s in found if s.kind == VALUE or not is_below(s.way, step.way)]
        if step.kind != AXIS:
            found.append(step)
    return sorted(found, key=rank)


def rank(step: Step) -> tuple[int, float]:
    if step.kind == VALUE:
        return 1, 0
    return 0, len(step.way) + 0.5 * (step.kind == CLEARING)


def applied(
    reading: Reading, root: Any, steps: Iterable[Step], homeless: list[Step] | None = None
) -> Any:
    """A config, changed in place. What is said of a node that is still to be chosen waits for it.

    What is said of a node that isn't there is no reading, or is kept in ``homeless``.
    """
    for step in merged(steps):
        try:
            put_below(reading, root, step)
        except NoReading:
            if homeless is None:
                raise
            homeless.append(step)
    return root


def put_below(reading: Reading, holder: Any, step: Step) -> None:
    for name in step.way[:-1]:
        holder = part_of(holder, name)
        if holder == MISSING:
            return
    put(reading, holder, step)


def part_of(holder: Any, name: str) -> Any:
    parts = holder if isinstance(holder, dict) else vars(holder) if is_dataclass(holder) else {}
    if name not in parts:
        raise NoReading(f"nothing stands at {name}")
    return parts[name]


def put(reading: Reading, holder: Any, step: Step) -> None:
    name = step.way[-1]
    if step.kind == REMOVAL:
        holder.pop(name, None)
    elif step.kind == CLEARING:
        entries = part_of(holder, name)
        for key in [key for key in entries if key not in step.value]:
            del entries[key]
    elif isinstance(holder, dict):
        holder[name] = fresh(step.value, reading.cn)
    else:
        old = part_of(holder, name)
        new = fresh(step.value, reading.cn)
        both = isinstance(old, dict) and isinstance(new, dict)
        setattr(holder, name, old | new if both else new)


# Sweeps


def axes_of(steps: Iterable[Step]) -> list[list[Step]]:
    """What varies, in the order in which it is said; sweeps that share a name are one."""
    groups: dict[object, list[Step]] = {}
    for number, step in enumerate(s for s in steps if s.kind == AXIS):
        groups.setdefault(step.value.zip or number, []).append(step)
    return list(groups.values())


def jobs_of(reading: Reading, cls: type) -> list[dict[Sweep, int]]:
    """The jobs of an experiment, each as the value that every sweep stands for.

    They come in the order of nested loops: the axis that is said last advances fastest.
    """
    axes = axes_of(steps_of(reading, cls))
    counts = [range(len(axis[0].value.values)) for axis in axes]
    return [
        {step.value: n for axis, n in zip(axes, numbers, strict=True) for step in axis}
        for numbers in itertools.product(*counts)
    ]


def stacked_in(cls: type, job: Mapping[Sweep, int]) -> list[type]:
    """The experiments that a job stacks."""
    named = [sweep.values[n] for sweep, n in job.items() if isinstance(sweep, Points)]
    return [cls, *(c for c in named if isinstance(c, type))]


def read_job(reading: Reading, cls: type, job: Mapping[Sweep, int]) -> object:
    """The config of one job, some nodes perhaps still to be chosen."""
    with standing_for(job):
        return applied(reading, config_of(cls)(), merged(*job_steps(reading, cls, job)))


def job_steps(reading: Reading, cls: type, job: Mapping[Sweep, int]) -> list[list[Step]]:
    """What an experiment says, then each that it goes through: but not what both have from one base."""
    own, shared = steps_of(reading, cls), bodies(cls)
    named = stacked_in(cls, job)[1:]
    return [own, *([s for s in steps_of(reading, c) if s.owner not in shared] for c in named)]


@contextmanager
def standing_for(picked: Mapping[Sweep, int]) -> Iterator[None]:
    """Let sweeps stand for one of their values."""
    for sweep, number in picked.items():
        sweep.chosen = number
    try:
        yield
    finally:
        for sweep in picked:
            sweep.chosen = None


# What the compiler refuses, and rightly


def is_sound(reading: Reading, cls: type) -> bool:
    """Whether sweeps that advance together are of one length, and nothing is said twice.

    That is: below a sweep, by two experiments of one job, or by two jobs.
    """
    steps = [step for step in steps_of(reading, cls) if step.kind != CLEARING]
    axes = [s for s in steps if s.kind == AXIS]
    if any(len({len(s.value.values) for s in group}) > 1 for group in axes_of(steps)):
        return False
    if any(is_below(s.way, a.way) for a in axes for s in steps if not s.swept):
        return False
    named = {c for a in axes if isinstance(a.value, Points) for c in a.value.values}
    others = [s for c in named for s in said_by(reading, c)]
    if any(overlap(a.way, b.way) for a in others for b in said_by(reading, cls)):
        return False
    read = [canonical(read_job(reading, cls, job)) for job in jobs_of(reading, cls)]
    return all(one != other for one, other in itertools.combinations(read, 2))


def is_below(way: Way, outer: Way) -> bool:
    return way != outer and way[: len(outer)] == outer


def overlap(one: Way, other: Way) -> bool:
    return one[: len(other)] == other[: len(one)]
