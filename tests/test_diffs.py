"""Tables of tests/diffs: two trees, and all that differs between them, for every kind of change.

`pytest --update-golden` rewrites what is expected.
"""

import re
from pathlib import Path

import pytest

from cngen.changes import KINDS, Impact
from cngen.files import Worktree
from cngen.reviewing import Source, compared
from tests.diff_cases import FOLDER, Case, all_cases, shown

CASES = all_cases()
NEVER = {"composed-otherwise"}
"""What is told where no other kind explains a difference; a pair of trees that needs it is a gap in those."""

CAN_BE = {
    "abstract-changed": {"breaking", "behaviour", "safe"},
    "alias-removed": {"breaking", "behaviour"},
    "bases-changed": {"breaking", "safe"},
    "default-changed": {"breaking", "behaviour"},
    "default-option-changed": {"breaking", "behaviour"},
    "experiment-moved": {"breaking", "safe"},
    "field-added": {"breaking", "behaviour", "safe"},
    "option-moved": {"breaking", "safe"},
    "option-renamed": {"breaking", "safe"},
    "setting-changed": {"breaking", "behaviour", "safe"},
    "type-changed": {"breaking", "behaviour", "safe"},
    "value-changed": {"breaking", "behaviour"},
    "value-set": {"breaking", "behaviour"},
}
"""Kinds whose impact depends on more than the kind, with every impact that they must be seen with."""


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.path.stem}: {c.title}")
def test_what_differs(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = differing(case, tmp_path)
    if request.config.getoption("--update-golden"):
        case.expect(found)
    else:
        assert found == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.path.stem}: {c.title}")
def test_nothing_differs_from_itself(case: Case, tmp_path: Path) -> None:
    case.files[0].clear()
    case.files[0].update(case.files[1])
    case.settings[0] = case.settings[1]
    assert [line for line in differing(case, tmp_path).splitlines() if "note: " not in line] in (
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
        sides.append(Source(name, Worktree(project), project))
    return shown(compared(*sides))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_cases(kind: str) -> None:
    found = {
        line.split()[0]
        for case in CASES
        for line in case.expected.splitlines()
        if re.match(rf"\w+ {kind} ", line)
    }
    assert kind in NEVER or found, f"{kind} needs a case in {FOLDER}"
    assert found >= CAN_BE.get(kind, set())
    assert found <= {impact.value for impact in Impact}
