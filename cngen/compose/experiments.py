"""Nodes that inherit from a primary config -> what they change and what they sweep.

In a config group such a node is an experiment, of which the differences alone are stored; in the root
folder it is another primary config, stored whole.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cngen.compose.defaults import Choice, effective, is_composed
from cngen.compose.listed import with_picks
from cngen.model.tree import Engine, Field, Node, Tree, is_node_field, per_tree
from cngen.model.types import ANY, DictType, Type, UnionType, node_type
from cngen.model.values import (
    Argument,
    Instance,
    Interval,
    Missing,
    Patch,
    Points,
    Scalar,
    Sweep,
    Table,
    Value,
    instances,
)
from cngen.text.quoting import quote

Path: TypeAlias = tuple[str, ...]
"""A place in the composed config: the names of fields and the keys of dicts that lead to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place that an experiment sets. `owner` is the node whose body says so."""

    path: Path
    value: Value
    owner: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies from job to job; of `Points` the path is their attribute."""

    path: Path
    swept: Sweep | Interval | Points
    owner: str

    @property
    def values(self) -> tuple[Value, ...]:
        """What it takes in turn: values or experiments, none for an interval."""
        match self.swept:
            case Sweep(values) | Points(values):
                return values
        return ()

    @property
    def zip(self) -> str:
        """The name under which it advances together with others, empty for none."""
        return "" if isinstance(self.swept, Interval) else self.swept.zip


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is stored of a node that inherits from the primary config `primary`.

    `base` is the experiment that its defaults list starts from; `changes` and `axes` are those to be
    stored on top of it (or of the primary config), `all_changes` and `all_axes` those of its bases as
    well; a primary config that sweeps counts for the axes.
    """

    node: Node
    primary: Node
    base: Node | None
    changes: tuple[Change, ...]
    axes: tuple[Axis, ...]
    all_changes: tuple[Change, ...]
    all_axes: tuple[Axis, ...]

    @property
    def own_axes(self) -> tuple[Axis, ...]:
        """Its sweeps with those of the experiment on which it is stored, if it is stored on one."""
        return self.axes if self.base is None else self.all_axes


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a path. `field` is the one that holds it, `type` that of this very place.

    `value` is None where nothing is set yet; `is_key` marks an entry of a dict.
    """

    holder: str
    field: Field
    type: Type
    value: Value | None
    is_key: bool

    @property
    def is_chosen(self) -> bool:
        """Whether a defaults list chooses what stands here."""
        return node_type(self.type) is not None if self.is_key else is_node_field(self.field)


@dataclass(slots=True)
class _Memory:
    """What was found out of nodes by their keys; a chain of many would else be looked at again by each."""

    states: dict[str, Instance]
    inherited: "dict[str, Inherited]"
    said: "dict[str, Said]"
    experiments: dict[str, Experiment]


@per_tree
def _memory(tree: Tree) -> _Memory:
    return _Memory({}, {}, {}, {})


# What a node inherits


def settle(tree: Tree) -> Tree:
    """The tree in which every node that inherits from a primary config has the fields it composes to.

    Patches are applied; a sweep is as if it weren't written, one between nodes as its first. Swept
    patches are put over what is there job by job: stored, the first would stay in all of them.
    """
    nodes: dict[str, Node] = {}
    listed: dict[str, Node] = {}  # which experiments inherit, and no class: a list is no field

    def visit(key: str) -> None:
        if key not in nodes:
            for base in tree.nodes[key].lineage[1:]:
                visit(base)
            node = tree.nodes[key]
            nodes[key] = settled = _settled_node(listing if node.group else known, node)
            has_list = settled.defaults is not None and not settled.is_experiment
            listed[key] = with_picks(tree, settled) if has_list else settled

    known = replace(tree, nodes=ChainMap(nodes, dict(tree.nodes)))
    listing = replace(tree, nodes=ChainMap(listed, dict(tree.nodes)))
    for key in tree.nodes:
        visit(key)
    return replace(tree, nodes={key: listed[key] for key in tree.nodes})


def _settled_node(tree: Tree, node: Node) -> Node:
    primary = _primary(tree, node)
    if primary is None:
        return node
    node = replace(node, primary=primary.key)
    before = _inherited(tree, node)
    fields: list[Field] = []
    written: list[tuple[str, Value]] = []
    for field in node.fields:
        inherited, owner = before.get(field.name, (None, field.owner))
        if field.name not in node.declared:
            fields.append(replace(field, default=inherited, owner=owner))
            continue
        value = field.default
        if value is not None:
            written.append((field.name, value))
            value = _settled(tree, _effective(tree, field, inherited), value)
        fields.append(replace(field, default=value))
    return replace(node, fields=tuple(fields), written=tuple(written))


def _primary(tree: Tree, node: Node) -> Node | None:
    """The nearest primary config from which a node inherits."""
    bases = (tree.nodes[key] for key in node.lineage[1:])
    return next((base for base in bases if not base.group and base.option is not None), None)


Inherited: TypeAlias = Mapping[str, tuple[Value | None, str]]
"""What a node has for each field before its own body, and the node that wrote it."""


def _inherited(tree: Tree, node: Node) -> Inherited:
    known = _memory(tree).inherited
    if node.key not in known:
        known[node.key] = _find_inherited(tree, node)
    return known[node.key]


def _find_inherited(tree: Tree, node: Node) -> Inherited:
    if len(node.bases) == 1:
        return {f.name: (f.default, f.owner) for f in tree.nodes[node.bases[0]].fields}
    if node.group:
        whole = _joined(tree, node).whole
        owners = {field.name: field.owner for field in node.fields}
        return {a.name: (a.value, owners.get(a.name, node.key)) for a in whole.arguments}
    found: dict[str, tuple[Value | None, str]] = {}
    for base in (tree.nodes[key] for key in reversed(node.lineage[1:])):
        found |= {f.name: (f.default, base.key) for f in base.fields if f.name in base.declared}
    return found


Said: TypeAlias = "tuple[tuple[Change, ...], tuple[Axis, ...]]"


@dataclass(frozen=True, slots=True)
class _Joined:
    """What several bases of an experiment say together, and what they make of its primary config."""

    said: Said
    whole: Instance


def _joined(tree: Tree, node: Node) -> _Joined:
    """Each body changes what those before it left, by Python's order of bases.

    Some may be of experiments of other primary configs. Of the primary config itself, which is stored
    whole, only what it says over one of those counts.
    """
    primary = tree.nodes[node.primary]
    whole, said = state(tree, primary), _NOTHING
    for base in (tree.nodes[key] for key in reversed(node.lineage[1:])):
        found = tuple(_steps_over(tree, base, whole))
        if base.key in primary.lineage:
            places = [change.path for change in said[0]]
            found = tuple(s for s in found if any(is_within(s.path, p) for p in places))
        said = _accumulated(found, said)
        for step in found:
            for change in (step,) if isinstance(step, Change) else _first(tree, step):
                if at(tree, whole, change.path) is not None:
                    whole = put(tree, whole, change)
    return _Joined(said, whole)


def _steps_over(tree: Tree, node: Node, whole: Instance) -> Iterator[Change | Axis]:
    """What the body of a base says over what those before it left."""
    if node.primary:
        yield from _steps(tree, node, {a.name: (a.value, "") for a in whole.arguments})
        return
    for field in node.fields:
        if field.name in node.declared and field.default is not None:
            yield Change((field.name,), field.default, node.key)


def _first(tree: Tree, axis: Axis) -> Iterator[Change]:
    """The choice from which a sweep starts."""
    value = _settled(tree, None, axis.values[0]) if starts_from_first(axis) else None
    if value is not None:
        yield Change(axis.path, value, axis.owner)


def _effective(tree: Tree, field: Field, value: Value | None) -> Value | None:
    return effective(tree, replace(field, default=value))


def _settled(tree: Tree, before: Value | None, written: Value) -> Value | None:
    """What a value composes to over what is there before; None if nothing is set."""
    match written:
        case Sweep():
            sweep = _uniform(tree, before, written)
            return _settled(tree, before, sweep.values[0]) if replaces(sweep) else before
        case Interval():
            return before
        case Patch(arguments):
            return _patched(tree, before, written, arguments)
        case Instance(node, arguments) if node in tree.nodes:
            kept = []
            for argument in arguments:
                field = tree.nodes[node].field(argument.name)
                default = effective(tree, field) if field is not None else None
                value = _settled(tree, default, argument.value)
                if value is not None:
                    kept.append(Argument(argument.name, value, argument.span))
            return Instance(node, tuple(kept), written.span)
        case Table(items):
            old = dict(before.items) if isinstance(before, Table) else {}
            pairs = (
                # No path leads below a key that isn't a string: a sweep there stays, and is told.
                (key, _settled(tree, old.get(key), value) if is_string(key) else value)
                for key, value in items
            )
            return Table(tuple((k, v) for k, v in pairs if v is not None), written.span)
    return written


def is_string(key: Value) -> bool:
    """Whether a key of a dict can be a part of a path."""
    return isinstance(key, Scalar) and isinstance(key.value, str)


def _uniform(tree: Tree, before: Value | None, sweep: Sweep) -> Sweep:
    """A sweep between patches and whole values as one between whole values.

    Merged over a whole value, a patch would have to take away what is said below it.
    """
    is_mixed = len({isinstance(value, Patch) for value in sweep.values}) > 1
    if not is_mixed or not isinstance(before, Instance | Table):
        return sweep
    whole = (_settled(tree, before, v) if isinstance(v, Patch) else v for v in sweep.values)
    return replace(sweep, values=tuple(v for v in whole if v is not None))


def starts_from_first(axis: Axis) -> bool:
    """Whether the config without any job has the first value of a sweep."""
    return isinstance(axis.swept, Sweep) and replaces(axis.swept)


def replaces(sweep: Sweep) -> bool:
    """Whether each value of a sweep stands for all that was said of its place."""
    return is_choice(sweep) and not any(isinstance(value, Patch) for value in sweep.values)


def is_choice(sweep: Sweep) -> bool:
    """Whether a sweep chooses between nodes, or changes several places at once."""
    return any(isinstance(value, Patch) or any(instances(value)) for value in sweep.values)


def _patched(
    tree: Tree, before: Value | None, patch: Patch, arguments: Iterable[Argument]
) -> Value | None:
    """A value with some of its fields, or keys, set otherwise; the patch itself if it has none."""
    if not isinstance(before, Instance | Table):
        return before if isinstance(before, Missing) else patch
    state = before
    for argument in arguments:
        value = _settled(tree, _part(tree, state, argument.name), argument.value)
        if value is not None and not isinstance(value, Patch):
            state = _with_part(state, argument, value)
    return state


def _part(tree: Tree, whole: Value, name: str) -> Value | None:
    """What a node holds in a field, or a dict under a key."""
    match whole:
        case Instance(node) if node in tree.nodes:
            field = tree.nodes[node].field(name)
            given = whole.get(name)
            return given if given is not None or field is None else effective(tree, field)
        case Table():
            return whole.get(name)
    return None


def _with_part(whole: Instance | Table, part: Argument, value: Value) -> Instance | Table:
    if isinstance(whole, Instance):
        others = tuple(a for a in whole.arguments if a.name != part.name)
        return replace(whole, arguments=(*others, Argument(part.name, value, part.span)))
    if any(_is_key(key, part.name) for key, _ in whole.items):
        items = tuple((k, value if _is_key(k, part.name) else v) for k, v in whole.items)
    else:
        items = (*whole.items, (Scalar(part.name, quote(part.name), part.span), value))
    return Table(items, whole.span)


def _is_key(key: Value, name: str) -> bool:
    return isinstance(key, Scalar) and key.value == name


# Places


def state(tree: Tree, node: Node) -> Instance:
    """A whole primary config, as a node that inherits from it has it."""
    known = _memory(tree).states
    if node.key not in known:
        known[node.key] = _find_state(node)
    return known[node.key]


def _find_state(node: Node) -> Instance:
    given = ((field, field.default) for field in node.fields)
    arguments = tuple(Argument(f.name, value, f.span) for f, value in given if value is not None)
    return Instance(node.primary if node.is_experiment else node.key, arguments, node.span)


def at(tree: Tree, whole: Instance, path: Path) -> Place | None:
    """What stands at a path; None where no such field can be."""
    place: Place | None = None
    value: Value | None = whole
    for name in path:
        found = _holder(tree, place, value)
        if found is not None:
            field = found.field(name)
            if field is None:
                return None
            part = _part(tree, value, name) if isinstance(value, Instance) else None
            value = part if part is not None else effective(tree, field)
            place = Place(found.key, field, field.type, value, is_key=False)
        elif place is not None and isinstance(value, Table):
            value = _part(tree, value, name)
            place = replace(place, type=item_type(place.type), value=value, is_key=True)
        else:
            return None
    return place


def _holder(tree: Tree, place: Place | None, value: Value | None) -> Node | None:
    """The node whose fields stand below a place: the one there, or the one that must be chosen."""
    if isinstance(value, Instance):
        return tree.nodes.get(value.node)
    if isinstance(value, Missing) and place is not None:
        annotated = node_type(place.type)
        return tree.nodes.get(annotated.node) if annotated is not None else None
    return None


def item_type(written: Type) -> Type:
    """The type of the values of a dict."""
    if isinstance(written, UnionType):
        written = next((m for m in written.members if isinstance(m, DictType)), ANY)
    return written.value if isinstance(written, DictType) else ANY


def put(tree: Tree, whole: Instance, change: Change) -> Instance:
    """A config with one place set otherwise."""
    found = _put(tree, whole, change.path, change.value)
    assert isinstance(found, Instance)  # every change lies below the root
    return found


def _put(tree: Tree, whole: Value, path: Path, value: Value) -> Value:
    name, *rest = path
    if isinstance(whole, Instance | Table):
        below = _part(tree, whole, name)
        if not rest:
            return _with_part(whole, Argument(name, value, value.span), value)
        if below is not None:
            inner = _put(tree, below, tuple(rest), value)
            return _with_part(whole, Argument(name, inner, value.span), inner)
    return whole


def placed(
    tree: Tree, whole: Instance, changes: Iterable[Change]
) -> Iterator[tuple[Place, Change]]:
    """Each change with what stands at its place just before it; what has no place is left out."""
    for change in changes:
        place = at(tree, whole, change.path)
        if place is not None:
            yield place, change
            whole = put(tree, whole, change)


# What a body says


@per_tree
def experiments(tree: Tree) -> Mapping[str, Experiment]:
    """Every node of a settled tree that inherits from a primary config, by key."""
    return {node.key: experiment_of(tree, node) for node in tree.nodes.values() if node.primary}


def _experiment(tree: Tree, node: Node) -> Experiment:
    primary = tree.nodes[node.primary]
    own = tuple(steps(tree, node))
    before = _said_before(tree, node)
    all_changes, all_axes = _accumulated(own, before)
    if node.is_experiment and primary.primary:
        all_axes = (*experiment_of(tree, primary).all_axes, *all_axes)
    base = tree.nodes[node.bases[0]] if len(node.bases) == 1 else None
    if base is None or not base.is_experiment or base.option is None or not node.is_experiment:
        base = None
    if base is not None and not _can_follow(tree, node, base, *before):
        base = None
    changes, axes = _accumulated(own, before if base is None else _NOTHING)
    return Experiment(node, primary, base, changes, axes, all_changes, all_axes)


def experiment_of(tree: Tree, node: Node) -> Experiment:
    """The node as an experiment, also while others are still looked at."""
    known = _memory(tree).experiments
    if node.key not in known:
        known[node.key] = _experiment(tree, node)
    return known[node.key]


def _said_before(tree: Tree, node: Node) -> Said:
    """What the bases of a node say, without what a later one replaces.

    A primary config is stored whole: what its bases sweep is its own.
    """
    if not node.is_experiment:
        chain = [tree.nodes[key] for key in reversed(node.lineage[1:]) if tree.nodes[key].primary]
        return _accumulated(step for base in chain for step in steps(tree, base))
    known, waiting = _memory(tree).said, [node]
    whole = tree.nodes[node.primary].lineage
    while waiting[-1].key not in known and len(waiting[-1].bases) == 1:
        if waiting[-1].bases[0] in whole:
            break
        waiting.append(tree.nodes[waiting[-1].bases[0]])
    first = waiting[-1]
    if first.key not in known:
        known[first.key] = _joined(tree, first).said if len(first.bases) > 1 else _NOTHING
    for above, below in zip(reversed(waiting[1:]), reversed(waiting[:-1]), strict=True):
        known[below.key] = _accumulated(steps(tree, above), known[above.key])
    return known[node.key]


def steps(tree: Tree, node: Node) -> Iterator[Change | Axis]:
    """What a node's own body changes and sweeps, in the order in which it says so."""
    return _steps(tree, node, _inherited(tree, node))


def _steps(tree: Tree, node: Node, inherited: Inherited) -> Iterator[Change | Axis]:
    """The same over what is there before the body."""
    places = {
        name: field.span for name, _ in node.written if (field := node.field(name)) is not None
    }
    said = [(places[name], name, value) for name, value in node.written if name in places]
    said += [(value.span, name, value) for name, value in node.points]
    for _, name, value in sorted(said, key=lambda item: item[0]):
        field = node.field(name)
        if field is not None:
            before = _effective(tree, field, inherited.get(name, (None, ""))[0])
            yield from steps_of(tree, (name,), before, value, node.key)
        elif isinstance(value, Points):
            yield Axis((name,), value, node.key)


def steps_of(
    tree: Tree, path: Path, before: Value | None, written: Value, owner: str
) -> Iterator[Change | Axis]:
    """What a value written for one place changes and sweeps."""
    match written:
        case Sweep():
            yield Axis(path, _uniform(tree, before, written), owner)
        case Interval():
            yield Axis(path, written, owner)
        case Patch(arguments) if isinstance(before, Instance | Table | Missing):
            for argument in arguments:
                part = _part(tree, before, argument.name)
                inner = (*path, argument.name)
                yield from steps_of(tree, inner, part, argument.value, owner)
        case _:
            value = _settled(tree, before, written)
            yield Change(path, written if value is None else value, owner)
            yield from _axes(tree, path, before, written, owner)


def _axes(tree: Tree, path: Path, before: Value | None, value: Value, owner: str) -> Iterator[Axis]:
    """The sweeps inside a value."""
    match value:
        case Sweep():
            yield Axis(path, _uniform(tree, before, value), owner)
        case Interval():
            yield Axis(path, value, owner)
        case Instance(node=node, arguments=arguments):
            plain = Instance(node, (), value.span)
            for argument in arguments:
                inner = _part(tree, plain, argument.name)
                yield from _axes(tree, (*path, argument.name), inner, argument.value, owner)
        case Patch(arguments):
            for argument in arguments:
                yield from _axes(tree, (*path, argument.name), None, argument.value, owner)
        case Table(items):
            old = dict(before.items) if isinstance(before, Table) else {}
            for key, item in items:
                if isinstance(key, Scalar) and isinstance(key.value, str):
                    yield from _axes(tree, (*path, key.value), old.get(key), item, owner)


_NOTHING: Said = ((), ())


def _accumulated(found: Iterable[Change | Axis], before: Said = _NOTHING) -> Said:
    """Steps in order after others, without those that a later one replaces."""
    changes, axes = [*before[0]], [*before[1]]
    for step in found:
        if isinstance(step, Change) or starts_from_first(step):
            changes = [c for c in changes if not is_within(c.path, step.path)]
        gone = [axis for axis in axes if _is_replaced(axis, step)]
        axes = [axis for axis in axes if axis not in gone]
        if isinstance(step, Axis) and _adds(step):  # to what the sweep before it started from
            changes += [Change(a.path, a.values[0], a.owner) for a in gone if starts_from_first(a)]
        (changes if isinstance(step, Change) else axes).append(step)  # type: ignore[arg-type]
    return tuple(changes), tuple(axes)


def _adds(axis: Axis) -> bool:
    """Whether the values of an axis change what is there, rather than stand for all of it."""
    return isinstance(axis.swept, Sweep) and is_choice(axis.swept) and not replaces(axis.swept)


def _is_replaced(axis: Axis, step: Change | Axis) -> bool:
    is_points = isinstance(step, Axis) and isinstance(step.swept, Points)
    if isinstance(axis.swept, Points) != is_points:
        return False
    adds = isinstance(step, Axis) and _adds(step)
    return axis.path == step.path if adds else is_within(axis.path, step.path)


def is_within(path: Path, outer: Path) -> bool:
    """Whether a place is another one or lies below it."""
    return path[: len(outer)] == outer


def overlap(one: Path, other: Path) -> bool:
    """Whether one of two places is or contains the other."""
    return is_within(one, other) or is_within(other, one)


def stored_over(tree: Tree, experiment: Experiment) -> Instance:
    """The config over which an experiment's changes are stored: its base, or the primary config."""
    if not experiment.node.is_experiment:
        return state(tree, experiment.node)
    return state(tree, experiment.base or experiment.primary)


def may_meet(other: Experiment, experiment: Experiment) -> bool:
    """Whether a config may be used beside an experiment, neither being made of the other."""
    one, own = other.node, experiment.node
    if own.key in one.lineage or one.key in own.lineage:
        return False
    if not one.is_experiment:
        return experiment.primary.key in one.lineage
    return other.primary.key in experiment.primary.lineage or (
        experiment.primary.key in other.primary.lineage
    )


def _can_follow(
    tree: Tree,
    node: Node,
    base: Node,
    changes: Sequence[Change],
    axes: Sequence[Axis],
) -> bool:
    """Whether what a body says can be merged over its stored base: nothing of that has to go.

    Hydra's merge can't take values, keys, swept parameters or settings of a launcher away.
    """
    before = state(tree, base)
    for step in steps(tree, node):
        if any(is_within(axis.path, step.path) for axis in axes):
            return False
        if isinstance(step, Axis):
            if step.zip and any(axis.zip == step.zip for axis in axes):
                return False
            if _adds(step):
                continue
        below = (change for change in changes if is_within(change.path, step.path))
        if not all(_can_be_set_again(tree, before, change, step) for change in below):
            return False
    return not leaves_settings(tree, node, base)


def _can_be_set_again(tree: Tree, before: Instance, change: Change, step: Change | Axis) -> bool:
    """Whether a step's own value, merged over an earlier change within its place, is all that stays."""
    place = at(tree, before, change.path)
    if change.path != step.path or place is None:
        return False
    return (
        isinstance(place.value, Instance) if place.is_chosen else not isinstance(place.value, Table)
    )


def leaves_settings(tree: Tree, node: Node, base: Node) -> bool:
    """Whether a class takes another launcher or sweeper than its base, which has told that one something."""
    told = engine_of(tree, base)
    return without_settings(told, node.engine) != told


def chosen(tree: Tree, node: Node, found: Iterable[Change | Axis]) -> Iterator[Choice]:
    """The nodes that changes and sweeps put into defaults lists."""
    whole = state(tree, node)
    for step in found:
        for change in changes_of(tree, whole, step):
            place = at(tree, whole, change.path)
            if place is None:
                continue
            if place.is_chosen and isinstance(change.value, Instance):
                yield from _choice(tree, change.path, change.value, change.owner)
            elif isinstance(change.value, Table) and is_composed(place.field, change.value):
                for key, item in change.value.items:
                    if isinstance(key, Scalar):
                        path = (*change.path, str(key.value))
                        yield from _choice(tree, path, item, change.owner)


def changes_of(tree: Tree, whole: Instance, step: Change | Axis) -> Iterator[Change]:
    """A change itself; of a sweep what each of its values changes."""
    if isinstance(step, Change):
        yield step
    elif isinstance(step.swept, Sweep):
        place = at(tree, whole, step.path)
        for value in step.values:
            yield from swept_changes(tree, step, place, value)


def swept_changes(tree: Tree, axis: Axis, place: Place | None, value: Value) -> Iterator[Change]:
    """What one value of a sweep changes at the place of the axis and below; nothing for points."""
    if isinstance(axis.swept, Sweep):
        before = place.value if place is not None else None
        for step in steps_of(tree, axis.path, before, value, axis.owner):
            if isinstance(step, Change):
                yield step


def _choice(tree: Tree, path: Path, value: Value, owner: str) -> Iterator[Choice]:
    if isinstance(value, Instance) and value.node in tree.nodes:
        yield Choice(".".join(path), tree.nodes[value.node].group, value, owner)


# What is said of Hydra itself


def engine_of(tree: Tree, node: Node) -> Engine:
    """What a node and its bases say of Hydra."""
    return merged_engine([tree.nodes[key].engine for key in node.lineage])


def merged_engine(engines: Sequence[Engine]) -> Engine:
    """Several engines as one, the nearest first: its words win."""
    found = Engine()
    for engine in reversed(engines):
        below = without_settings(found, engine)
        found = Engine(
            engine.launcher or below.launcher,
            engine.sweeper or below.sweeper,
            _merged_settings(below.settings, engine.settings),
        )
    return found


def without_settings(below: Engine, above: Engine) -> Engine:
    """An engine without what it tells the plugins that another one replaces: they don't know it."""
    gone = [
        kind
        for kind, old, new in (
            ("launcher", below.launcher, above.launcher),
            ("sweeper", below.sweeper, above.sweeper),
        )
        if new and new != old
    ]
    if not gone or not isinstance(below.settings, Table):
        return below
    items = tuple(
        (k, v) for k, v in below.settings.items if not (isinstance(k, Scalar) and k.value in gone)
    )
    return replace(below, settings=replace(below.settings, items=items))


def _merged_settings(below: Value | None, above: Value | None) -> Value | None:
    if not isinstance(below, Table) or not isinstance(above, Table):
        return below if above is None else above
    items = dict(below.items)
    for key, value in above.items:
        items[key] = _merged_settings(items.get(key), value) or value
    return Table(tuple(items.items()), above.span)
