"""What is taken for what where many classes get another name at once."""

from pathlib import Path

import pytest

from cngen.diff.pairing import match
from cngen.lint.check import understand
from cngen.model.tree import Tree
from cngen.project.files import Worktree
from cngen.project.settings import load_settings
from tests.support.project import PYPROJECT, write

COUNT = 60
"""More than may have a line in common for it to tell something."""


def tree(folder: Path, name: str, bodies: list[str], group: str = "opt") -> Tree:
    classes = "".join(f"\n\nclass {name}{n}(CN):\n    {body}\n" for n, body in enumerate(bodies))
    write(
        folder,
        {"pyproject.toml": PYPROJECT, f"cn/{group}/all.py": f"from cngen import CN\n{classes}"},
    )
    settings = load_settings(folder)
    return understand(settings, Worktree(folder)).tree


def renamed(old: Tree, new: Tree) -> list[tuple[str, str]]:
    nodes = match(old, new).nodes
    return [(old.nodes[one].name, new.nodes[other].name) for one, other in nodes.items()]


def bodies(line: str, count: int = COUNT) -> list[str]:
    return [line.format(n) for n in range(count)]


@pytest.mark.parametrize(
    "line",
    ["a: int = {0}", "a: int = {0}\n    b: int = 3\n    c: int = 4"],
    ids=["all that they say is their own", "most of it they all say"],
)
def test_classes_that_say_the_same_are_the_same(tmp_path: Path, line: str) -> None:
    old = tree(tmp_path / "old", "Alpha", bodies(line))
    new = tree(tmp_path / "new", "Beta", bodies(line))

    assert renamed(old, new) == [(f"Alpha{n}", f"Beta{n}") for n in range(COUNT)]


def test_a_class_with_an_edit_is_found_among_those_without(tmp_path: Path) -> None:
    line = "a{0}: int = {0}\n    b{0}: int = -1\n    c: int = 4"
    old = tree(tmp_path / "old", "Alpha", bodies(line))
    edited = [body.replace("-1", "-2") for body in bodies(line)]
    new = tree(tmp_path / "new", "Beta", edited)

    assert renamed(old, new) == [(f"Alpha{n}", f"Beta{n}") for n in range(COUNT)]


def test_a_moved_class_with_an_edit_is_known_by_its_name(tmp_path: Path) -> None:
    line = "a: int = {0}\n    b: int = 3"
    old = tree(tmp_path / "old", "Alpha", bodies(line))
    edited = [body.replace("a: int = ", "a: int = 9") for body in bodies(line)]
    new = tree(tmp_path / "new", "Alpha", edited, "optim")

    assert renamed(old, new) == [(f"Alpha{n}", f"Alpha{n}") for n in range(COUNT)]


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ("pass", "pass"),
        ("a: int = 1", "a: int = 1"),
        ("a: int = {0}\n    b: int = 3", "a: int = 100{0}\n    b: int = 3"),
    ],
)
def test_what_could_be_any_of_them_is_none(tmp_path: Path, line: str, now: str) -> None:
    old = tree(tmp_path / "old", "Alpha", bodies(line))
    new = tree(tmp_path / "new", "Beta", bodies(now))

    assert renamed(old, new) == []
