"""`cngen sweep`: the jobs of an experiment before they run."""

import csv
import io
import json
from pathlib import Path

import pytest

from .conftest import MakeProject
from .project import run_cngen

TREE = {
    "cn/opt/base.py": """\
from cngen import CN

class Opt(CN):
    lr: float = 0.1

class SGD(Opt):
    momentum: float = 0.9
""",
    "cn/run.py": """\
from cngen import CN
from cn.opt.base import Opt

class Run(CN):
    seed: int = 1
    name: str = "a"
    opt: Opt
""",
    "cn/exp/e.py": """\
from cngen import interval, sweep
from cn.opt.base import SGD
from cn.run import Run

raise RuntimeError("sources are read, never run")

class Plain(Run):
    seed = 2

class Grid(Plain):
    name = sweep("a,b", "c")
    opt = sweep(SGD(), SGD(lr=1.0))

class Search(Run, sweeper="optuna", launcher="joblib"):
    opt = SGD(lr=interval(0.1, 1.0))
    hydra = {"sweeper": {"n_trials": 7}}
""",
    "cn/other/e.py": "from cn.run import Run\n\nclass Plain(Run):\n    seed = 3\n",
}
JOBS = [
    ["'a,b'", "sgd"],
    ["'a,b'", "sgd.grid"],
    ["c", "sgd"],
    ["c", "sgd.grid"],
]


@pytest.fixture
def project(make_project: MakeProject) -> Path:
    return make_project(TREE)


def test_json(project: Path) -> None:
    """Everything that a program wants to know of an experiment."""
    result = run_cngen("sweep", "grid", "--format", "json", cwd=project)
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    overrides = [job["overrides"] for job in found["jobs"]]
    assert [job["values"] for job in found["jobs"]] == JOBS
    assert overrides == [[f"name={name}", f"opt={option}"] for name, option in JOBS]
    del found["jobs"]
    assert found == {
        "experiment": "exp/grid",
        "primary": "run",
        "command": "python train.py +exp=grid",
        "launcher": None,
        "sweeper": None,
        "count": 4,
        "columns": ["name", "opt"],
        "fixed": {"seed": "2"},
        "space": {},
    }


def test_csv(project: Path) -> None:
    """A row for each job."""
    result = run_cngen("sweep", "exp/grid", "--format", "csv", "--limit", "2", cwd=project)
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows == [
        ["job", "name", "opt", "overrides"],
        ["0", *JOBS[0], "name='a,b' opt=sgd"],
        ["1", *JOBS[1], "name='a,b' opt=sgd.grid"],
    ]


def test_table(project: Path) -> None:
    """The command, what is fixed, and the jobs; no colours where nobody looks."""
    result = run_cngen("sweep", "grid", "--limit", "3", cwd=project)
    lines = [line.split() for line in result.stdout.splitlines()]
    assert result.stdout.startswith(
        "exp/grid: 4 jobs of `run`\n  $ python train.py +exp=grid\n  seed=2\n"
    )
    assert lines[-4:] == [
        *([str(n), *row] for n, row in enumerate(JOBS[:3])),
        ["...", "and", "1", "more"],
    ]
    assert "\x1b" not in result.stdout


def test_a_search_shows_its_space(project: Path) -> None:
    """Its jobs aren't known before it runs."""
    found = json.loads(run_cngen("sweep", "search", "--format", "json", cwd=project).stdout)
    assert (found["count"], found["jobs"], found["launcher"]) == (7, [], "joblib")
    assert found["space"] == {"opt.lr": "interval(0.1, 1.0)"}
    assert (
        "7 jobs of `run` with optuna + joblib" in run_cngen("sweep", "search", cwd=project).stdout
    )


def test_overview(project: Path) -> None:
    """Every experiment with its number of jobs."""
    found = json.loads(run_cngen("sweep", "--format", "json", cwd=project).stdout)
    assert {item["experiment"]: item["count"] for item in found} == {
        "exp/grid": 4,
        "exp/plain": 1,
        "exp/search": 7,
        "other/plain": 1,
    }
    table = run_cngen("sweep", cwd=project).stdout
    assert ["exp/grid", "run", "4", "name,", "opt"] in [line.split() for line in table.splitlines()]
    assert run_cngen("sweep", "--format", "csv", cwd=project).stdout.count("\n") == 5


def test_several_primary_configs(make_project: MakeProject) -> None:
    """Then the command says which one."""
    derived = (
        TREE["cn/run.py"] + "from cngen import sweep\n\nclass Twice(Run):\n    seed = sweep(1, 2)\n"
    )
    project = make_project({**TREE, "cn/run.py": derived})
    found = json.loads(run_cngen("sweep", "--format", "json", cwd=project).stdout)
    commands = {item["experiment"]: item["command"] for item in found}
    assert commands["twice"] == "python train.py --config-name twice"
    assert commands["exp/plain"] == "python train.py --config-name run +exp=plain"


def test_settings(project: Path) -> None:
    """How the application is started, and how many jobs are too many."""
    settings = '[tool.cngen]\nroot = "cn"\ncommand = "python -m app"\nmax-jobs = 3\n'
    (project / "pyproject.toml").write_text(settings)
    result = run_cngen("sweep", "grid", "--format", "json", cwd=project)
    assert result.returncode == 1
    assert "CN512" in result.stderr
    assert "`Grid` makes 4 jobs, more than 3" in result.stderr
    (project / "pyproject.toml").write_text(settings.replace("3\n", "4\n"))
    result = run_cngen("sweep", "grid", "--format", "json", cwd=project)
    assert json.loads(result.stdout)["command"] == "python -m app +exp=grid"
    (project / "pyproject.toml").write_text(settings.replace("3\n", "0\n"))
    result = run_cngen("sweep", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "setting `max-jobs` must be a number above zero" in result.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gird", "no experiment is called `gird`: did you mean `grid`?"),
        ("plain", "several experiments are called `plain`: exp/plain, other/plain"),
        ("opt", "no experiment is called `opt`"),
    ],
)
def test_unknown_name(name: str, message: str, project: Path) -> None:
    """One line, and exit 2."""
    result = run_cngen("sweep", name, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"cngen: error: {message}\n"
