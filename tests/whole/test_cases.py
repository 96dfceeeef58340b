"""Whole trees: what cngen writes and tells is as expected, and Hydra composes it.

Every folder of tests/whole/cases is a project. `pytest --update-golden` rewrites what is expected.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT

pytestmark = pytest.mark.hydra

CASES = CHECKOUT / "tests/whole/cases"
COMPOSE_ALL = CHECKOUT / "tests/support/compose_all.py"
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "cn").is_dir())


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of one case, to build in."""
    folder = tmp_path / str(request.param)
    shutil.copytree(
        CASES / str(request.param), folder, ignore=shutil.ignore_patterns("expected", "__pycache__")
    )
    (folder / "pyproject.toml").write_text('[tool.cngen]\nroot = "cn"\n')
    return folder


def test_case(case: Path, request: pytest.FixtureRequest) -> None:
    """The store and the findings are the golden ones, under two hash seeds; a second build writes nothing."""
    first = run(case, 1, "-m", "cngen", "build")
    store = (case / "cn/_generated_store.py").read_text()
    second = run(case, 2, "-m", "cngen", "build")
    assert "up to date" in second.stderr
    assert second.stdout == first.stdout
    composed = run(case, 1, str(COMPOSE_ALL))
    assert composed.returncode == 0, composed.stderr
    assert run(case, 2, str(COMPOSE_ALL)).stdout == composed.stdout

    update = bool(request.config.getoption("--update-golden"))
    expected = {
        "_generated_store.py": store,
        "findings.txt": first.stdout,
        "composed.txt": composed.stdout.replace(str(case), "<case>"),
    }
    listed = jobs(case)
    for name, text in (expected | ({"jobs.txt": listed} if listed else {})).items():
        golden(CASES / case.name / "expected" / name, text, update)


def jobs(case: Path) -> str:
    """The jobs of every experiment, as tables."""
    listed = json.loads(run(case, 1, "-m", "cngen", "sweep", "--format", "json").stdout)
    names = [item["experiment"] for item in listed]
    return "".join(
        run(case, 1, "-m", "cngen", "sweep", n, "--limit", "12").stdout + "\n" for n in names
    )


def test_case_is_clean_python(case: Path) -> None:
    """The store passes ruff, mypy --strict and pyright as it is."""
    assert run(case, 0, "-m", "cngen", "build").returncode == 0
    store = "cn/_generated_store.py"
    for command in (
        ["ruff", "check", "--isolated", store],
        [
            "mypy",
            "--strict",
            "--follow-imports=silent",
            "--config-file=",
            "--no-incremental",
            store,
        ],
        ["pyright", "--pythonpath", sys.executable, "-p", str(pyright_settings(case))],
    ):
        result = run(case, 0, "-m", *command)
        assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"


def pyright_settings(case: Path) -> Path:
    path = case / "pyrightconfig.json"
    path.write_text('{"include": ["cn/_generated_store.py"], "pythonVersion": "3.10"}')
    return path


def run(folder: Path, seed: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A fresh interpreter in a folder, which finds its modules there and cngen in the checkout."""
    path = os.pathsep.join([str(folder), str(CHECKOUT)])
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(seed),
        "PYTHONPATH": path,
        "MYPYPATH": path,
        "COLUMNS": "100",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def golden(path: Path, text: str, update: bool) -> None:
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.exists(), (
        f"no {path.name} expected yet; run pytest --update-golden, then read the diff"
    )
    assert text == path.read_text()
