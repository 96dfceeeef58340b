"""The example project, run as a person runs it: fresh processes, in folders of their own."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.support.project import CHECKOUT, run_cngen, run_python
from tests.support.scratch_git import start, without_settings

pytestmark = pytest.mark.slow

EXAMPLE = CHECKOUT / "example_project"
GROUPS = {
    "data": "breast_cancer, digits, wine",
    "data/preprocess": "none, pca, pca.few_features, standard",
    "exp": "careful, few_features, forest_sweep, large, lr_search, lr_sweep, lr_sweep_joblib, "
    "lr_sweep_ray, lr_sweep_submitit, quick, size_sweep, small",
    "exp/_points/forest_sweep/growth": "p0, p1, p2",
    "exp/_points/size_sweep/size": "large, small",
    "metric": "accuracy, balanced_accuracy, balanced_accuracy.careful, f1, f1.run, mcc",
    "model": "forest, logistic, mlp, mlp.large, mlp.lr_sweep, mlp.run, mlp.small",
    "model/solver": "adam, adam.large, adam.run, adam.small, lbfgs, sgd, sgd.lr_sweep",
    "split": "base, ten_fold",
}
COMPOSED = """
import json, sys
from hydra import compose, initialize
from omegaconf import OmegaConf
from example_project.cn import Method
from example_project.cn.split.base import Method as Defined

with initialize(version_base="1.3", config_path=None):
    cfg = compose("run", sys.argv[1:])
run = OmegaConf.to_object(cfg)
"""
# Each node as a dict of what it holds, its class under the key "class".
OBJECTS = """
def plain(value):
    if hasattr(value, "__dataclass_fields__"):
        return {"class": type(value).__name__, **{k: plain(v) for k, v in vars(value).items()}}
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value

print(json.dumps(plain(run), default=str))
"""
ENUM = """
known = [name for name in Method.__members__ if getattr(Method, name) is cfg.split.method]
print(json.dumps([known, Method is Defined, run.split.method is cfg.split.method]))
"""
ESTIMATORS = """
from example_project.train import build_pipeline

steps = build_pipeline(run).named_steps.values()
print(json.dumps([[type(step).__name__, step.get_params()] for step in steps], default=str))
"""
CALLBACK = """
from hydra.experimental.callback import Callback

class Keep(Callback):
    def on_job_end(self, config, job_return, **kwargs):
        with open("returned.txt", "a") as file:
            print(repr(job_return.return_value), file=file)
"""


GUIDE = (CHECKOUT / "docs" / "example.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Trained:
    """What one run printed and what it left in Hydra's folder."""

    output: str
    choices: dict[str, str | None]
    scores: dict[str, float]


def call(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """Start a training run."""
    return run_python("-m", "example_project.train", *arguments, cwd=folder)


def train(folder: Path, *overrides: str) -> Trained:
    """Train in `folder`, which no other run may have used."""
    run = call(folder, *overrides)
    assert run.returncode == 0, run.stderr
    (path,) = folder.glob("outputs/*/*/result.json")
    result = json.loads(path.read_text())
    assert result["overrides"] == list(overrides)
    return Trained(run.stdout, result["choices"], result["scores"])


def composed(folder: Path, code: str, *overrides: str) -> Any:
    """What `code` prints about the config that Hydra composes."""
    run = run_python("-c", COMPOSED + code, *overrides, cwd=folder)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


# Training


@pytest.mark.parametrize(
    ("overrides", "heading", "bound"),
    [
        ("", "MLP on BreastCancer", 0.9),
        ("data=breast_cancer model=mlp", "MLP on BreastCancer", 0.9),
        ("data=digits model=forest", "Forest on Digits", 0.9),
        ("data=digits model=mlp model/solver=lbfgs data/preprocess=pca", "MLP on Digits", 0.9),
        ("data=wine model=mlp model/solver=sgd", "MLP on Wine", 0.85),
        ("data=wine model=logistic split=ten_fold", "Logistic on Wine", 0.85),
    ],
)
def test_trains_what_was_chosen(tmp_path: Path, overrides: str, heading: str, bound: float) -> None:
    """A bound lies far above what guessing the largest class gives: 0.63, 0.1 and 0.4."""
    trained = train(tmp_path, *overrides.split())

    lines = [f"  {name:<12} {score:.3f}" for name, score in trained.scores.items()]
    assert trained.output.splitlines() == [heading, *lines]
    assert list(trained.scores) == ["accuracy", "f1"]
    assert all(bound < score <= 1 for score in trained.scores.values())
    assert dict(item.split("=") for item in overrides.split()).items() <= trained.choices.items()


def test_preprocessing_is_left_out(tmp_path: Path) -> None:
    """Gradient descent needs scaled features: with them, the same run is among those above."""
    choices = ("data=wine", "model=mlp", "model/solver=sgd", "data/preprocess=none")

    assert train(tmp_path, *choices).scores["accuracy"] < 0.7


def test_metrics_are_added_and_removed(tmp_path: Path) -> None:
    trained = train(
        tmp_path,
        "model=logistic",
        "+metric@metrics.balanced=balanced_accuracy",
        "+metric@metrics.mcc=mcc",
        "~metric@metrics.f1",
    )

    assert list(trained.scores) == ["accuracy", "balanced", "mcc"]
    assert trained.choices["metric@metrics.mcc"] == "mcc"
    assert len(set(trained.scores.values())) == 3
    assert all(0.8 < score < 1 for score in trained.scores.values())


def test_sweep_hands_the_first_score_of_each_job_to_the_sweeper(tmp_path: Path) -> None:
    (tmp_path / "keep.py").write_text(CALLBACK)

    run = call(
        tmp_path,
        "--multirun",
        "model=forest,logistic",
        "model.random_state=3",
        "+hydra.callbacks.keep._target_=keep.Keep",
    )

    assert run.returncode == 0, run.stderr
    results = [
        json.loads(path.read_text()) for path in sorted(tmp_path.glob("multirun/*/*/*/result.json"))
    ]
    assert [result["choices"]["model"] for result in results] == ["forest", "logistic"]
    returned = (tmp_path / "returned.txt").read_text().split()
    assert [float(value) for value in returned] == [r["scores"]["accuracy"] for r in results]


# The config


def test_defaults_are_what_the_sources_say(tmp_path: Path) -> None:
    assert composed(tmp_path, OBJECTS) == {
        "class": "Run",
        "seed": 0,
        "data": {
            "class": "BreastCancer",
            "loader": "sklearn.datasets.load_breast_cancer",
            "preprocess": {
                "class": "Standard",
                "_target_": "sklearn.preprocessing.StandardScaler",
                "with_mean": True,
                "with_std": True,
            },
            "reduce": None,
        },
        "split": {"class": "Split", "method": "Method.HOLDOUT", "test_fraction": 0.25, "folds": 5},
        "model": {
            "class": "MLP",
            "_target_": "example_project.models.mlp",
            "random_state": 0,
            "hidden_layer_sizes": [32],
            "alpha": 1.0,
            "solver": {
                "class": "Adam",
                "max_iter": 1000,
                "tol": 1e-4,
                "learning_rate_init": 3e-3,
                "beta_1": 0.9,
                "beta_2": 0.999,
            },
        },
        "metrics": {
            "accuracy": {"class": "Accuracy", "_target_": "sklearn.metrics.accuracy_score"},
            "f1": {"class": "F1", "_target_": "sklearn.metrics.f1_score", "average": "macro"},
        },
    }


def test_chosen_option_leaves_nothing_of_the_default_behind(tmp_path: Path) -> None:
    run = composed(tmp_path, OBJECTS, "model=forest", "data=digits")

    assert run["model"] == {
        "class": "Forest",
        "_target_": "sklearn.ensemble.RandomForestClassifier",
        "random_state": 0,
        "n_estimators": 100,
        "max_depth": None,
    }
    assert (run["data"]["class"], run["data"]["preprocess"]["class"]) == ("Digits", "Identity")


def test_plain_option_is_without_the_variation(tmp_path: Path) -> None:
    run = composed(tmp_path, OBJECTS, "model=mlp", "metric@metrics.f1=f1")

    assert run["model"]["alpha"] == 1e-4
    assert run["model"]["solver"]["learning_rate_init"] == 1e-3
    assert run["metrics"]["f1"]["average"] == "weighted"


def test_optional_node_and_references(tmp_path: Path) -> None:
    run = composed(tmp_path, OBJECTS, "data/preprocess@data.reduce=pca", "seed=7")

    assert run["data"]["reduce"] == {
        "class": "PCA",
        "_target_": "sklearn.decomposition.PCA",
        "n_components": 0.95,
        "whiten": True,
        "random_state": 7,
    }
    assert run["model"]["random_state"] == 7


@pytest.mark.parametrize(
    ("override", "member"),
    [
        ("seed=0", "HOLDOUT"),
        ("split=ten_fold", "CROSS_VALIDATION"),
    ],
)
def test_enum_is_the_one_that_the_code_compares_with(
    tmp_path: Path, override: str, member: str
) -> None:
    assert composed(tmp_path, ENUM, override) == [[member], True, True]


def test_settings_reach_scikit_learn(tmp_path: Path) -> None:
    steps = composed(
        tmp_path,
        ESTIMATORS,
        "model=mlp",
        "model/solver=sgd",
        "model.solver.momentum=0.5",
        "model.hidden_layer_sizes=[8,4]",
        "data/preprocess=none",
        "data/preprocess@data.reduce=pca",
        "data.reduce.n_components=5",
        "seed=3",
    )

    names = [name for name, _ in steps]
    assert names == ["FunctionTransformer", "PCA", "MLPClassifier"]
    _, pca, mlp = (parameters for _, parameters in steps)
    assert pca.items() >= {"n_components": 5, "whiten": True, "random_state": 3}.items()
    expected = {
        "solver": "sgd",
        "momentum": 0.5,
        "learning_rate_init": 1e-2,
        "max_iter": 1000,
        "hidden_layer_sizes": [8, 4],
        "random_state": 3,
    }
    assert {name: mlp[name] for name in expected} == expected


def test_split_that_leaves_nothing_is_refused_before_training(tmp_path: Path) -> None:
    run = call(tmp_path, "split.test_fraction=1.5")

    assert run.returncode == 1
    assert "split.test_fraction must lie between 0 and 1, not 1.5" in run.stderr
    assert run.stdout == ""
    assert not list(tmp_path.rglob("result.json"))


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ("split=ten_fold split.test_fraction=0", "test_fraction must lie between 0 and 1, not 0.0"),
        ("split.method=holdout", "Invalid value 'holdout', expected one of [HOLDOUT, CROSS_"),
        ("model=forest model/solver=sgd", "Could not override 'model/solver'"),
        ("model.apha=1", "Key 'apha' not in 'MLP'"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, overrides: str, message: str) -> None:
    run = run_python("-c", COMPOSED, *overrides.split(), cwd=tmp_path)

    assert run.returncode == 1
    assert message in run.stderr


# The guide


def told(program: str) -> list[tuple[str, str]]:
    """The calls of a program in the guide that are shown with their output."""
    blocks = re.findall(r"^```console\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    calls = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.MULTILINE)
    return [(call, output) for call, output in calls if output and call.startswith(program)]


@pytest.mark.parametrize(("call", "output"), told("cngen sweep"))
def test_guide_shows_what_is_printed(call: str, output: str) -> None:
    run = run_cngen(*call.split()[1:], cwd=CHECKOUT)

    assert (run.returncode, run.stdout, run.stderr) == (0, output, "")


def test_guide_shows_what_an_edit_does(tmp_path: Path) -> None:
    shutil.copytree(
        EXAMPLE, tmp_path / "example_project", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    with without_settings():
        start(tmp_path, {})
    [edit] = re.findall(r"^```diff\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    lines = edit.splitlines()
    source = tmp_path / "example_project/cn/model/solver/base.py"
    text = source.read_text()
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(old[1:]) == 1
        text = text.replace(old[1:], new[1:])
    source.write_text(text)

    run = run_cngen("diff", cwd=tmp_path)

    assert [(run.stdout, run.stderr)] == [(output, "") for _, output in told("cngen diff")]


def test_guide_is_read() -> None:
    assert len(told("cngen sweep")) == 2


# The project


def test_help_lists_every_group(tmp_path: Path) -> None:
    run = call(tmp_path, "--help")

    assert run.returncode == 0, run.stderr
    _, _, rest = run.stdout.partition("(group=option)\n\n")
    listed, _, _ = rest.partition("\n\n")
    assert dict(line.split(": ") for line in listed.splitlines()) == GROUPS


def test_every_folder_is_a_group() -> None:
    cn = EXAMPLE / "cn"
    folders = {path.parent.relative_to(cn).as_posix() for path in cn.rglob("base.py")}

    assert folders == {group for group in GROUPS if "/_points/" not in group}


def test_store_is_up_to_date_and_without_findings() -> None:
    check = run_cngen("check", cwd=CHECKOUT)

    assert (check.returncode, check.stdout) == (0, ""), check.stdout + check.stderr


def test_config_is_python_alone() -> None:
    kinds = {
        path.suffix
        for path in EXAMPLE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert kinds == {".py"}
