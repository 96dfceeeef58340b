"""Experiments -> what `cngen sweep` shows: the jobs of each, what varies in them and what is fixed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from cngen.compose.configs import config_name
from cngen.compose.defaults import Choice, command_key, is_composed, normal
from cngen.compose.engines import engine_of
from cngen.compose.experiments import Experiment, experiments
from cngen.compose.places import Change, Path, Place, placed, state
from cngen.compose.sweeps import SweepParameter, all_parameters, job_count, jobs, label
from cngen.compose.variations import variations_of
from cngen.diagnostics import CngenError, did_you_mean
from cngen.model.tree import Tree
from cngen.model.values import Instance, Scalar, Table, Value


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its overrides besides those of the command itself, and a cell for each column."""

    overrides: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key and its value; `meaning` is the expression in the sources for which a variation stands."""

    key: str
    value: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of points: its key on the command line, its options, and the columns that it varies."""

    key: str
    options: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One experiment.

    `space` is where a sweeper searches; then there are no `jobs`, and `count` is its `n_trials`, None
    unless that is written. `fixed` holds what all jobs have in common beyond the primary config.
    """

    name: str
    primary: str
    command: str
    launcher: str
    sweeper: str
    count: int | None
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    fixed: tuple[Setting, ...]
    jobs: tuple[Job, ...]
    space: tuple[tuple[str, str], ...]


def listings(tree: Tree, limit: int | None = None) -> tuple[Listing, ...]:
    """Every experiment, and every primary config that sweeps, by name; at most `limit` jobs of each."""
    return tuple(_listing(tree, e, limit) for _, e in sorted(_named(tree).items()))


def find(tree: Tree, name: str, limit: int | None) -> Listing:
    """The experiment of that name, with or without its group.

    Raises:
        CngenError: there is none, or there are several.
    """
    known = _named(tree)
    wanted = name.strip("/")
    near = [full for full in sorted(known) if wanted in (full, full.rpartition("/")[2])]
    if wanted in known or len(near) == 1:
        return _listing(tree, known[wanted if wanted in known else near[0]], limit)
    if near:
        raise CngenError(f"the experiment `{name}` is ambiguous: {', '.join(near)}")
    short = [full.rpartition("/")[2] for full in known]
    hint = did_you_mean(wanted, [*known, *short])
    raise CngenError(f"unknown experiment `{name}`" + (f": {hint}" if hint else ""))


def _named(tree: Tree) -> dict[str, Experiment]:
    """What can be listed, by group and option."""
    found = (e for e in experiments(tree).values() if e.node.option is not None)
    return {config_name(e.node): e for e in found if e.node.is_experiment or e.all_axes}


def _listing(tree: Tree, experiment: Experiment, limit: int | None) -> Listing:
    node = experiment.node
    found = all_parameters(tree, experiment)
    engine = engine_of(tree, node)
    searches = engine.searches or job_count(found) is None
    made = [] if searches else [Job(*job) for job in islice(jobs(found), limit)]
    return Listing(
        name=config_name(node),
        primary=str(experiment.primary.option),
        command=_command(tree, experiment),
        launcher=engine.launcher,
        sweeper=engine.sweeper,
        count=_trials(engine.settings) if searches else job_count(found),
        columns=tuple(column for p in found for column in p.columns),
        groups=tuple(Group(p.key, p.texts, p.columns) for p in found if p.points),
        fixed=_fixed(tree, experiment, found),
        jobs=tuple(made),
        space=tuple((p.key, p.text) for p in found) if searches else (),
    )


def _command(tree: Tree, experiment: Experiment) -> str:
    """What starts it; the primary config is named where the tree has several."""
    node = experiment.node
    config = experiment.primary if node.is_experiment else node
    several = len(tree.options("")) > 1
    parts = [tree.settings.command]
    parts += [f"--config-name {config.option}"] if several or not node.is_experiment else []
    parts += [f"+{node.group}={node.option}"] if node.is_experiment else []
    return " ".join(parts)


def _trials(settings: Value | None) -> int | None:
    """`n_trials` of the sweeper, where it is written."""
    for name in ("sweeper", "n_trials"):
        settings = settings.get(name) if isinstance(settings, Table) else None
    count = settings.value if isinstance(settings, Scalar) else None
    return count if isinstance(count, int) else None


def _fixed(
    tree: Tree, experiment: Experiment, found: tuple[SweepParameter, ...]
) -> tuple[Setting, ...]:
    """The places that the experiment sets and no sweep varies; of a key that is set twice, the last."""
    swept = {column for parameter in found for column in parameter.columns}
    places = placed(tree, state(tree, experiment.primary), experiment.all_changes)
    settings = (shown for place, change in places for shown in _shown(tree, place, change))
    return tuple({s.key: s for s in settings if s.key not in swept}.values())


def _shown(tree: Tree, place: Place, change: Change) -> Iterator[Setting]:
    """A change as keys and values of the command line."""
    value = change.value
    if not isinstance(value, Table) or not is_composed(place.field, value):
        yield _setting(tree, change.path, value, change.owner)
        return
    old = place.value.items if isinstance(place.value, Table) else ()
    for key, item in value.items:
        if isinstance(key, Scalar):
            yield _setting(tree, (*change.path, str(key.value)), item, change.owner)
    for key, _ in old:
        if isinstance(key, Scalar) and key not in dict(value.items):
            yield Setting(".".join((*change.path, str(key.value))), "null")


def _setting(tree: Tree, path: Path, value: Value, owner: str) -> Setting:
    package = ".".join(path)
    if not isinstance(value, Instance):
        return Setting(package, label(tree, value))
    group = tree.nodes[value.node].group
    option = variations_of(tree).option(Choice(package, group, value, owner))
    plain = normal(tree, value)
    meaning = label(tree, plain) if plain.arguments else ""
    return Setting(command_key(group, package), str(option), meaning)
