"""What git does with the store in a merge, as the README's line for .gitattributes asks it to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cngen.compiler import compile_tree
from cngen.project.settings import load_settings
from tests.support.project import CHECKOUT, RUN, STORE, run_cngen, write_project
from tests.support.scratch_git import git, without_settings

pytestmark = pytest.mark.slow

FIELDS = "".join(f"    f{number}: int = {number}\n" for number in range(9))
SOURCE = RUN + FIELDS
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
ADVICE = re.search(r"(?m)^\*\*/_generated_store\.py .*$", README)
STEPS, LAST = ("steps: int = 10", "steps: int = 20"), ("f8: int = 8", "f8: int = 9")


@pytest.fixture(autouse=True)
def plain_git() -> Iterator[None]:
    with without_settings():
        yield


def test_the_advice_lets_no_markers_into_the_store(tmp_path: Path) -> None:
    """Ours stays, whole, and the merge waits for a build."""
    assert ADVICE is not None
    folder = merged(tmp_path, ADVICE[0], STEPS, ("steps: int = 10", "steps: int = 30"))

    assert "<<<<<<<" not in (folder / STORE).read_text()
    assert "steps: int = 30" in (folder / STORE).read_text()
    assert STORE.as_posix() in conflicts(folder)


def test_the_advice_stops_a_merge_that_nobody_built(tmp_path: Path) -> None:
    """Both sides changed other lines: the sources merge by themselves, the store is left to a build."""
    assert ADVICE is not None
    folder = merged(tmp_path, ADVICE[0], STEPS, LAST)

    assert conflicts(folder) == [STORE.as_posix()]
    assert "`Run.steps` is 20, the store has 10" in run_cngen("check", cwd=folder).stdout
    assert run_cngen("build", cwd=folder).returncode == 0
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "merge")
    assert run_cngen("check", cwd=folder).returncode == 0


def test_without_it_there_are_markers(tmp_path: Path) -> None:
    """Which check tells, and a build removes once the sources are settled."""
    folder = merged(tmp_path, "", STEPS, ("steps: int = 10", "steps: int = 30"))
    assert "<<<<<<<" in (folder / STORE).read_text()
    (folder / "cn/run.py").write_text(SOURCE)

    found = run_cngen("check", cwd=folder)

    assert found.returncode == 1
    assert f"`{STORE.as_posix()}` contains merge conflict markers\n" in found.stdout
    assert run_cngen("build", cwd=folder).returncode == 0
    assert run_cngen("check", cwd=folder).returncode == 0


def test_without_it_lines_apart_merge_by_themselves(tmp_path: Path) -> None:
    folder = merged(tmp_path, "", STEPS, LAST)

    assert conflicts(folder) == []
    assert run_cngen("check", cwd=folder).returncode == 0


def merged(folder: Path, attributes: str, theirs: tuple[str, str], ours: tuple[str, str]) -> Path:
    """A repository in which two branches changed the sources and built, after the merge of one."""
    write_project(folder, {"cn/run.py": SOURCE})
    (folder / ".gitattributes").write_text(f"{attributes}\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, SOURCE)
    git(folder, "switch", "--quiet", "--create", "other")
    commit(folder, SOURCE.replace(*theirs))
    git(folder, "switch", "--quiet", "main")
    commit(folder, SOURCE.replace(*ours))
    git(folder, "merge", "--quiet", "--message", "merge", "other", status=None)
    return folder


def commit(folder: Path, source: str) -> None:
    (folder / "cn/run.py").write_text(source)
    store = compile_tree(load_settings(folder)).text
    assert store is not None
    (folder / STORE).write_text(store)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "change")


def conflicts(folder: Path) -> list[str]:
    return git(folder, "diff", "--name-only", "--diff-filter=U").splitlines()
