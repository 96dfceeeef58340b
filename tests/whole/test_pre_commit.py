"""The hooks, run by the real pre-commit in a scratch repository: it installs them as a user's would be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT, RUN

pytestmark = pytest.mark.slow

OPT = "from cngen import CN\n\n\nclass Opt(CN):\n    lr: float = 0.1\n"
STORE = "cn/_generated_store.py"
CONFIG = """\
repos:
  - repo: {hooks}
    rev: {revision}
    hooks:
      - id: cngen-build
      - id: cngen-check
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs, for all tests here."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, home: Path) -> tuple[Path, str]:
    """This project as a repository of hooks, and its revision."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in ("cngen", "templates"):
        shutil.copytree(
            CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", ".pre-commit-hooks.yaml"):
        shutil.copy(CHECKOUT / name, folder)
    git(folder, home, "init", "--quiet", "--initial-branch=main")
    commit(folder, home, "hooks")
    return folder, git(folder, home, "rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, home: Path, hooks: tuple[Path, str]) -> Path:
    """A user's repository with an up-to-date store and the hooks installed."""
    (tmp_path / "cn/opt").mkdir(parents=True)
    (tmp_path / "cn/run.py").write_text(RUN)
    (tmp_path / "cn/opt/base.py").write_text(OPT)
    (tmp_path / "README.md").write_text("A project.\n")
    config = CONFIG.format(hooks=hooks[0], revision=hooks[1])
    (tmp_path / ".pre-commit-config.yaml").write_text(config)
    (tmp_path / "pyproject.toml").write_text("")
    build(tmp_path)
    git(tmp_path, home, "init", "--quiet", "--initial-branch=main")
    assert run(tmp_path, home, sys.executable, "-m", "pre_commit", "install").returncode == 0
    first = commit(tmp_path, home, "start")
    assert first.returncode == 0, first.stdout + first.stderr
    return tmp_path


def test_a_commit_with_a_stale_store_is_stopped_and_mended(repository: Path, home: Path) -> None:
    (repository / "cn/run.py").write_text(RUN.replace("10", "20"))

    stopped = commit(repository, home, "twenty steps")

    assert stopped.returncode == 1
    assert f"{STORE}: written" in stopped.stdout + stopped.stderr
    assert "steps: int = 20" in (repository / STORE).read_text()
    assert commit(repository, home, "twenty steps").returncode == 0
    assert git(repository, home, "status", "--short").stdout == ""


def test_a_finding_stops_the_commit(repository: Path, home: Path) -> None:
    (repository / "cn/run.py").write_text(RUN.replace("10", "1e6"))

    stopped = commit(repository, home, "many steps")

    assert stopped.returncode == 1
    assert "CN203" in stopped.stdout + stopped.stderr


def test_a_store_that_was_never_added_stops_the_commit(repository: Path, home: Path) -> None:
    git(repository, home, "rm", "--quiet", STORE)

    stopped = commit(repository, home, "no store", "cn/run.py")

    assert stopped.returncode == 1
    assert (repository / STORE).exists()


def test_other_files_are_not_slowed(repository: Path, home: Path) -> None:
    (repository / "README.md").write_text("Another text.\n")

    passed = commit(repository, home, "words")

    assert passed.returncode == 0
    assert (passed.stdout + passed.stderr).count("Skipped") == 2


def test_a_merge_conflict_in_the_store_is_healed_by_a_build(repository: Path, home: Path) -> None:
    git(repository, home, "switch", "--quiet", "--create", "other")
    (repository / "cn/run.py").write_text(RUN.replace("10", "20"))
    build(repository)
    assert commit(repository, home, "steps").returncode == 0
    git(repository, home, "switch", "--quiet", "main")
    source = RUN.replace("steps: int = 10", "steps: int = 10\n    seed: int = 1")
    (repository / "cn/run.py").write_text(source)
    build(repository)
    assert commit(repository, home, "seed").returncode == 0
    assert git(repository, home, "merge", "other").returncode == 1

    (repository / "cn/run.py").write_text(source.replace("10", "20"))
    git(repository, home, "checkout", "--ours", STORE)
    build(repository)

    assert commit(repository, home, "merge").returncode == 0
    store = (repository / STORE).read_text()
    assert "steps: int = 20" in store
    assert "seed: int = 1" in store


def build(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "cngen", "build", "-C", str(folder)], check=True)


def commit(
    folder: Path, home: Path, message: str, *touched: str
) -> "subprocess.CompletedProcess[str]":
    """Add everything, or what is given, and commit it."""
    for path in touched:
        (folder / path).write_text((folder / path).read_text() + "\n# touched\n")
    git(folder, home, "add", *(touched or ("--all",)))
    return git(folder, home, "commit", "--message", message)


def git(folder: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run(folder, home, "git", *arguments)


def run(folder: Path, home: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """A program with a home of its own, no settings of the user's, and a name to commit with."""
    names = {
        f"GIT_{who}_{what}": "a@b.c"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    own = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home),
    }
    return subprocess.run(
        command,
        cwd=folder,
        env={**kept, **names, **own, "PATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )
