"""Experiments -> the dicts that are stored for them: what differs from their primary config.

A dict at the root of the config (`package="_global_"`) can be stacked. Its defaults list has the base
first, then new entries, its own values and groups of points, and overrides, which Hydra wants last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cngen.composition import (
    Choice,
    choices,
    command_key,
    effective,
    is_composed,
    normal,
    value_is_none,
)
from cngen.emission import Emitter
from cngen.experiments import (
    Change,
    Experiment,
    Path,
    Place,
    at,
    experiments,
    is_string,
    is_within,
    item_type,
    merged_engine,
    put,
    state,
    stored_over,
)
from cngen.model import (
    Engine,
    Field,
    Instance,
    Missing,
    Node,
    Scalar,
    Table,
    Tree,
    Value,
    is_optional,
    node_type,
)
from cngen.overlays import is_overlay
from cngen.quoting import quote
from cngen.sweeps import Parameter, parameters, unswept_changes
from cngen.variations import Variations

Text: TypeAlias = "str | list[Text] | dict[str, Text] | Called"
"""Python text: whole, in lists, in dicts by key, or in the arguments of a call."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a function of the store."""

    function: str
    arguments: list[Text]
    keywords: dict[str, Text]


@dataclass(frozen=True, slots=True)
class Layer:
    """A config under a delta, and the places that it chooses anew over the layers below it."""

    whole: Instance
    chosen: tuple[Path, ...] = ()


@dataclass(slots=True)
class Delta:
    """New entries and overrides of a defaults list, and values by their place.

    `layers` are the configs under it, the nearest first: an entry that one of them has is still there
    when a nearer one has set it to null, but not when that has chosen the node around it anew.
    `opened` are the entries that the primary config must have, as (group, package): if each experiment
    added them itself, two that are stacked would collide. `swept` are the places that groups of points
    choose: the experiment's own choice would win over theirs. `known` are the entries that the primary
    config has in the end, those included that other experiments open.
    """

    layers: tuple[Layer, ...] = ()
    opened: list[tuple[str, str]] = field(default_factory=list)
    swept: frozenset[Path] = frozenset()
    known: frozenset[tuple[str, str]] = frozenset()
    added: dict[str, str] = field(default_factory=dict)
    overridden: dict[str, str] = field(default_factory=dict)
    values: dict[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deltas:
    """Lowers the experiments of one tree.

    `known` are the entries of each primary config by its key, those included that experiments open.
    """

    tree: Tree
    emitter: Emitter
    variations: Variations
    known: Mapping[str, frozenset[tuple[str, str]]]

    @classmethod
    def of(cls, tree: Tree, emitter: Emitter, variations: Variations) -> "Deltas":
        """The deltas of a tree; which entries there are shows when all have been looked at."""
        alone = cls(tree, emitter, variations, {})
        known = {
            node.key: frozenset((*alone.opened(node), *_entry_places(tree, node)))
            for node in tree.nodes.values()
            if not node.group and node.option is not None
        }
        return cls(tree, emitter, variations, known)

    def experiment(self, node: Node, group: str) -> Text:
        """The dict of an experiment, as stored in a group."""
        experiment = experiments(self.tree)[node.key]
        found = self.parameters(experiment)
        changes = unswept_changes(self.tree, experiment, found)
        delta = self._delta(experiment, self._layers(experiment), changes, _swept(found))
        base = [] if experiment.base is None else [_reference(experiment.base, group)]
        points: list[Text] = [{quote(f"/{p.key}"): quote(p.texts[0])} for p in found if p.points]
        engine = _own_engine(self.tree, experiment)
        hydra = self.hydra(engine, found)
        entries = [*base, *_entries(delta.added)]
        return _stored(entries, delta, points, engine_entries(engine), hydra)

    def points(self, node: Node) -> Iterator[tuple[str, str, Text]]:
        """The groups of points of an experiment: group, option and dict of each."""
        experiment = experiments(self.tree)[node.key]
        found = self.parameters(experiment)
        layers = self._point_layers(experiment, found)
        for parameter in found:
            for point in parameter.points:
                delta = self._delta(experiment, layers, point.changes)
                stacked = [_reference(other, "") for other in point.stacked]
                entries = [*stacked, *_entries(delta.added)]
                yield parameter.key, point.option, _stored(entries, delta)

    def opened(self, primary: Node) -> tuple[tuple[str, str], ...]:
        """The entries that experiments over a primary config, or its bases, choose beyond its own."""
        found: set[tuple[str, str]] = set()
        for experiment in experiments(self.tree).values():
            is_over = experiment.node.is_experiment and experiment.primary.key in primary.lineage
            if is_over or experiment.node.key == primary.key:
                for delta in self._deltas(experiment):
                    found.update(delta.opened)
        return tuple(sorted(found - _entry_places(self.tree, primary)))

    def _deltas(self, experiment: Experiment) -> Iterator[Delta]:
        parameters = self.parameters(experiment)
        if experiment.node.is_experiment and experiment.node.option is not None:
            changes = unswept_changes(self.tree, experiment, parameters)
            yield self._delta(experiment, self._layers(experiment), changes, _swept(parameters))
        if experiment.node.option is not None and any(p.points for p in parameters):
            layers = self._point_layers(experiment, parameters)
            for point in (point for parameter in parameters for point in parameter.points):
                yield self._delta(experiment, layers, point.changes)

    def parameters(self, experiment: Experiment) -> tuple[Parameter, ...]:
        """What the sweeper of an experiment is given."""
        return parameters(self.tree, experiment, experiment.axes)

    def hydra(self, engine: Engine, found: Iterable[Parameter]) -> dict[str, Text]:
        """The settings of Hydra itself: those written, and what makes it run every job without `-m`."""
        params: dict[str, Text] = {quote(p.key): quote(p.text) for p in found}
        swept: dict[str, Text] = {}
        if params:
            swept = {quote("mode"): quote("MULTIRUN"), quote("sweeper"): {quote("params"): params}}
        written = self._settings(engine.settings) if engine.settings is not None else {}
        return _merged(swept, written) if isinstance(written, dict) else swept

    def _settings(self, value: Value) -> Text:
        if isinstance(value, Table):
            return {self.emitter.value(k): self._settings(v) for k, v in value.items}
        return self.emitter.value(value)

    # Differences

    def _layers(self, experiment: Experiment) -> tuple[Layer, ...]:
        """What an experiment is stored over: its bases that are stored themselves, then the primary config."""
        layers: list[Layer] = []
        base = experiment.base
        while base is not None:
            below = experiments(self.tree)[base.key]
            chosen = (path for change in below.changes for path in _chosen_places(change))
            layers.append(Layer(state(self.tree, base), tuple(chosen)))
            base = below.base
        return (*layers, Layer(state(self.tree, experiment.primary)))

    def _point_layers(
        self, experiment: Experiment, found: Sequence[Parameter]
    ) -> tuple[Layer, ...]:
        """What points are merged over: first what an experiment makes of the config without them.

        A primary config is stored whole, with the first of what it sweeps.
        """
        whole = stored_over(self.tree, experiment)
        if not experiment.node.is_experiment:
            return (Layer(whole),)
        chosen: list[Path] = []
        for change in unswept_changes(self.tree, experiment, found):
            place = at(self.tree, whole, change.path)
            if place is not None:
                unswept = _unswept(place, change, _swept(found))
                whole = put(self.tree, whole, unswept)
                chosen += _chosen_places(unswept)
        return (Layer(whole, tuple(chosen)), *self._layers(experiment))

    def _delta(
        self,
        experiment: Experiment,
        layers: tuple[Layer, ...],
        changes: Iterable[Change],
        swept: frozenset[Path] = frozenset(),
    ) -> Delta:
        over = experiment.primary if experiment.node.is_experiment else experiment.node
        delta = Delta(layers, swept=swept, known=self.known.get(over.key, frozenset()))
        now = Layer(layers[0].whole)
        for change in changes:
            place = at(self.tree, now.whole, change.path)
            if place is not None:
                delta.layers = (now, *layers)
                self._change(delta, place, change)
                chosen = (*now.chosen, *_chosen_places(change))
                now = Layer(put(self.tree, now.whole, change), chosen)
        return delta

    def _change(self, delta: Delta, place: Place, change: Change) -> None:
        before, after = place.value, change.value
        if place.is_chosen:
            self._slot(delta, place, change)
        elif isinstance(after, Table) and is_composed(place.field, after):
            old = dict(before.items) if isinstance(before, Table) else {}
            for key, value in old.items():
                if key not in dict(after.items):
                    self._slot(delta, _key_place(place, value), _inner(change, key, None))
            for key, value in after.items:
                inner = _inner(change, key, value)
                if inner.path not in delta.swept:
                    self._slot(delta, _key_place(place, old.get(key)), inner)
        else:
            self._value(delta, place, change)

    def _slot(self, delta: Delta, place: Place, change: "Change | _Removed") -> None:
        """One entry of the defaults list; where no entry can say it, a value."""
        package = ".".join(change.path)
        before = _group(self.tree, place, place.value) or self._earlier_group(delta, change.path)
        after = None if isinstance(change, _Removed) else change.value
        group = _group(self.tree, place, after) if isinstance(after, Instance | Missing) else None
        others = {before, *(g for g, place in delta.known if place == package)}
        is_open = len(change.path) == 1 + place.is_key  # in the primary config's own list
        for other in sorted(other for other in others if other and other != group):
            _put(delta.overridden, "override ", other, package, "None")
            delta.opened.extend([(other, package)] if is_open else [])
        if group is not None and not isinstance(change, _Removed):
            is_known = before == group or is_open
            delta.opened.extend([(group, package)] if is_open else [])
            choice = Choice(package, group, after, change.owner)  # type: ignore[arg-type]
            option = self.variations.option(choice)
            entries = delta.overridden if is_known else delta.added
            keyword = "override " if is_known else ""
            _put(entries, keyword, group, package, "None" if option is None else quote(option))
        elif not isinstance(change, _Removed):
            is_said = before is not None and is_optional(place.field) and not place.is_key
            if not (is_said and value_is_none(after)):  # else the null entry says it
                self._value(delta, place, change)

    def _earlier_group(self, delta: Delta, path: Path) -> str | None:
        """The group of the entry that a layer has for a place, even if a nearer one set it to null."""
        for layer in delta.layers:
            group = self._group_in(layer.whole, path)
            if group is not None:
                return group
            if any(is_within(path, chosen) and path != chosen for chosen in layer.chosen):
                return None
        return None

    def _group_in(self, whole: Instance, path: Path) -> str | None:
        place = at(self.tree, whole, path)
        if place is None:
            return None
        group = _group(self.tree, place, place.value)
        default = effective(self.tree, place.field)
        if group is not None or not place.is_key or not isinstance(default, Table):
            return group
        # What the node itself has there, taken away by a variation
        held = {k.value: v for k, v in default.items if isinstance(k, Scalar)}
        is_there = self._is_overlay(whole, path[:-2])
        return _group(self.tree, place, held.get(path[-1])) if is_there else None

    def _is_overlay(self, whole: Instance, path: Path) -> bool:
        """Whether the node at a path still has the entries of its class, set to null at most."""
        place = at(self.tree, whole, path)
        value = place.value if place is not None else None
        if not isinstance(value, Instance):
            return False
        node, varied = self.tree.nodes[value.node], normal(self.tree, value)
        before = choices(self.tree, node)
        return is_overlay(self.tree, node, varied, before, choices(self.tree, node, varied))

    def _value(self, delta: Delta, place: Place, change: Change) -> None:
        held = replace(place.field, type=place.type)
        *outer, last = change.path
        values = delta.values
        for name in outer:
            inner = values.setdefault(quote(name), {})
            assert isinstance(inner, dict)  # a place below another one is a part of a dict
            values = inner
        values[quote(last)] = self._text(held, change.value)

    def _text(self, held: Field, value: Value) -> Text:
        """A value by its parts, where later changes may set some of them."""
        if not isinstance(value, Table) or not all(is_string(key) for key, _ in value.items):
            return self.emitter.held(held, value)
        inner = replace(held, type=item_type(held.type))
        return {self.emitter.value(key): self._text(inner, item) for key, item in value.items}


def _entry_places(tree: Tree, primary: Node) -> frozenset[tuple[str, str]]:
    """The entries of a primary config's own list, as (group, package)."""
    return frozenset((choice.group, choice.package) for choice in choices(tree, primary))


def _swept(found: Iterable[Parameter]) -> frozenset[Path]:
    return frozenset(axis.path for p in found if p.points for axis in p.axes)


def _chosen_places(change: Change) -> Iterator[Path]:
    """Where a change puts nodes, the keys of dicts included."""
    if isinstance(change.value, Instance):
        yield change.path
    elif isinstance(change.value, Table):
        for key, value in change.value.items:
            if isinstance(value, Instance):
                yield _inner(change, key, value).path


def _unswept(place: Place, change: Change, swept: frozenset[Path]) -> Change:
    """A change without the keys of a dict of nodes that groups of points choose."""
    after = change.value
    if not isinstance(after, Table) or not is_composed(place.field, after):
        return change
    old = dict(place.value.items) if isinstance(place.value, Table) else {}
    items = {
        key: old.get(key) if _inner(change, key, value).path in swept else value
        for key, value in after.items
    }
    kept = tuple((key, value) for key, value in items.items() if value is not None)
    return replace(change, value=Table(kept, after.span))


@dataclass(frozen=True, slots=True)
class _Removed:
    """A key that a dict of nodes loses."""

    path: Path


def _inner(change: Change, key: Value, value: Value | None) -> "Change | _Removed":
    path = (*change.path, str(key.value) if isinstance(key, Scalar) else "")
    return _Removed(path) if value is None else Change(path, value, change.owner)


def _key_place(place: Place, value: Value | None) -> Place:
    return replace(place, type=item_type(place.type), value=value, is_key=True)


def _group(tree: Tree, place: Place, value: Value | None) -> str | None:
    """The group from which a place's entry selects; None where there is no entry."""
    if isinstance(value, Instance):
        return tree.nodes[value.node].group
    annotated = node_type(place.type)
    if annotated is not None and (isinstance(value, Missing) or value_is_none(value)):
        return tree.nodes[annotated.node].group or None
    return None


def _put(entries: dict[str, str], keyword: str, group: str, package: str, option: str) -> None:
    """Say what is chosen somewhere, in the place of what was said of it before."""
    key = quote(f"{keyword}/{command_key(group, package)}")
    entries.pop(key, None)
    entries[key] = option


def _entries(found: Mapping[str, str]) -> list[Text]:
    return [{key: option} for key, option in found.items()]


def _reference(node: Node, group: str) -> str:
    name = str(node.option)
    return quote(name if node.group == group else f"/{node.group}/{name}")


def _stored(
    entries: Sequence[Text],
    delta: Delta,
    points: Sequence[Text] = (),
    last: Sequence[Text] = (),
    hydra: Mapping[str, Text] | None = None,
) -> Text:
    """A dict with its defaults list; its values stand over what they change and below its points."""
    overrides = [*_entries(delta.overridden), *last]
    own = quote("_self_")
    listed = [*entries, own, *points, *overrides] if points else [*entries, *overrides, own]
    stored: dict[str, Text] = {quote("defaults"): listed} if len(listed) > 1 else {}
    stored.update(delta.values)
    stored.update({quote("hydra"): dict(hydra)} if hydra else {})
    return stored


# Hydra's own part


def _own_engine(tree: Tree, experiment: Experiment) -> Engine:
    """What is said of Hydra in an experiment, down to the last of its bases that it isn't stored over.

    What a stored one says before that has to be said again.
    """
    stored, lineage = (experiment.base or experiment.primary).lineage, experiment.node.lineage
    last = max(number for number, key in enumerate(lineage) if key not in stored)
    return merged_engine([tree.nodes[key].engine for key in lineage[: last + 1]])


def engine_entries(engine: Engine, root: str = "/") -> list[Text]:
    """The entries that choose Hydra's plugins."""
    chosen = {"launcher": engine.launcher, "sweeper": engine.sweeper}
    return [
        {quote(f"override {root}hydra/{kind}"): quote(name)}
        for kind, name in chosen.items()
        if name
    ]


def _merged(below: Mapping[str, Text], above: Mapping[str, Text]) -> dict[str, Text]:
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[key] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return found
