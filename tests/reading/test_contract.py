"""The contract tree, compiled by cngen: composing it gives what a person reads in its sources.

`EXPECTED` is written by hand from tests/whole/cases/contract/cn alone: for each command line, the value of
each part that it touches as (class, {field: value}).
"""

import shutil
from collections.abc import Iterator

import pytest
from hydra import compose
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from cngen.compiler import compile_tree
from cngen.project.settings import load_settings
from tests.support.project import CHECKOUT
from tests.support.reading.canonical import canonical
from tests.support.reading.composer import composed, store_of

pytestmark = pytest.mark.hydra

TREE = CHECKOUT / "tests/whole/cases/contract/cn"

COSINE = ("Cosine", {"warmup": 10, "t_max": 100})
LINEAR = ("Linear", {"warmup": 10, "slope": 0.1})
ADAM = ("Adam", {"lr": 1e-3, "sched": COSINE, "betas": [0.9, 0.99]})
ADAM_RUN = ("Adam", {"lr": 3e-4, "sched": COSINE, "betas": [0.9, 0.99]})
SGD = ("SGD", {"lr": 1e-3, "sched": LINEAR, "momentum": 0.9})
HEAD = ("Head", {"action_dim": 7})
DIFFUSION = ("Diffusion", {"action_dim": 7, "diffusion_steps": 20})
DIFFUSION_RUN = ("Diffusion", {"action_dim": 7, "diffusion_steps": 5})
BRIDGE, ALOHA = ("Bridge", {"p": 0.1, "hue": 0.2}), ("Aloha", {"p": 0.1, "ratio": 0.3})
SIDE = ("Aloha", {"p": 0.1, "ratio": 0.9})
FRAME = ("Frame", {"size": 224, "augs": {"primary": ("Aug", {"p": 0.1})}, "first": ALOHA})
PER_VIEW = (
    "PerView",
    {"size": 224, "augs": {"primary": BRIDGE, "side": SIDE}, "first": BRIDGE, "views": 3},
)


def data(frame: object, batch_size: int = 256) -> object:
    transform = ("Transform", {"frame": frame, "traj": ("Traj", {"horizon": 4})})
    return ("Data", {"batch_size": batch_size, "transform": transform})


RUN = {
    "steps": 500000,
    "seed": 1,
    "mode": ("Mode", "FULL"),
    "optimizer": ADAM_RUN,
    "ema": None,
    "heads": {"left": HEAD, "right": DIFFUSION_RUN},
    "stack": [HEAD, DIFFUSION],
    "data": data(PER_VIEW),
    "width": 7,
}

FAST = (
    "Adam",
    {"lr": 9.0, "sched": ("Linear", {"warmup": 10, "slope": 7.0}), "betas": [0.9, 0.99]},
)
EXP_FAST = {"seed": 3, "optimizer": FAST, "heads": {"left": DIFFUSION}, "data": data(FRAME)}

EXPECTED: dict[tuple[str, ...], dict[str, object]] = {
    (): {},
    ("optimizer=sgd",): {"optimizer": SGD},
    ("optimizer=adam",): {"optimizer": ADAM},
    ("optimizer/sched=linear",): {"optimizer": ("Adam", {**ADAM_RUN[1], "sched": LINEAR})},
    ("optimizer=sgd", "optimizer.momentum=0.5"): {
        "optimizer": ("SGD", {**SGD[1], "momentum": 0.5})
    },
    ("optimizer@ema=sgd",): {"ema": SGD},
    ("head@heads.left=diffusion",): {"heads": {"left": DIFFUSION, "right": DIFFUSION_RUN}},
    ("+head@heads.third=diffusion",): {
        "heads": {"left": HEAD, "right": DIFFUSION_RUN, "third": DIFFUSION}
    },
    ("stack.1.diffusion_steps=9",): {
        "stack": [HEAD, ("Diffusion", {"action_dim": 7, "diffusion_steps": 9})]
    },
    ("data/transform/frame=base",): {"data": data(FRAME)},
    ("mode=HEAD", "heads.left.action_dim=3"): {
        "mode": ("Mode", "HEAD"),
        "heads": {"left": ("Head", {"action_dim": 3}), "right": DIFFUSION_RUN},
        "width": 3,
    },
    ("+exp=fast",): EXP_FAST,
    ("+exp=faster",): EXP_FAST | {"seed": 4, "optimizer": SGD},
    ("+exp=tiny",): {"data": data(PER_VIEW, 2)},
    ("+exp=[fast,tiny]",): EXP_FAST | {"data": data(FRAME, 2)},
    ("+exp=fast", "optimizer=sgd"): EXP_FAST | {"optimizer": SGD},
}


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The tree's store, compiled anew and registered."""
    project = tmp_path_factory.mktemp("contract")
    shutil.copytree(TREE, project / "cn")
    text = compile_tree(load_settings(project)).text
    assert text is not None
    (project / "cn/_generated_store.py").write_text(text)
    with store_of(project):
        yield


@pytest.mark.parametrize("overrides", EXPECTED, ids=" ".join)
def test_compose_equals_the_plain_reading(overrides: tuple[str, ...]) -> None:
    name, fields = canonical(composed(overrides))  # type: ignore[misc]
    assert name == "Run"
    assert fields == {**RUN, **EXPECTED[overrides]}


def test_a_misspelled_key_is_an_error() -> None:
    with pytest.raises(Exception, match="Could not override"):
        compose("run", overrides=["data.batch_sise=3"])


def test_a_sweep_runs_the_jobs_that_its_class_says() -> None:
    params = compose("run", ["+exp=lr_sweep"], return_hydra_config=True).hydra.sweeper.params
    overrides = OverridesParser.create().parse_overrides([f"{k}={v}" for k, v in params.items()])
    jobs = BasicSweeper.split_arguments(overrides, max_batch_size=None)[0]
    runs = [canonical(composed(("+exp=lr_sweep", *job))) for job in jobs]

    expected = [
        EXP_FAST | {"seed": seed, "optimizer": ("Adam", ADAM[1] | {"lr": lr}), "heads": heads}
        for seed in (1, 2)
        for lr in (1e-4, 3e-4, 1e-3)
        for heads in (
            {"left": DIFFUSION, "right": HEAD},
            {"left": DIFFUSION, "right": ("Diffusion", {"action_dim": 7, "diffusion_steps": 50})},
        )
    ]
    assert runs == [("Run", RUN | changed) for changed in expected]


def test_dataclasses_are_clean() -> None:
    config = compose("run")
    assert "defaults" not in OmegaConf.to_yaml(config)
    assert not hasattr(OmegaConf.to_object(config), "defaults")
