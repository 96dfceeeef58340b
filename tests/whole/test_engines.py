"""The example's experiments, each run as a person starts it: a fresh process and its real engine."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import run_python

pytestmark = [pytest.mark.slow, pytest.mark.engine]

LEARNING_RATES = (0.001, 0.003, 0.01, 0.03)
ENGINES = ["lr_sweep_joblib", "lr_sweep_submitit", "lr_sweep_ray"]
HALF = "model.solver.momentum=0.9"
"""A value instead of a sweep: half the jobs of the learning-rate sweep."""


@pytest.fixture(autouse=True)
def _quiet_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray would tell its makers about each run, and join a cluster that this variable names."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Half of the learning-rate sweep as Hydra's own launcher runs it, one job after another."""
    return run_jobs(tmp_path_factory.mktemp("reference"), "+exp=lr_sweep", HALF)


def run_jobs(folder: Path, *overrides: str) -> list[dict[str, Any]]:
    """The results of all jobs of a sweep, by number; each number is there, and nothing failed."""
    sweep = folder / "sweep"
    run = run_python(
        "-m", "example_project.train", *overrides, f"hydra.sweep.dir={sweep}", cwd=folder
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found = {path.parent.name: json.loads(path.read_text()) for path in sweep.rglob("result.json")}
    assert set(found) == set(map(str, range(len(found))))
    return [found[str(number)] for number in range(len(found))]


def run_job(folder: Path, *overrides: str) -> dict[str, Any]:
    """The result of a single job."""
    run = run_python(
        "-m", "example_project.train", *overrides, f"hydra.run.dir={folder}", cwd=folder
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return result


# One job


def test_experiment_changes_what_it_says(tmp_path: Path) -> None:
    result = run_job(tmp_path, "+exp=quick")

    assert result["choices"]["data"] == "wine"
    assert result["choices"]["model"] == "logistic"
    assert result["config"]["split"]["method"] == "HOLDOUT"
    assert list(result["scores"]) == ["accuracy", "f1"]
    assert result["scores"]["accuracy"] > 0.9


def test_experiments_stack(tmp_path: Path) -> None:
    result = run_job(tmp_path, "+exp=[quick,careful,few_features]")

    assert result["choices"]["model"] == "logistic"
    assert result["config"]["data"]["loader"] == "sklearn.datasets.load_wine"
    assert result["config"]["data"]["reduce"]["n_components"] == 2
    assert result["config"]["split"]["folds"] == 10
    assert list(result["scores"]) == ["accuracy", "adjusted"]
    assert all(0.9 < score <= 1 for score in result["scores"].values())


# Sweeps


def test_product(tmp_path: Path) -> None:
    results = run_jobs(tmp_path, "+exp=lr_sweep")

    assert [result["overrides"] for result in results] == [
        [
            f"model.solver.learning_rate_init={rate}",
            f"model.solver.momentum={momentum}",
            "+exp=lr_sweep",
        ]
        for rate, momentum in product(LEARNING_RATES, (0.0, 0.9))
    ]
    solvers = [result["config"]["model"]["solver"] for result in results]
    swept = [(solver["learning_rate_init"], solver["momentum"]) for solver in solvers]
    assert swept == list(product(LEARNING_RATES, (0.0, 0.9)))
    assert all(result["scores"]["accuracy"] > 0.7 for result in results)


def test_zip(tmp_path: Path) -> None:
    results = run_jobs(tmp_path, "+exp=forest_sweep")

    models = [result["config"]["model"] for result in results]
    growth = [(model["n_estimators"], model["max_depth"]) for model in models]
    assert growth == [(10, 3), (30, 6), (100, 12)]
    scores = [result["scores"]["accuracy"] for result in results]
    assert scores == sorted(scores)


def test_points(tmp_path: Path) -> None:
    results = run_jobs(tmp_path, "+exp=size_sweep")

    configs = [result["config"] for result in results]
    jobs = [(config["seed"], config["model"]["hidden_layer_sizes"]) for config in configs]
    assert sorted(jobs) == [(seed, size) for seed in (0, 1, 2) for size in ([8], [128])]
    accuracy = {8: 0.0, 128: 0.0}
    for result, (_, (size,)) in zip(results, jobs, strict=True):
        accuracy[size] += result["scores"]["accuracy"] / 3
    assert 0.5 < accuracy[8] < accuracy[128]


# Engines


@pytest.mark.parametrize("experiment", ENGINES)
def test_other_engines_run_the_same_jobs(
    experiment: str, tmp_path: Path, reference: list[dict[str, Any]]
) -> None:
    results = run_jobs(tmp_path, f"+exp={experiment}", HALF)

    assert len(results) == len(LEARNING_RATES)
    for result, other in zip(results, reference, strict=True):
        own = set(result["overrides"]) - {f"+exp={experiment}"}
        assert own == set(other["overrides"]) - {"+exp=lr_sweep"}
        assert result["config"] == other["config"]
        # Another number of threads may round otherwise.
        assert result["scores"] == pytest.approx(other["scores"], abs=0.02)
    # What distinguishes them lies beside the jobs: only submitit keeps its files there.
    assert (tmp_path / "sweep" / ".submitit").is_dir() == ("submitit" in experiment)


def test_engine_is_chosen_and_stacked_on_the_command_line(tmp_path: Path) -> None:
    """The engine is a choice like any other, and one more experiment changes every job."""
    results = run_jobs(tmp_path, "+exp=[lr_sweep,few_features]", HALF, "hydra/launcher=joblib")

    assert len(results) == len(LEARNING_RATES)
    assert all(r["config"]["data"]["reduce"]["n_components"] == 2 for r in results)


def test_slurm_is_another_launcher_for_the_same_experiment(tmp_path: Path) -> None:
    run = run_python(
        *("-m", "example_project.train", "+exp=lr_sweep_submitit"),
        *("hydra/launcher=submitit_slurm", "hydra.launcher.partition=short"),
        *("--cfg", "hydra", "--package", "hydra.launcher"),
        cwd=tmp_path,
    )

    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert (
        "_target_: hydra_plugins.hydra_submitit_launcher.submitit_launcher.SlurmLauncher" in lines
    )
    assert {"partition: short", "timeout_min: 10", "cpus_per_task: 1"} <= set(lines)


def test_search(tmp_path: Path) -> None:
    results = run_jobs(tmp_path, "+exp=lr_search")

    models = [result["config"]["model"] for result in results]
    assert len(results) == 8
    assert all(1e-4 <= model["alpha"] <= 10 for model in models)
    assert all(1e-3 <= model["solver"]["learning_rate_init"] <= 1e-1 for model in models)
    assert {model["solver"]["momentum"] for model in models} == {0.9}
    assert len({model["alpha"] for model in models}) == 8
    best = max(result["scores"]["accuracy"] for result in results)
    told = (tmp_path / "sweep" / "optimization_results.yaml").read_text()
    assert f"best_value: {best}" in told
