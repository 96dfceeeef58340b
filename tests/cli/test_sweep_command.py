"""`cngen sweep`: the jobs of an experiment before they run."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.project import PATIENCE, environment, run_cngen, write_project

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
    steps: int = 1
    opt: Opt
""",
    "cn/exp/e.py": """\
from cngen import interval, points, sweep
from cn.opt.base import SGD
from cn.run import Run

raise RuntimeError("sources are read, never run")

class Plain(Run):
    seed = 2

class Tuned(Run):
    opt = SGD(lr=2.0)

class Small(Run):
    steps = 5

class Sizes(Tuned):
    size = points(Small)
    seed = sweep(1, 2, 3, zip="pair")
    name = sweep("x", "y", "z", zip="pair")

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


MANY = """\
from cngen import sweep
from cn.run import Run

class Many(Run):
    seed = sweep(1, 2, 3, 4, 5, 6, 7, zip="n")
    name = sweep("a", "b", "c", "d", "e", "f", "g", zip="n")
"""


def on_terminal(project: Path, *arguments: str, **variables: str) -> str:
    """What the command prints where somebody looks."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cngen", *arguments]
    env = {**environment(TERM="xterm"), **variables}
    with subprocess.Popen(command, cwd=project, env=env, stdout=theirs, stdin=theirs) as process:
        os.close(theirs)
        printed = b""
        with suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                printed += part
        assert process.wait(PATIENCE) == 0
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, TREE)


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


def test_keys_of_points_and_what_a_variation_is(project: Path) -> None:
    """What a column of points is on the command line, since its name isn't the key."""
    lines = run_cngen("sweep", "sizes", cwd=project).stdout.splitlines()
    assert lines[:6] == [
        "exp/sizes: 3 jobs of `run`",
        "  $ python train.py +exp=sizes",
        "  opt=sgd.tuned  SGD(lr=2.0)",
        "  choose size with exp/_points/sizes/size=small",
        "  choose seed, name with exp/_points/sizes/pair=p0|p1|p2",
        "",
    ]
    assert lines[-1].split() == ["2", "small", "3", "z"]


def test_many_points_are_shortened(tmp_path: Path) -> None:
    project = write_project(tmp_path, {**TREE, "cn/exp/e.py": MANY})
    printed = run_cngen("sweep", "many", cwd=project)
    assert "  choose seed, name with exp/_points/many/n=p0|p1|...|p6\n" in printed.stdout, (
        printed.stderr
    )


def test_limit_tells_what_it_hides(project: Path) -> None:
    table = run_cngen("sweep", "grid", "--limit", "0", cwd=project).stdout
    assert table.splitlines()[-1] == "  ... and 4 more"
    result = run_cngen("sweep", "--limit", "3", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--limit needs NAME: it limits the jobs of one experiment" in result.stderr


def test_a_search_shows_its_space(project: Path) -> None:
    """Its jobs aren't known before it runs."""
    found = json.loads(run_cngen("sweep", "search", "--format", "json", cwd=project).stdout)
    assert (found["count"], found["jobs"], found["launcher"]) == (7, [], "joblib")
    assert found["space"] == {"opt.lr": "interval(0.1, 1.0)"}
    assert (
        "7 jobs of `run` with optuna + joblib" in run_cngen("sweep", "search", cwd=project).stdout
    )
    rows = run_cngen("sweep", "search", "--format", "csv", cwd=project).stdout.splitlines()
    assert rows == ["key,searched in", 'opt.lr,"interval(0.1, 1.0)"']


def test_overview(project: Path) -> None:
    """Every experiment with its number of jobs."""
    found = json.loads(run_cngen("sweep", "--format", "json", cwd=project).stdout)
    assert {item["experiment"]: item["count"] for item in found} == {
        "exp/grid": 4,
        "exp/plain": 1,
        "exp/search": 7,
        "exp/sizes": 3,
        "exp/small": 1,
        "exp/tuned": 1,
        "other/plain": 1,
    }
    table = run_cngen("sweep", cwd=project).stdout
    assert table.startswith("experiment ")
    assert ["exp/grid", "run", "4", "name,", "opt"] in [line.split() for line in table.splitlines()]
    assert run_cngen("sweep", "--format", "csv", cwd=project).stdout.count("\n") == 8


@pytest.mark.slow
def test_overview_on_terminals(project: Path) -> None:
    """The columns that fit; COLUMNS=0 isn't a width."""
    narrow = on_terminal(project, "sweep", COLUMNS="30", NO_COLOR="1")
    assert [line.split() for line in narrow.splitlines()[::3]] == [
        ["experiment", "jobs"],
        ["exp/plain", "1"],
        ["exp/small", "1"],
    ]
    unknown = on_terminal(project, "sweep", COLUMNS="0", NO_COLOR="1")
    assert unknown == on_terminal(project, "sweep", COLUMNS="80", NO_COLOR="1")
    assert unknown.split()[:5] == ["experiment", "primary", "jobs", "engine", "varies"]


@pytest.mark.slow
def test_colours(project: Path) -> None:
    """Bold on a terminal, nothing at all with NO_COLOR."""
    assert on_terminal(project, "sweep", "grid").startswith("\x1b[1mexp/grid\x1b[0m: 4 jobs")
    assert "\x1b" not in on_terminal(project, "sweep", "grid", NO_COLOR="1")


def test_no_experiments(tmp_path: Path) -> None:
    project = write_project(
        tmp_path, {name: TREE[name] for name in ("cn/run.py", "cn/opt/base.py")}
    )
    result = run_cngen("sweep", cwd=project)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "no experiments\n")
    assert run_cngen("sweep", "--format", "json", cwd=project).stdout == "[]\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("sweep",), ("sweep", "grid"), ("--help",)])
def test_full_disk(project: Path, arguments: tuple[str, ...]) -> None:
    """One line, and exit 2."""
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cngen", *arguments],
            cwd=project,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
    assert result.returncode == 2
    assert result.stderr.startswith("cngen: error: ") and result.stderr.count("\n") == 1


@pytest.mark.slow
def test_reader_that_has_gone(project: Path) -> None:
    """Nothing is said where the other end of a pipe is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        result = subprocess.run(
            [sys.executable, "-m", "cngen", "sweep"],
            cwd=project,
            env=environment(),
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert result.stderr == b""


def test_several_primary_configs(tmp_path: Path) -> None:
    """Then the command says which one."""
    derived = (
        TREE["cn/run.py"] + "from cngen import sweep\n\nclass Twice(Run):\n    seed = sweep(1, 2)\n"
    )
    project = write_project(tmp_path, {**TREE, "cn/run.py": derived})
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
        ("gird", "unknown experiment `gird`: did you mean `grid`?"),
        ("plain", "the experiment `plain` is ambiguous: exp/plain, other/plain"),
        ("opt", "unknown experiment `opt`"),
    ],
)
def test_unknown_name(name: str, message: str, project: Path) -> None:
    """One line, and exit 2."""
    result = run_cngen("sweep", name, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"cngen: error: {message}\n"
