"""What the properties share: how examples are drawn for each, and how both sides are compared."""

import json
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, note, settings

import cngen.compose.listing
import cngen.store.render  # noqa: F401 -- these and the rules load late, when a toy stands for cngen
from cngen.compiler import compile_tree
from cngen.compose.configs import places
from cngen.diagnostics import Severity, has_errors
from cngen.diff.compare import Side
from cngen.lint.check import check_tree
from cngen.lint.rules import all_rules
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Missing
from cngen.project.settings import load_settings
from tests.support.effort import EACH
from tests.support.project import run_cngen

from .canonical import canonical, differences
from .commands import Command, look_up_refs
from .composer import composed
from .folders import STORE
from .hydra_keys import keys_of
from .interpreter import group_of, option_name, shared_names

all_rules()

READING = settings(
    max_examples=EACH,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


def show(files: dict[str, str]) -> None:
    note("\n".join(f"--- {path}\n{text}" for path, text in files.items()))


def compiled(folder: Path) -> None:
    """Write the store that the tree in a folder compiles to."""
    result = compile_tree(load_settings(folder))
    assert not has_errors(result.diagnostics), "\n".join(
        f"{d.span.file}:{d.span.start}: {d.code} {d.message}"
        for d in result.diagnostics
        if d.severity is Severity.ERROR
    )
    assert result.text is not None
    note(f"--- {STORE}\n{result.text}")
    (folder / STORE).write_text(result.text, encoding="utf-8")


def finished(command: Command) -> object:
    """What a command line reads as, by content."""
    look_up_refs(command.expected, command.expected)
    return canonical(command.expected)


def assert_composes(command: Command) -> None:
    """Inside ``store_of``: what a command line composes is what it reads as."""
    config = option_name(type(command.expected))
    note(f"--config-name {config} {' '.join(command.overrides)}")
    expected = finished(command)
    result = composed(command.overrides, config)

    shared = shared_names(command.reading)
    found = list(differences(expected, canonical(result, shared)))
    assert not found, "\n".join(found)


def listed_jobs(folder: Path, cls: type) -> list[list[str]]:
    """The overrides of each job, as ``cngen sweep`` tells them."""
    name = f"{group_of(cls)}/{option_name(cls)}"
    ran = run_cngen("sweep", name, "--format", "json", "-C", str(folder))
    assert ran.returncode == 0, ran
    listing = json.loads(ran.stdout)
    assert listing["count"] == len(listing["jobs"])
    return [job["overrides"] for job in listing["jobs"]]


def side(folder: Path) -> Side | None:
    """A tree without errors, None if it has some."""
    checked = check_tree(load_settings(folder))
    return Side(folder.name, checked.tree, checked.files) if checked.tree is not None else None


def must_choose(tree: Tree, whole: Instance) -> bool:
    """Whether Hydra refuses to compose a config until a node is chosen."""
    return any(
        isinstance(place.value, Missing) and place.is_chosen for _, place in places(tree, whole)
    )


def in_hydra(tree: Tree, name: str, node: Node) -> Mapping[str, tuple[str, str]]:
    """What Hydra composes for a config of a tree whose store is registered."""
    if not node.is_experiment:
        return keys_of(name, [])
    group, _, option = name.rpartition("/")
    return keys_of(str(tree.nodes[node.primary].option), [f"+{group}={option}"])
