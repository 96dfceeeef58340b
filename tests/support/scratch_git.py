"""Scratch repositories, made by the real git with nothing of the user's settings."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .project import PYPROJECT, RUN, Contents, write


@contextmanager
def without_settings() -> Iterator[None]:
    """No settings of the user's, and a name to commit with."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "A")
            patch.setenv(f"GIT_{name}_EMAIL", "a@b.c")
        yield


def git(folder: Path, *arguments: str, status: int | None = 0) -> str:
    """What a command prints that ends with this status; None: with any."""
    ran = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert status in (None, ran.returncode), ran.stdout + ran.stderr
    return ran.stdout.strip()


def commit(folder: Path, files: Contents, message: str = "change") -> str:
    """Write files and commit everything; the id of the commit."""
    write(folder, files)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def start(folder: Path, files: Contents | None = None) -> Path:
    """A repository with one commit on `main`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, {"pyproject.toml": PYPROJECT, "cn/run.py": RUN} if files is None else files)
    return folder


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, b"" if path.is_dir() else path.read_bytes())
        for path in sorted(folder.rglob("*"))
    }
