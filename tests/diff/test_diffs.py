"""Tables of tests/diff/diffs: two trees, and all that differs between them, for every kind of change.

`pytest --update-golden` rewrites what is expected.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cngen.diff.changes import KINDS, Impact
from cngen.diff.revisions import Revision, compared
from cngen.project.files import Worktree
from tests.support.diff_cases import FOLDER, Case, all_cases, shown
from tests.support.project import CHECKOUT

CASES = all_cases()
NEVER = {"composed-changed"}
"""What is told where no other kind explains a difference; a pair of trees that needs it is a gap in those."""

PAGE = CHECKOUT / "docs/diff.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.path.stem}: {c.title}")
def test_what_differs(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = differing(case, tmp_path)
    if request.config.getoption("--update-golden"):
        case.expect(found)
    else:
        assert found == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.path.stem}: {c.title}")
def test_nothing_differs_from_itself(case: Case, tmp_path: Path) -> None:
    same = replace(case, files=(case.files[1],) * 2, settings=[case.settings[1]] * 2)
    assert [line for line in differing(same, tmp_path).splitlines() if "note: " not in line] in (
        [],
        ["nothing"],
    )


def test_a_title_is_given_once() -> None:
    titles = [(case.path, case.title) for case in CASES]
    assert len({*titles}) == len(titles)


def differing(case: Case, folder: Path) -> str:
    sides = []
    for number, name in enumerate(("before", "after")):
        project = case.write(number, folder / name)
        sides.append(Revision(name, Worktree(project), project))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(sides[1].project)  # places in notes lead from here
        return shown(compared(*sides))


def test_the_page_has_every_kind() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [(kind, about) for kind, about, _ in rows] == list(KINDS.items())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_case_for_each_impact_that_the_page_names(kind: str) -> None:
    lines = (line.split() for case in CASES for line in case.expected.splitlines())
    found = {words[0] for words in lines if words[1:2] == [kind]}
    named = {k: impacts.split(", ") for k, _, impacts in ROW.findall(PAGE.read_text())}[kind]
    assert named == [impact.value for impact in Impact if impact.value in named]
    assert found == ({*named} if kind not in NEVER else set()), f"cases lie in {FOLDER}"
