"""A project in a temporary folder, and the command run on it: what tests of whole runs share."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parent.parent
PYPROJECT = '[tool.cngen]\nroot = "cn"\n'
STORE = Path("cn") / "_generated_store.py"
PATIENCE = 60
"""Seconds after which a run counts as hung; runs take about one."""

BYTECODE = TemporaryDirectory(prefix="cngen-bytecode-") if sys.dont_write_bytecode else None

RUN = "from cngen import CN\n\n\nclass Run(CN):\n    steps: int = 10\n"
"""The smallest tree: one primary config."""


def write_project(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write pyproject.toml and `files`, by their paths below cn/; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    for name, content in files.items():
        path = folder / "cn" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def environment(**changes: str) -> dict[str, str]:
    """This environment with the checkout importable from any folder, and nothing cached in it."""
    path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **changes}


def environment_of_cngen(**changes: str) -> dict[str, str]:
    """The same for processes that run cngen alone, which imports nothing of a project.

    Where the environment allows no bytecode beside the sources, each of them would compile cngen anew: theirs
    is kept apart, until the tests end.
    """
    if BYTECODE is None:
        return environment(**changes)
    own = {"PYTHONPYCACHEPREFIX": BYTECODE.name, "PYTHONDONTWRITEBYTECODE": ""}
    return environment(**own, **changes)


def run_python(
    *arguments: str,
    cwd: Path | None = None,
    before: Callable[[], None] | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a fresh Python; `before` runs in the child just before it starts."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment() if env is None else env,
        preexec_fn=before,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )


def run_cngen(
    *arguments: str, cwd: Path | None = None, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a fresh process."""
    own = environment_of_cngen()
    return run_python("-m", "cngen", *arguments, cwd=cwd, before=before, env=own)
