"""The effects that `cngen diff` tells are what Hydra composes otherwise, key by key.

Pairs of drawn trees, mostly one and the same after some edits, are compiled; Hydra composes the configs of
both stores, and what differs there must be what the comparison of the sources says, no more and no less.
"""

from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import assume, event, given, note
from hypothesis import strategies as st

from cngen.compose.configs import Composed, composed, configs
from cngen.diff.changes import Comparison
from cngen.diff.compare import compare
from cngen.diff.effects import paired_configs
from cngen.diff.trees import Trees
from cngen.model.tree import Node, Tree
from tests.support.effort import COMPOSED
from tests.support.reading.composer import store_of
from tests.support.reading.edits import edited
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.promise import READING, compiled, in_hydra, must_choose, show, side

pytestmark = pytest.mark.hydra

Found: TypeAlias = tuple[str, str] | None
Differences: TypeAlias = dict[tuple[str, str], tuple[Found, Found]]


@READING
@given(trees_with_experiments(sweeping=True), st.data())
def test_effects_are_what_hydra_composes_otherwise(
    files: dict[str, str], data: st.DataObject
) -> None:
    is_other = data.draw(st.integers(0, 9)) == 0
    other = data.draw(trees_with_experiments()) if is_other else edited(data.draw, files)
    assume(other != files)
    show(files)
    note("--- becomes")
    show({path: text for path, text in other.items() if files.get(path) != text})
    with written(files) as before, written(other) as after:
        base, head = side(before), side(after)
        assume(head is not None)
        assert base is not None
        assert head is not None
        comparison = compare(base, head)
        pairs = data.draw(st.permutations(comparable(base.tree, head.tree)))[:COMPOSED]
        compiled(before)
        compiled(after)
        expected = hydra_differences(base.tree, head.tree, before, after, pairs)

    names = {name for name, _, _ in pairs}
    event(f"{min(len(expected), 10)} keys differ")
    assert {k: v for k, v in told(comparison).items() if k[0] in names} == expected
    assert not [c for c in comparison.changes if c.kind == "composed-changed"]


def comparable(old: Tree, new: Tree) -> list[tuple[str, Node, Node]]:
    """The configs of both that Hydra composes without a choice."""
    return [
        (name, one, other)
        for name, one, other in paired_configs(Trees.of(old, new))
        if not must_choose(old, composed(old, one)) and not must_choose(new, composed(new, other))
    ]


def told(comparison: Comparison) -> Differences:
    """What a comparison says, each key of each config once."""
    found: Differences = {}
    for change in comparison.changes:
        for effect in change.effects:
            for config in effect.configs:
                assert (config, effect.key) not in found
                found[config, effect.key] = (plain(effect.old), plain(effect.new))
    return found


def plain(found: Composed | None) -> Found:
    return (found.value, found.type) if found is not None else None


def hydra_differences(
    old: Tree, new: Tree, before: Path, after: Path, pairs: list[tuple[str, Node, Node]]
) -> Differences:
    names = {node.key: name for name, node in configs(old).items()}
    with store_of(before):
        olds = {name: in_hydra(old, names[node.key], node) for name, node, _ in pairs}
    with store_of(after):
        news = {name: in_hydra(new, name, node) for name, _, node in pairs}
    return {
        (name, key): (olds[name].get(key), news[name].get(key))
        for name in olds
        for key in {*olds[name], *news[name]}
        if olds[name].get(key) != news[name].get(key)
    }
