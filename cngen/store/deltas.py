"""Experiments -> the dicts that are stored for them: what differs from their primary config.

A dict at the root of the config (`package="_global_"`) can be stacked. Its defaults list has the base
first, then new entries, its own values and groups of points, and overrides, which Hydra wants last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cngen.compose.defaults import Choice, is_composed, value_is_none
from cngen.compose.engines import merged_engine
from cngen.compose.experiments import Experiment, experiments, stored_over
from cngen.compose.openings import Opening, chosen_group, overridden_entries, own_changes, unpointed
from cngen.compose.places import Change, Path, Place, is_string, item_type, placed
from cngen.compose.sweeps import SweepParameter, parameters
from cngen.compose.variations import Variations
from cngen.model.tree import Engine, Field, Node, Tree, is_optional
from cngen.model.values import Instance, Missing, Scalar, Table, Value
from cngen.store.emission import Emitter
from cngen.store.layers import Delta, engine_entries, entries_of, layer, put_entry, reference
from cngen.store.text import Text, merged_text
from cngen.text.quoting import quote


@dataclass(frozen=True, slots=True)
class Deltas:
    """Lowers the experiments of one tree."""

    tree: Tree
    emitter: Emitter
    variations: Variations

    def experiment(self, node: Node, group: str) -> Text:
        """The dict of an experiment, as stored in a group."""
        experiment = experiments(self.tree)[node.key]
        found = self.parameters(experiment)
        delta = self._own(experiment)
        for keys in self._pointed(experiment, found).values():
            for key in keys:
                delta.overridden.pop(key, None)
        base = [] if experiment.base is None else [reference(experiment.base, group)]
        points: list[Text] = [{quote(f"/{p.key}"): quote(p.texts[0])} for p in found if p.points]
        engine = _own_engine(self.tree, experiment)
        hydra = self.hydra(engine, found)
        entries = [*base, *entries_of(delta.added)]
        return layer(entries, delta, points, engine_entries(engine), hydra)

    def points(self, node: Node) -> Iterator[tuple[str, str, Text]]:
        """The groups of points of an experiment: group, option and dict of each.

        An override of the experiment's own would win over theirs, so a point has it that sets nothing else.
        """
        experiment = experiments(self.tree)[node.key]
        found = self.parameters(experiment)
        pointed = self._pointed(experiment, found)
        own = self._own(experiment).overridden if pointed else {}
        whole = unpointed(self.tree, experiment)
        for parameter in found:
            for point in parameter.points:
                delta = self._delta(whole, point.changes)
                kept = {k: own[k] for k in pointed[parameter.key] if k in own}
                delta.overridden = {**kept, **delta.overridden}
                stacked = [reference(other, "") for other in point.stacked]
                entries = [*stacked, *entries_of(delta.added)]
                yield parameter.key, point.option, layer(entries, delta)

    def _own(self, experiment: Experiment) -> Delta:
        """The changes of an experiment over its base or primary config; a primary config is stored whole."""
        whole = stored_over(self.tree, experiment)
        return self._delta(whole, own_changes(self.tree, experiment))

    def _pointed(
        self, experiment: Experiment, found: Sequence[SweepParameter]
    ) -> Mapping[str, tuple[str, ...]]:
        """The overrides that each group of points decides, of one that several have the first."""
        groups = {p.key: p.points for p in found if p.points}
        whole = unpointed(self.tree, experiment) if groups else None
        taken: set[str] = set()
        pointed: dict[str, tuple[str, ...]] = {}
        for group, points in groups.items():
            assert whole is not None
            keys = (key for p in points for key in self._delta(whole, p.changes).overridden)
            pointed[group] = tuple(dict.fromkeys(key for key in keys if key not in taken))
            taken.update(pointed[group])
        return pointed

    def parameters(self, experiment: Experiment) -> tuple[SweepParameter, ...]:
        """What the sweeper of an experiment is given."""
        return parameters(self.tree, experiment, experiment.axes)

    def hydra(self, engine: Engine, found: Iterable[SweepParameter]) -> dict[str, Text]:
        """The settings of Hydra itself: those written, and what makes it run every job without `-m`."""
        params: dict[str, Text] = {quote(p.key): quote(p.text) for p in found}
        swept: dict[str, Text] = {}
        if params:
            swept = {quote("mode"): quote("MULTIRUN"), quote("sweeper"): {quote("params"): params}}
        written = self._settings(engine.settings) if engine.settings is not None else {}
        return merged_text(swept, written) if isinstance(written, dict) else swept

    def _settings(self, value: Value) -> Text:
        if isinstance(value, Table):
            return {self.emitter.value(k): self._settings(v) for k, v in value.items}
        return self.emitter.value(value)

    # Differences

    def _delta(self, whole: Instance, changes: Iterable[Change]) -> Delta:
        delta = Delta()
        for place, change in placed(self.tree, whole, changes):
            self._change(delta, place, change)
        return delta

    def _change(self, delta: Delta, place: Place, change: Change) -> None:
        before, after = place.value, change.value
        if place.is_chosen:
            self._slot(delta, place, change)
        elif isinstance(after, Table) and is_composed(place.field, after):
            old = dict(before.items) if isinstance(before, Table) else {}
            kept = {key.value for key, _ in after.items if isinstance(key, Scalar)}
            gone: dict[str, Value | None] = {
                str(key.value): value for key, value in old.items() if isinstance(key, Scalar)
            }
            gone |= {e.key: None for e in self._entries(place) if e.key and e.key not in gone}
            for name in (name for name in gone if name not in kept):
                removed = _Removed((*change.path, name))
                self._slot(delta, _key_place(place, gone[name]), removed)
            for key, value in after.items:
                self._slot(delta, _key_place(place, old.get(key)), _inner(change, key, value))
        else:
            self._value(delta, place, change)

    def _entries(self, place: Place) -> list[Opening]:
        """The entries of a field that every list has in which it may be."""
        known = overridden_entries(self.tree)[place.holder]
        return sorted(entry for entry in known if entry.field == place.field.name)

    def _slot(self, delta: Delta, place: Place, change: "Change | _Removed") -> None:
        """One entry of the defaults list, or a value if no entry can express it."""
        package = ".".join(change.path)
        key = change.path[-1] if place.is_key else ""
        known = {entry.group for entry in self._entries(place) if entry.key == key}
        if self.tree.nodes[place.holder].defaults is not None:  # as it is, nothing is opened there
            before = chosen_group(self.tree, place, place.value)
            known = {before} if before else set()
        after = None if isinstance(change, _Removed) else change.value
        group = None
        if isinstance(after, Instance | Missing):
            group = chosen_group(self.tree, place, after)
        for other in sorted(known - {group}):
            put_entry(delta.overridden, "override ", other, package, "None")
        if group is not None and not isinstance(change, _Removed):
            choice = Choice(package, group, after, change.owner)  # type: ignore[arg-type]
            option = self.variations.option(choice)
            entries = delta.overridden if group in known else delta.added
            keyword = "override " if group in known else ""
            put_entry(entries, keyword, group, package, "None" if option is None else quote(option))
        elif not isinstance(change, _Removed):
            has_null_entry = bool(known) and is_optional(place.field) and not place.is_key
            if not (has_null_entry and value_is_none(after)):  # else the null entry sets it
                self._value(delta, place, change)

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


@dataclass(frozen=True, slots=True)
class _Removed:
    """A key that a dict of nodes loses."""

    path: Path


def _inner(change: Change, key: Value, value: Value) -> Change:
    path = (*change.path, str(key.value) if isinstance(key, Scalar) else "")
    return Change(path, value, change.owner)


def _key_place(place: Place, value: Value | None) -> Place:
    return replace(place, type=item_type(place.type), value=value, is_key=True)


def _own_engine(tree: Tree, experiment: Experiment) -> Engine:
    """The settings of Hydra in an experiment and in the bases that it isn't stored over.

    What a stored one sets before that has to be set again.
    """
    stored, lineage = (experiment.base or experiment.primary).lineage, experiment.node.lineage
    last = max(number for number, key in enumerate(lineage) if key not in stored)
    return merged_engine([tree.nodes[key].engine for key in lineage[: last + 1]])
