"""Groups of points: each job is what it reads as, and nothing of one job stays in another."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import run_cngen, write_project
from tests.support.reading.canonical import canonical
from tests.support.reading.composer import composed, store_of

pytestmark = pytest.mark.hydra

TREE = {
    "cn/opt/base.py": """\
from cngen import CN

class Opt(CN):
    lr: float = 0.1
    wd: float = 0.0

class SGD(Opt):
    momentum: float = 0.9

class Duo(Opt):
    parts: dict[str, Opt] = {"a": SGD()}
""",
    "cn/run.py": """\
from cngen import CN, patch, sweep
from cn.opt.base import SGD, Duo, Opt

class Run(CN):
    seed: int = 1
    opt: Opt = SGD()
    parts: dict[str, Opt] = {"a": SGD()}

    study: str = "a"  # the name of a config group as well

class Wide(Run):
    parts = {"q": Opt()}

class Grid(Run):
    opt = sweep(patch(lr=0.5), patch(wd=0.3))
    parts = sweep(patch(b=SGD()), patch(c=SGD()))
""",
    "cn/exp/e.py": """\
from cngen import patch, sweep
from cn.opt.base import SGD, Duo, Opt
from cn.run import Run

class Inside(Run):
    opt = Duo(parts=sweep(patch(b=SGD()), patch(c=SGD())))

class InDict(Run):
    parts = {"a": sweep(patch(lr=0.5), patch(wd=0.3)), "b": Opt()}

class Whole(Run):
    parts = sweep({"b": SGD()}, {"a": Opt(), "c": SGD()}, {})

class Further(Inside):
    opt = Duo(lr=7.0, parts=sweep(patch(c=Opt()), patch(a=Opt())))

class Fast(Run):
    opt = patch(lr=7.0)
    parts = patch(a=patch(lr=3.0), q=Opt())

class OverFast(Fast):
    opt = sweep(patch(wd=0.5), patch(wd=0.25))
    parts = sweep(patch(z=Opt()))

class Started(Run):
    opt = sweep(Duo(), SGD())

class OverStarted(Started):
    opt = sweep(patch(lr=1.0), patch(wd=1.0))

class Mixed(Fast):
    opt = sweep(patch(wd=0.5), SGD())

class Named(Run, name="a.b"):
    opt = sweep(patch(lr=1.0), patch(lr=2.0))

class NamedAlike(Run, name="a_b"):
    opt = sweep(patch(lr=3.0), patch(lr=4.0))
""",
    "cn/study/e.py": """\
from cngen import patch, points, sweep
from cn.exp.e import Fast as Other
from cn.opt.base import Duo
from cn.run import Run, Wide

class Fast(Run):
    seed = 7

class Both(Run):
    both = points(Fast, Other)

class Gone(Run):  # removes what any primary config has
    parts = {}

class OverWide(Wide):
    which = points(Fast, Gone)

class LikeAGroup(Run):
    study = sweep("b", "c")

class Chosen(Run):
    opt = Duo(lr=4.0)

class Patched(Run):
    opt = patch(lr=9.0)

class Joined(Patched, Chosen):
    seed = 3

class Parallel(Run, launcher="joblib"):
    seed = sweep(1, 2)
    hydra = {"launcher": {"n_jobs": 3}}

class Single(Parallel, launcher="basic"):
    seed = sweep(3, 4)
""",
}
SGD = ("SGD", {"lr": 0.1, "wd": 0.0, "momentum": 0.9})
OPT = ("Opt", {"lr": 0.1, "wd": 0.0})


def sgd(**changed: float) -> tuple[str, dict[str, float]]:
    return "SGD", {"lr": 0.1, "wd": 0.0, "momentum": 0.9, **changed}


def duo(lr: float = 0.1, **parts: object) -> dict[str, Any]:
    return {"opt": ("Duo", {"lr": lr, "wd": 0.0, "parts": parts})}


RUN: dict[str, object] = {"seed": 1, "opt": SGD, "parts": {"a": SGD}, "study": "a"}
JOBS: dict[str, list[dict[str, object]]] = {
    "grid": [
        {"opt": opt, "parts": {"a": SGD, key: SGD}}
        for opt in (sgd(lr=0.5), sgd(wd=0.3))
        for key in ("b", "c")
    ],
    "exp/inside": [duo(a=SGD, b=SGD), duo(a=SGD, c=SGD)],
    "exp/in_dict": [{"parts": {"a": a, "b": OPT}} for a in (sgd(lr=0.5), sgd(wd=0.3))],
    "exp/whole": [{"parts": {"b": SGD}}, {"parts": {"a": OPT, "c": SGD}}, {"parts": {}}],
    "exp/further": [duo(7.0, a=SGD, c=OPT), duo(7.0, a=OPT)],
    "exp/over_fast": [
        {"opt": sgd(lr=7.0, wd=wd), "parts": {"a": sgd(lr=3.0), "q": OPT, "z": OPT}}
        for wd in (0.5, 0.25)
    ],
    "exp/over_started": [duo(1.0, a=SGD), {"opt": ("Duo", duo(a=SGD)["opt"][1] | {"wd": 1.0})}],
    "exp/mixed": [
        {"opt": opt, "parts": {"a": sgd(lr=3.0), "q": OPT}} for opt in (sgd(lr=7.0, wd=0.5), SGD)
    ],
    "exp/a.b": [{"opt": sgd(lr=lr)} for lr in (1.0, 2.0)],
    "exp/a_b": [{"opt": sgd(lr=lr)} for lr in (3.0, 4.0)],
    "study/over_wide": [{"seed": 7, "parts": {"q": OPT}}, {"parts": {}}],
    "study/like_a_group": [{"study": "b"}, {"study": "c"}],
    "study/joined": [{"seed": 3, **duo(9.0, a=SGD)}],
    "study/single": [{"seed": 3}, {"seed": 4}],
    "study/both": [{"seed": 7}, {"opt": sgd(lr=7.0), "parts": {"a": sgd(lr=3.0), "q": OPT}}],
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    folder = write_project(tmp_path, TREE)
    assert run_cngen("build", cwd=folder).returncode == 0
    with store_of(folder):
        yield folder


@pytest.mark.parametrize("name", JOBS)
def test_each_job_composes_to_what_it_reads_as(project: Path, name: str) -> None:
    listed = json.loads(run_cngen("sweep", name, "--format", "json", cwd=project).stdout)
    config, *added = [name] if "/" not in name else ["run", f"+{name.replace('/', '=')}"]
    config = "wide" if name == "study/over_wide" else config

    runs = [canonical(composed((*added, *job["overrides"]), config)) for job in listed["jobs"]]

    cls = config.capitalize()
    assert runs == [(cls, RUN | changed) for changed in JOBS[name]]
