"""The compiler's own composition is Hydra's, key by key: values and types of every config."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from cngen.compose.configs import composed, configs, leaf, places
from cngen.lint.check import check_tree
from cngen.model.tree import Tree
from cngen.model.values import Instance
from cngen.project.settings import load_settings
from tests.support.effort import COMPOSED
from tests.support.reading.composer import store_of
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.promise import READING, compiled, in_hydra, must_choose, show

pytestmark = pytest.mark.hydra


@READING
@given(trees_with_experiments(sweeping=True), st.data())
def test_the_compiler_composes_as_hydra_does(files: dict[str, str], data: st.DataObject) -> None:
    show(files)
    with written(files) as folder:
        tree = tree_of(folder)
        compiled(folder)
        with store_of(folder):
            for name, node in data.draw(st.permutations([*configs(tree).items()]))[:COMPOSED]:
                whole = composed(tree, node)
                if must_choose(tree, whole):
                    event("a choice is open")
                    continue
                assert in_hydra(tree, name, node) == texts(tree, whole), name


def tree_of(folder: Path) -> Tree:
    tree = check_tree(load_settings(folder)).tree
    assert tree is not None
    return tree


def texts(tree: Tree, whole: Instance) -> Mapping[str, tuple[str, str]]:
    found = ((key, leaf(tree, place)) for key, place in places(tree, whole))
    return {key: (leaf.value, leaf.type) for key, leaf in found}
