"""Command lines for a tree, and what each means to a person who reads its sources.

``optimizer=sgd`` is the reading with that field replaced by ``SGD()``. The key of a choice is Hydra's
rule: the group's path, and ``@package`` where the node does not lie at the path of its group.
"""

import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from .interpreter import MISSING, Reading, Ref, annotation_of, group_of, option_name, primary
from .stacking import CHOICE, NoReading, Step, Way, applied, merged, steps_of

Draw = Callable[[st.SearchStrategy[Any]], Any]
C = TypeVar("C", bound="Command")


@dataclass(frozen=True)
class Slot:
    """A place that holds one value: an attribute of a node or an entry of a dict of nodes."""

    way: Way
    holder: Any
    annotation: object = None  # of a plain value
    group: str | None = None  # of a node

    @property
    def value(self) -> object:
        fields = self.holder if isinstance(self.holder, dict) else vars(self.holder)
        return fields.get(self.way[-1])

    def put(self, value: object) -> None:
        if isinstance(self.holder, dict):
            self.holder[self.way[-1]] = value
        else:
            setattr(self.holder, self.way[-1], value)


@dataclass
class Command:
    """A command line under construction: what is typed, and the object that it ought to give."""

    reading: Reading
    expected: object
    overrides: list[str] = field(default_factory=list)
    chosen: list[Way] = field(default_factory=list)

    def choose(self, slot: Slot, option: str, sign: str = "") -> None:
        assert slot.group is not None
        self.overrides.append(f"{sign}{choice_key(slot.group, slot.way)}={option}")
        self.chosen.append(slot.way)
        slot.put(self.reading.options(slot.group)[option]())

    def assign(self, slot: Slot, text: str, value: object) -> None:
        sign = "+" if isinstance(value, dict) else ""  # a missing dict has no keys to change
        self.overrides.append(f"{sign}{'.'.join(slot.way)}={text}")
        self.chosen.append(slot.way)
        slot.put(value)

    def free(self, slot: Slot) -> bool:
        """Whether a later override of this place would not undo, or repeat, an earlier one."""
        return not any(way[: len(slot.way)] == slot.way for way in self.chosen)

    def allows(self, slot: Slot, option: str) -> bool:
        """Whether an option can be chosen there."""
        return True

    def options(self, slot: Slot) -> list[str]:
        found = sorted(self.reading.options(slot.group or ""))
        return [option for option in found if self.allows(slot, option)]

    def complete_options(self, slot: Slot) -> list[str]:
        """The options that need no further choice."""
        found = complete_options(self.reading, slot.group or "")
        return [option for option in found if self.allows(slot, option)]


@dataclass
class Stack(Command):
    """A command line that starts with experiments; ``steps`` are what they and its own choices say."""

    root: Callable[[], object] = field(default=object)
    steps: list[Step] = field(default_factory=list)

    def choose(self, slot: Slot, option: str, sign: str = "") -> None:
        super().choose(slot, option, sign)
        self.steps.append(self.chosen_step(slot, option))
        self.expected = applied(self.reading, self.root(), self.steps)

    def chosen_step(self, slot: Slot, option: str) -> Step:
        return Step(slot.way, self.reading.options(slot.group or "")[option], CHOICE)

    def allows(self, slot: Slot, option: str) -> bool:
        """Whether what the experiments say of a place fits what is chosen there."""
        try:
            applied(self.reading, self.root(), [*self.steps, self.chosen_step(slot, option)])
        except NoReading:
            return False
        return True


def stack(reading: Reading, config: type, experiments: Sequence[type]) -> Stack:
    """The command line that stacks experiments on a primary config."""
    steps = merged(*(steps_of(reading, cls) for cls in experiments))
    groups: dict[str, list[str]] = {}
    for cls in experiments:
        groups.setdefault(group_of(cls), []).append(option_name(cls))
    typed = [f"+{group}={listed(options)}" for group, options in groups.items()]
    return Stack(reading, applied(reading, config(), steps), typed, [], config, steps)


def listed(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"[{','.join(options)}]"


def choice_key(group: str, way: Way) -> str:
    package = ".".join(way)
    return group if group.replace("/", ".") == package else f"{group}@{package}"


def drawn_command(draw: Draw, reading: Reading) -> Command:
    """Up to three choices, at times a new entry of a dict of nodes, and up to two values for fields."""
    return completed(draw, Command(reading, primary(reading, "run")()))


def completed(draw: Draw, command: C) -> C:
    """A command line with drawn overrides behind what it has, and with everything it needs."""
    for _ in range(draw(st.integers(0, 3))):
        draw_choice(draw, command)
    if draw(st.integers(0, 3)) == 3:
        draw_entry(draw, command)
    fill(command, lambda values: draw(st.sampled_from(values)))
    for _ in range(draw(st.integers(0, 2))):
        draw_value(draw, command)
    return command


def draw_choice(draw: Draw, command: Command) -> None:
    places = [s for s in choices(command.reading, command.expected) if command.free(s)]
    places = [s for s in places if command.options(s)]
    if places:
        slot = draw(st.sampled_from(places))
        command.choose(slot, draw(st.sampled_from(command.options(slot))))


def draw_entry(draw: Draw, command: Command) -> None:
    places = dicts_of_nodes(command.reading, command.expected)
    found = [(s, command.complete_options(s)) for s in places]
    found = [(slot, options) for slot, options in found if options]
    if found:
        slot, options = draw(st.sampled_from(found))
        command.choose(slot, draw(st.sampled_from(options)), sign="+")


def draw_value(draw: Draw, command: Command) -> None:
    """Dicts are left out: Hydra merges them into what is there, which is no reading of an assignment."""
    places = [s for s in plain_values(command.reading, command.expected) if command.free(s)]
    places = [s for s in places if not isinstance(s.value, (dict, Ref))]
    if places:
        slot = draw(st.sampled_from(places))
        command.assign(slot, *draw(st.sampled_from(typed_values(slot.annotation))))


# The places of an object


def choices(reading: Reading, node: object) -> list[Slot]:
    """Every place whose node can be chosen: not those in lists, nor those of the root folder."""
    return [s for s in slots(reading, node) if s.group and not in_list(s.way)]


def plain_values(reading: Reading, node: object) -> list[Slot]:
    return [s for s in slots(reading, node) if s.group is None]


def in_list(way: Way) -> bool:
    return any(step.isdecimal() for step in way)


def slots(reading: Reading, node: Any, way: Way = ()) -> Iterator[Slot]:
    """Every attribute of a node and of the nodes below it, from the outside in."""
    for name, value in vars(node).items():
        held = reading.node_field(type(node), name)
        here = (*way, name)
        if held is None:
            yield Slot(here, node, annotation=annotation_of(type(node), name))
            continue
        if held.kind == "node":
            yield Slot(here, node, group=group_of(held.annotated))
        if isinstance(value, dict):
            yield from (Slot((*here, key), value, group=group_of(held.annotated)) for key in value)
        for step, below in nodes_in(value):
            yield from slots(reading, below, (*here, *step))


def nodes_in(value: object) -> list[tuple[Way, object]]:
    """The nodes that a field's value consists of, each with the steps that lead to it."""
    if isinstance(value, dict):
        return [((key,), node) for key, node in value.items()]
    if isinstance(value, list):
        return [((str(number),), node) for number, node in enumerate(value)]
    return [] if value is None or value == MISSING else [((), value)]


def dicts_of_nodes(reading: Reading, node: Any, way: Way = ()) -> Iterator[Slot]:
    """For every dict of nodes, the place of one more entry."""
    for name, value in vars(node).items():
        held = reading.node_field(type(node), name)
        if held is None or held.kind == "list":
            continue
        if isinstance(value, dict) and group_of(held.annotated):
            yield Slot((*way, name, "new"), value, group=group_of(held.annotated))
        for step, below in nodes_in(value):
            yield from dicts_of_nodes(reading, below, (*way, name, *step))


# Values


def typed_values(annotation: Any) -> list[tuple[str, object]]:
    """What can be typed for a field, each with the value that it means."""
    if annotation in SAMPLES:
        return SAMPLES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [(member.name, member) for member in annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return [sample for member in arguments for sample in typed_values(member)]
    if origin is list:
        return [(f"[{text},{text}]", [value, value]) for text, value in typed_values(arguments[0])]
    if origin is dict:
        (name, key), *_ = typed_values(arguments[0])
        return [(f"{{{name}:{text}}}", {key: value}) for text, value in typed_values(arguments[1])]
    raise TypeError(f"no value can be typed for {annotation}")


SAMPLES: dict[object, list[tuple[str, object]]] = {
    int: [("41", 41), ("-3", -3)],
    float: [("0.125", 0.125), ("1e-7", 1e-7)],
    bool: [("true", True), ("false", False)],
    str: [("word", "word"), ("'two words, quoted'", "two words, quoted")],
    Path: [("some/where", Path("some/where"))],
    Any: [("5", 5), ("word", "word"), ("[1,a]", [1, "a"]), ("null", None)],
    type(None): [("null", None)],
}


def fill(command: Command, pick: Callable[[list[Any]], Any]) -> None:
    """Give a value to everything that the sources leave open, as a user would have to."""
    while slot := first_open(command):
        options = command.complete_options(slot)
        if not options:
            raise NoReading(f"nothing can be chosen for {'.'.join(slot.way)}")
        command.choose(slot, pick(options))
    for slot in plain_values(command.reading, command.expected):
        if slot.value == MISSING:
            command.assign(slot, *pick(typed_values(slot.annotation)))


def first_open(command: Command) -> Slot | None:
    places = choices(command.reading, command.expected)
    return next((s for s in places if s.value == MISSING), None)


def complete_options(reading: Reading, group: str) -> list[str]:
    """The options of a group that need no further choice."""
    options = reading.options(group)
    return [
        name
        for name in sorted(options)
        if not any(s.value == MISSING for s in choices(reading, options[name]()))
    ]


def look_up_refs(root: object, value: Any) -> None:
    """Replace every ``ref`` below a node by what it points to, as the finished config does."""
    for name, held in list(vars(value).items()):
        if isinstance(held, Ref):
            setattr(value, name, at(root, held.path.split(".")))
        for _, below in nodes_in(held) if is_structure(held) else ():
            look_up_refs(root, below)


def is_structure(value: object) -> bool:
    parts = [below for _, below in nodes_in(value)] if isinstance(value, (dict, list)) else [value]
    return all(is_dataclass(part) and not isinstance(part, Ref) for part in parts)


def at(node: Any, steps: list[str]) -> object:
    for step in steps:
        node = node[step] if isinstance(node, dict) else getattr(node, step)
    return node
