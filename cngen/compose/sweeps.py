"""What an experiment sweeps -> parameters of Hydra's sweeper, and the jobs that they make.

Hydra's basic sweeper runs full products. Whatever isn't one, or what no override can write, becomes a
group of points: one option for each, which the sweeper chooses like any other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from cngen.compose.defaults import Choice, command_key, value_is_none
from cngen.compose.experiments import Experiment, experiments
from cngen.compose.places import Change, Path, Place, at, state
from cngen.compose.settled_values import is_choice
from cngen.compose.steps import Axis, swept_changes
from cngen.compose.variations import variations_of
from cngen.hydra.overrides import interval_text, is_word, text_of
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.types import ANY, ScalarType
from cngen.model.values import (
    Computed,
    EnumMember,
    Instance,
    Interpolation,
    Interval,
    Items,
    Missing,
    Patch,
    PathValue,
    Points,
    Scalar,
    Sweep,
    Table,
    Unreadable,
    Value,
    outermost,
)

_MORE_THAN_TEXT = (EnumMember, PathValue, Interpolation)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Point:
    """One option of a group of points: what it changes, and the experiments that it stands for."""

    option: str
    changes: tuple[Change, ...]
    stacked: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepParameter:
    """One key of `hydra.sweeper.params`. `texts` are its values, a search space has just one.

    `columns` name what varies, and `rows` its value in each job. Where `points` aren't empty, the key is
    the group of which they are the options. `axes` are what it was made from.
    """

    key: str
    texts: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    axes: tuple[Axis, ...]
    points: tuple[Point, ...] = ()
    is_search: bool = False

    @property
    def text(self) -> str:
        """The value of the key in `hydra.sweeper.params`."""
        return ",".join(self.texts)


def parameters(
    tree: Tree, experiment: Experiment, axes: Iterable[Axis]
) -> tuple[SweepParameter, ...]:
    """The parameters that sweep these axes, in their order; those that share a name become one."""
    groups: dict[object, list[Axis]] = {}
    for number, axis in enumerate(axes):
        groups.setdefault(axis.zip or number, []).append(axis)
    found: dict[str, SweepParameter] = {}
    for group in groups.values():
        parameter = _parameter(tree, experiment, tuple(group))
        while parameter.key in found:  # groups of points whose names differ in odd characters only
            parameter = replace(parameter, key=f"{parameter.key}_")
        found[parameter.key] = parameter
    return tuple(found.values())


def all_parameters(tree: Tree, experiment: Experiment) -> tuple[SweepParameter, ...]:
    """Every parameter of an experiment: those of what it is stored over come first."""
    below = experiment.base or experiment.primary
    inherited = experiments(tree).get(below.key) if experiment.node.is_experiment else None
    found = all_parameters(tree, inherited) if inherited is not None else ()
    return (*found, *parameters(tree, experiment, experiment.axes))


def unswept_changes(
    tree: Tree, experiment: Experiment, found: Iterable[SweepParameter]
) -> Iterator[Change]:
    """What an experiment changes, and the options that its sweeps start from.

    A group of points starts from its first by itself.
    """
    yield from experiment.changes
    for parameter in found:
        axis = parameter.axes[0]
        if not parameter.points and not parameter.is_search:
            place = at(tree, state(tree, experiment.node), axis.path)
            if place is not None and place.is_chosen and place.value is not None:
                yield Change(axis.path, place.value, axis.owner)


def job_count(found: Iterable[SweepParameter]) -> int | None:
    """How many jobs parameters make; None if a sweeper searches."""
    found = tuple(found)
    return None if any(p.is_search for p in found) else prod(len(p.texts) for p in found)


def axis_count(axes: Iterable[Axis]) -> int:
    """How many combinations axes make; those that share a name count once."""
    groups = {axis.zip or number: axis for number, axis in enumerate(axes)}
    return prod(len(axis.values) for axis in groups.values())


def jobs(found: Iterable[SweepParameter]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every job in Hydra's order: its overrides, and what is in each column."""
    found = tuple(found)
    for numbers in product(*(range(len(p.texts)) for p in found)):
        picked = list(zip(found, numbers, strict=True))
        overrides = tuple(f"{p.key}={p.texts[n]}" for p, n in picked)
        yield overrides, tuple(cell for p, n in picked for cell in p.rows[n])


def _parameter(tree: Tree, experiment: Experiment, axes: tuple[Axis, ...]) -> SweepParameter:
    axis = axes[0]
    whole = state(tree, experiment.node)
    place = at(tree, whole, axis.path)
    if isinstance(axis.swept, Interval):
        return _search(axis, place)
    if isinstance(axis.swept, Sweep) and not axis.zip and place is not None:
        if _is_among_options(tree, place, axis.swept):
            return _options(tree, axis, place, axis.swept)
        is_stored = any(_is_for_config(place, value) for value in axis.values)
        is_plain = not (place.is_chosen or is_choice(axis.swept) or is_stored)
        if is_plain and not _is_group(tree, axis.path):
            return _plain(axis, place)
    return _points(tree, experiment, axes, whole)


def _is_group(tree: Tree, path: Path) -> bool:
    """Whether an override of this key would choose an option of a config group instead."""
    return len(path) == 1 and path[0] in _group_names(tree)


@per_tree
def _group_names(tree: Tree) -> frozenset[str]:
    """The groups that have no slash in their names, and `hydra`."""
    return frozenset({"hydra", *(node.group.partition("/")[0] for node in tree.nodes.values())})


def _search(axis: Axis, place: Place | None) -> SweepParameter:
    values = axis.swept
    text = ""
    if place is not None and isinstance(values, Interval):
        text = interval_text(place.type, values) or ""
    key = ".".join(axis.path)
    return SweepParameter(key, (text,), (key,), ((text,),), (axis,), is_search=True)


def _plain(axis: Axis, place: Place) -> SweepParameter:
    """Values that overrides can write; a key that the dict there doesn't have yet is added."""
    key = ".".join(axis.path)
    texts = tuple(text_of(place.type, value) or "" for value in axis.values)
    sign = "+" if place.is_key and place.value is None else ""
    return SweepParameter(sign + key, texts, (key,), tuple((text,) for text in texts), (axis,))


def _is_for_config(place: Place, value: Value) -> bool:
    """Whether a value that no override can set can still be in a config.

    So can a path or an enum for a field of type Any, which an override would leave a string; an
    interpolation, which Hydra would also resolve in its record of the overrides; and a dict with keys
    that the one there hasn't, which an override can't add.
    """
    text = text_of(place.type, value)
    adds_keys = not place.is_key and _adds_keys(place.value, value)
    return adds_keys or (text is None and any(outermost(value, _MORE_THAN_TEXT)))


def _adds_keys(before: Value | None, after: Value) -> bool:
    if not isinstance(after, Table):
        return False
    if not isinstance(before, Table):
        return before is None or isinstance(before, Missing) or value_is_none(before)
    old = dict(before.items)
    return any(key not in old or _adds_keys(old[key], value) for key, value in after.items)


def _is_among_options(tree: Tree, place: Place, sweep: Sweep) -> bool:
    """Whether a sweep picks among the options of one config group, the one that is selected there."""
    groups = {
        tree.nodes[v.node].group if isinstance(v, Instance) and v.node in tree.nodes else ""
        for v in sweep.values
    }
    return place.is_chosen and len(groups) == 1 and "" not in groups


def _options(tree: Tree, axis: Axis, place: Place, sweep: Sweep) -> SweepParameter:
    texts = tuple(_shown(tree, axis, place, value) for value in sweep.values)
    key = _column(tree, axis, place)
    return SweepParameter(key, texts, (key,), tuple((text,) for text in texts), (axis,))


def unwritable(axis: Axis, place: Place) -> Iterator[Value]:
    """The values of a sweep that neither an override nor an option of points can set."""
    are_points = bool(axis.zip) or place.is_chosen
    are_points = are_points or (isinstance(axis.swept, Sweep) and is_choice(axis.swept))
    for value in axis.values:
        is_stored = are_points or _is_for_config(place, value)
        if isinstance(value, Sweep | Interval | Unreadable):
            continue  # a finding of its own
        is_unknown = isinstance(value, Computed | Missing)
        if is_unknown or (not is_stored and text_of(place.type, value) is None):
            yield value


def is_writable_key(axis: Axis) -> bool:
    """Whether an override can name the place of an axis."""
    return bool(axis.zip) or all(is_word(step) or step.isdigit() for step in axis.path)


# Points


def _points(
    tree: Tree,
    experiment: Experiment,
    axes: tuple[Axis, ...],
    whole: Instance,
) -> SweepParameter:
    """A group with one option for each set of values that belong together."""
    places = [at(tree, whole, axis.path) for axis in axes]
    count = min(len(axis.values) for axis in axes)
    found: list[Point] = []
    rows: list[tuple[str, ...]] = []
    options = _point_options(tree, axes, count)
    for number in range(count):
        values = [axis.values[number] for axis in axes]
        picked = list(zip(axes, places, values, strict=True))
        changes = [c for a, p, v in picked for c in swept_changes(tree, a, p, v)]
        named = [_experiment(tree, a, v) for a, _, v in picked]
        stacked = tuple(node for node in named if node is not None)
        found.append(Point(options[number], tuple(changes), stacked))
        rows.append(tuple(_shown(tree, a, p, v) for a, p, v in picked))
    group = _group(tree, experiment.node, axes)
    columns = tuple(_column(tree, a, p) for a, p in zip(axes, places, strict=True))
    texts = tuple(point.option for point in found)
    return SweepParameter(group, texts, columns, tuple(rows), axes, tuple(found))


def _experiment(tree: Tree, axis: Axis, value: Value) -> Node | None:
    is_named = isinstance(axis.swept, Points) and isinstance(value, Instance)
    return tree.nodes.get(value.node) if is_named and isinstance(value, Instance) else None


def _point_options(tree: Tree, axes: tuple[Axis, ...], count: int) -> list[str]:
    """The names of the points: those of experiments swept alone, if they differ.

    Else `p00`, a word for the grammar that sorts in the order of the points.
    """
    named = [_experiment(tree, axes[0], value) for value in axes[0].values]
    options = [str(node.option) for node in named if node is not None]
    if len(axes) == 1 and len({*options}) == count:
        return options
    return [f"p{number:0{len(str(count - 1))}}" for number in range(count)]


def _group(tree: Tree, node: Node, axes: tuple[Axis, ...]) -> str:
    """`exp/_points/grid/pair`: the name of a zip, or the place that is swept."""
    name = axes[0].zip or "_".join(axes[0].path)
    parts = (node.group, "_points", _folders(tree)[node.key], _word(name))
    return "/".join(part for part in parts if part)


@per_tree
def _folders(tree: Tree) -> Mapping[str, str]:
    """The part of each experiment's groups of points that names it; options may differ in odd characters only."""
    taken: dict[str, set[str]] = {}
    folders: dict[str, str] = {}
    for node in tree.nodes.values():
        if node.primary:
            word = _word(node.option or node.name)
            while word in taken.setdefault(node.group, set()):
                word += "_"
            taken[node.group].add(word)
            folders[node.key] = word
    return folders


def _word(text: str) -> str:
    text = _NOT_IN_NAMES.sub("_", text)
    return text if is_word(text) else f"_{text}"


# What a table of jobs shows


def _column(tree: Tree, axis: Axis, place: Place | None) -> str:
    """The command-line key of what varies."""
    package = ".".join(axis.path)
    if place is not None and place.is_chosen:
        nodes = [tree.nodes[v.node] for v in axis.values if isinstance(v, Instance)]
        groups = {node.group for node in nodes}
        if len(groups) == 1:
            return command_key(groups.pop(), package)
    return package


def _shown(tree: Tree, axis: Axis, place: Place | None, value: Value) -> str:
    """A value as a cell: the option where one is chosen, else as a person would write it."""
    experiment = _experiment(tree, axis, value)
    if experiment is not None:
        return str(experiment.option)
    if place is not None and place.is_chosen and isinstance(value, Instance):
        for change in swept_changes(tree, axis, place, value):
            if isinstance(change.value, Instance) and change.path == axis.path:
                group = tree.nodes[change.value.node].group
                package = ".".join(axis.path)
                choice = Choice(package, group, change.value, axis.owner)
                return variations_of(tree).option(choice) or ""
    return label(tree, value)


def label(tree: Tree, value: Value) -> str:
    """A value in the notation of the sources."""
    match value:
        case Scalar():
            return text_of(ANY, value) or value.text
        case PathValue():
            return text_of(ScalarType("Path"), value) or value.path
        case Interpolation(text):
            return text
        case EnumMember(_, member):
            return member
        case Items(items=items):
            return f"[{', '.join(label(tree, item) for item in items)}]"
        case Table(pairs):
            inner = ", ".join(f"{label(tree, k)}: {label(tree, v)}" for k, v in pairs)
            return f"{{{inner}}}"
        case Instance(node, arguments):
            inner = ", ".join(f"{a.name}={label(tree, a.value)}" for a in arguments)
            return f"{tree.nodes[node].name}({inner})"
        case Patch(arguments):
            inner = ", ".join(f"{a.name}={label(tree, a.value)}" for a in arguments)
            return f"patch({inner})"
    return "?"
