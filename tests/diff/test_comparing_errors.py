"""Trees with errors can be compared: nothing crashes, and what a broken file hides isn't called changed."""

import random
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, note
from hypothesis import settings as examples
from hypothesis import strategies as st

from cngen.cli.formats import REVIEWS
from cngen.diagnostics import CngenError
from cngen.diff.changes import Comparison
from cngen.diff.formats import reviewed
from cngen.diff.revisions import Revision, compared
from cngen.project.files import Worktree
from tests.support.effort import EACH, IS_EXHAUSTIVE
from tests.support.project import PYPROJECT, write_project
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.promise import READING, show
from tests.support.rule_cases import Case, all_cases

pytestmark = pytest.mark.slow

CASES = all_cases()
ALONE = CASES if IS_EXHAUSTIVE else CASES[::3]
CONTROL = "cn/zz_control.py"
ONE = "from cngen import CN\n\n\nclass ZzControl(CN):\n    zz: int = 1\n"
TWO = ONE.replace("1", "2")
BROKEN = "\n(\n"
FEW = examples(READING, max_examples=max(1, EACH // 2))  # these compare several times


def source(folder: Path, name: str = "x") -> Revision:
    return Revision(name, Worktree(folder), folder)


def comparison(old: Path, new: Path) -> Comparison:
    """Compared, and shown in every format."""
    found = compared(source(old, "old"), source(new, "new"))
    for name in REVIEWS:
        assert isinstance(reviewed(name, found, lambda text, colour: text, (old, new)), str)
    return found


def folder_of(path: Path, case: Case, files: Mapping[str, str]) -> Path:
    return write_project(path, {**case.files, **files}, case.settings)


BESIDE: list[tuple[dict[str, str], dict[str, str], list[str]]] = [
    ({}, {CONTROL: ONE}, ["config-added"]),
    ({CONTROL: ONE}, {CONTROL: TWO}, ["default-changed"]),
    ({CONTROL: ONE}, {}, ["config-removed"]),
    ({CONTROL: ONE}, {CONTROL: ONE}, []),
]
"""What lies beside a case in the old tree and in the new one, and what differs then."""


@pytest.mark.parametrize(
    ("number", "case"), [*enumerate(ALONE)], ids=[f"{c.rule} {c.title}" for c in ALONE]
)
def test_what_errors_do_not_touch_is_compared(number: int, case: Case, tmp_path: Path) -> None:
    """Whatever is wrong in a tree, a file beside it is compared and nothing else differs."""
    is_node = "base = " not in case.settings
    for turn in range(len(BESIDE)) if IS_EXHAUSTIVE else [number % len(BESIDE)]:
        before, after, kinds = BESIDE[turn]
        old = folder_of(tmp_path / f"old{turn}", case, before)
        found = comparison(old, folder_of(tmp_path / f"new{turn}", case, after))
        assert [c.kind for c in found.changes] == kinds * is_node, found.notes
        assert found.is_partial == any(note.endswith("isn't compared") for note in found.notes)


@pytest.mark.parametrize("rule", sorted({case.rule for case in CASES}))
def test_bad_trees_are_compared_with_their_good_neighbours(rule: str, tmp_path: Path) -> None:
    own = [case for case in CASES if case.rule == rule]
    folders = [folder_of(tmp_path / str(n), case, {}) for n, case in enumerate(own)]
    for number, (one, other) in enumerate(pairwise(folders)):
        if IS_EXHAUSTIVE or number % 2 == 0:
            comparison(one, other)
        if IS_EXHAUSTIVE or number % 4 == 1:
            comparison(other, one)


PLAIN = [case for case in CASES if not case.settings]
LARGEST = {c.rule: c for c in sorted(PLAIN, key=lambda c: len(c.files))}


TRIED = PLAIN if IS_EXHAUSTIVE else [*LARGEST.values()]


@pytest.mark.parametrize(
    ("turn", "case"), [*enumerate(TRIED)], ids=[f"{c.rule} {c.title}" for c in TRIED]
)
def test_a_file_that_breaks_changes_nothing(turn: int, case: Case, tmp_path: Path) -> None:
    """Each file of a tree in turn, in the old tree and in the new one."""
    whole = folder_of(tmp_path / "whole", case, {})
    for number, (path, text) in enumerate(sorted(case.files.items())):
        broken = folder_of(tmp_path / str(number), case, {path: text + BROKEN})
        pairs = [(whole, broken), (broken, whole), (broken, broken)]
        for old, new in pairs if IS_EXHAUSTIVE else [pairs[(turn + number) % 3]]:
            found = comparison(old, new)
            assert found.changes == ()
            # Outside the roots, a file that can't be parsed is like one that isn't there.
            assert found.is_partial or not path.startswith("cn/")


@FEW
@given(trees_with_experiments(sweeping=True), st.data())
def test_files_that_break_change_nothing(files: dict[str, str], data: st.DataObject) -> None:
    show(files)
    sides = [data.draw(st.sets(st.sampled_from(sorted(files)))) for _ in range(2)]
    note(str(sides))
    old, new = ({p: t + BROKEN * (p in side) for p, t in files.items()} for side in sides)
    with written(old) as one, written(new) as other:
        assert comparison(one, other).changes == ()


@FEW
@given(trees_with_experiments(sweeping=True), st.randoms(use_true_random=False))
def test_lost_lines_crash_nothing(files: dict[str, str], chance: random.Random) -> None:
    """Nor files that moved, or went."""
    after = {moved(path, chance): without_lines(text, chance) for path, text in files.items()}
    after.pop("", None)
    show(after)
    with written(files) as one, written({"cn/__init__.py": ""} | after) as other:
        comparison(one, other)
        comparison(other, one)


def moved(path: str, chance: random.Random) -> str:
    """The path of a file now, empty where it is gone."""
    return chance.choice([path] * 18 + [path.replace(".py", "_2.py"), ""])


def without_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.choice([0, 1, 1, 2, 5])):
        if lines:
            del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


# What needs a file that can't be parsed, and what doesn't

SHARED = "from cngen import CN\n\nLIMIT = 3\n\n\nclass Base(CN):\n    a: int = 1\n"
NEEDS = {
    "by an import": "from cn.shared import LIMIT\n{}class Run(CN):\n    x: int = LIMIT\n",
    "by the module": "from cn import shared\n{}class Run(CN):\n    x: int = shared.LIMIT\n",
    "by a name between": "from cn.shared import LIMIT\nM = LIMIT + 1\n{}class Run(CN):\n    x: int = M\n",
    "by another file": "from cn.between import LIMIT\n{}class Run(CN):\n    x: int = LIMIT\n",
    "by a star": "from cn.between import *\n{}class Run(CN):\n    x: int = LIMIT\n",
    "as a base": "from cn.shared import Base\n{}class Inner(Base): ...\nclass Run(CN):\n    x: Inner = Inner()\n",
    "as a type": "from cn.shared import Base\n{}class Run(CN):\n    x: list[Base] = []\n",
}


@pytest.mark.parametrize("text", NEEDS.values(), ids=NEEDS)
def test_what_needs_it_counts_as_unchanged(text: str, tmp_path: Path) -> None:
    """And the field beside it is compared."""
    between = "from cn.shared import LIMIT\n"
    whole = text.format("from cngen import CN\n") + "    y: int = 1\n"
    old = write_project(
        tmp_path / "old", {"cn/shared.py": SHARED, "cn/between.py": between, "cn/run.py": whole}
    )
    new = write_project(
        tmp_path / "new",
        {
            "cn/shared.py": SHARED + BROKEN,
            "cn/between.py": between,
            "cn/run.py": whole.replace("y: int = 1", "y: int = 2"),
        },
    )

    for one, other, message in (
        (old, new, "`Run.y`: `1` -> `2`"),
        (new, old, "`Run.y`: `2` -> `1`"),
    ):
        found = comparison(one, other)
        assert [c.message for c in found.changes] == [message], found.notes
        assert found.is_partial


def test_nodes_that_hold_each_other_too_deeply(tmp_path: Path) -> None:
    held = "".join(f"class C{n}(CN):\n    c: C{n - 1} = C{n - 1}()\n" for n in range(1, 3000))
    text = f"from cngen import CN\nclass C0(CN):\n    a: int = 1\n{held}class Run(CN):\n    c: C2999 = C2999()\n"
    old = write_project(tmp_path / "old", {"cn/run.py": text})
    new = write_project(tmp_path / "new", {"cn/run.py": text.replace("int = 1", "int = 2")})

    with pytest.raises(CngenError, match="too deeply"):
        comparison(old, new)


def test_an_error_in_the_settings_is_no_error_in_the_sources(tmp_path: Path) -> None:
    old = write_project(tmp_path / "old", {"cn/run.py": ONE})
    new = write_project(tmp_path / "new", {"cn/run.py": ONE})
    (new / "pyproject.toml").write_text(PYPROJECT + "naming = 3\n")

    with pytest.raises(CngenError, match=r"^setting `naming` must be one of .* \(in new\)$"):
        comparison(old, new)
