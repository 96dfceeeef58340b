"""What `cngen diff` says of command lines is so: Hydra took them before, and takes what is named instead now."""

import shlex
from pathlib import Path

import pytest
from hydra.errors import HydraException
from hypothesis import assume, event, given, note
from hypothesis import strategies as st
from omegaconf.errors import OmegaConfBaseException

from cngen.diff.changes import Gone
from cngen.diff.compare import compare
from cngen.model.tree import Tree
from tests.support.reading.composer import composed, store_of
from tests.support.reading.edits import edited
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.promise import READING, compiled, show, side

pytestmark = pytest.mark.hydra

MOST = 6
"""How many command lines of a pair of trees Hydra composes."""


@READING
@given(trees_with_experiments(), st.data())
def test_what_stops_working_did_work_and_what_is_named_instead_does(
    files: dict[str, str], data: st.DataObject
) -> None:
    other = edited(data.draw, files)
    assume(other != files)
    show(files)
    note("--- becomes")
    show({path: text for path, text in other.items() if files.get(path) != text})
    with written(files) as before, written(other) as after:
        base, head = side(before), side(after)
        assume(base is not None and head is not None)
        assert base is not None
        assert head is not None
        gone = {key for change in compare(base, head).changes for key in change.gone}
        said = sorted((key for key in gone if is_choice(key)), key=lambda key: key.key)[:MOST]
        event(f"{len(said)} command lines")
        compiled(before)
        compiled(after)
        worked = {(k.key, c) for k in said for c in taking(before, base.tree, k.key)}
        works = {(k.key, c) for k in said for c in taking(after, head.tree, k.key)}
        instead = {k.key for k in said if k.instead and taking(after, head.tree, k.instead)}

    assert not {line for line in worked & works if line[1] in primaries(head.tree)}
    known = {line for line, _ in worked}
    assert {k.key for k in said if k.instead and k.key in known} <= instead


def is_choice(gone: Gone) -> bool:
    """Whether a key is one choice of an option, as a command line says it."""
    return "=" in gone.key and not gone.key.endswith("=") and "<" not in gone.key


def primaries(tree: Tree) -> list[str]:
    found = (node for node in tree.nodes.values() if not node.group and node.option is not None)
    return sorted(str(node.option) for node in found)


def taking(folder: Path, tree: Tree, line: str) -> list[str]:
    """The primary configs that take a command line."""
    found: list[str] = []
    with store_of(folder):
        for config in primaries(tree):
            try:
                composed(shlex.split(line), config)
            except (HydraException, OmegaConfBaseException):
                continue
            found.append(config)
    return found
