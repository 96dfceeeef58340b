"""A small tree, the store that it must become, and what both mean: each written by hand.

It checks the oracle itself: the interpreter has to read ``TREE`` as ``RUN``, and the composer has to
compose ``STORE`` to the same.
"""

TREE: dict[str, str] = {
    "cn/data/base.py": """from cngen import CN
from cn.data.transform.base import Transform


class Data(CN):
    batch_size: int = 256
    transform: Transform
""",
    "cn/data/transform/base.py": """from cngen import CN
from cn.data.transform.frame.base import Frame, PerView
from cn.data.transform.traj.base import Traj


class Transform(CN):
    frame: Frame = PerView()
    traj: Traj
""",
    "cn/data/transform/frame/aug/base.py": """from cngen import CN


class Aug(CN):
    p: float = 0.1


class Bridge(Aug):
    hue: float = 0.2


class Aloha(Aug):
    ratio: float = 0.3
""",
    "cn/data/transform/frame/base.py": """from cngen import CN
from cn.data.transform.frame.aug.base import Aloha, Aug, Bridge


class Frame(CN):
    size: int = 224
    augs: dict[str, Aug] = {"primary": Aug()}
    first: Aug = Aloha()


class PerView(Frame):
    views: int = 3
    augs = {"primary": Bridge(), "side": Aloha(ratio=0.9)}
    first = Bridge()
""",
    "cn/data/transform/traj/base.py": """from cngen import CN


class Traj(CN):
    horizon: int = 4
""",
    "cn/exp/fast.py": """from cngen import patch, sweep
from cn.data.base import Data
from cn.data.transform.base import Transform
from cn.data.transform.frame.base import Frame
from cn.head.base import Diffusion, Head
from cn.optimizer.base import SGD, Adam
from cn.optimizer.sched.base import Linear
from cn.run import Run


class Fast(Run):
    seed = 3
    optimizer = Adam(lr=9.0, sched=Linear(slope=7.0))
    heads = {"left": Diffusion()}  # replaces the dict: "right" is gone
    data = Data(transform=Transform(frame=Frame()))


class Faster(Fast):
    seed = 4
    optimizer = SGD()


class Tiny(Run):
    data = patch(batch_size=2)  # whichever data option is chosen, with this change


class LrSweep(Fast):
    seed = sweep(1, 2)
    optimizer = Adam(lr=sweep(1e-4, 3e-4, 1e-3))
    heads = patch(right=sweep(Head(), Diffusion(diffusion_steps=50)))
""",
    "cn/head/base.py": """from cngen import CN


class Head(CN):  # named like its group: the option is called base
    action_dim: int = 7


class Diffusion(Head):
    diffusion_steps: int = 20
""",
    "cn/optimizer/base.py": """from cngen import CN
from cn.optimizer.sched.base import Cosine, Linear, Schedule


class Optimizer(CN, abstract=True):
    lr: float = 1e-3
    sched: Schedule = Cosine()


class Adam(Optimizer):
    betas: list[float] = [0.9, 0.99]


class SGD(Optimizer):
    momentum: float = 0.9
    sched = Linear()  # an inherited field, overridden without repeating its type
""",
    "cn/optimizer/sched/base.py": """from cngen import CN


class Schedule(CN, abstract=True):
    warmup: int = 10


class Cosine(Schedule):
    t_max: int = 100


class Linear(Schedule):
    slope: float = 0.1
""",
    "cn/run.py": '''"""The primary config. Files that lie directly in cn/ hold primary configs."""

from enum import Enum

from cngen import CN, ref
from cn.data.base import Data
from cn.head.base import Diffusion, Head
from cn.optimizer.base import Adam, Optimizer


class Mode(Enum):
    FULL = "full"
    HEAD = "head_only"


class Run(CN):
    """One training run."""

    steps: int = int(5e5)
    seed: int = 1  # of every random generator
    mode: Mode = Mode.FULL
    optimizer: Optimizer = Adam(lr=3e-4)  # a variation of an option, written in place
    ema: Optimizer | None = None  # the attribute is not named after its group
    heads: dict[str, Head] = {"left": Head(), "right": Diffusion(diffusion_steps=5)}
    stack: list[Head] = [Head(), Diffusion()]
    data: Data  # no default: the group's base option
    width: int = ref("heads.left.action_dim")
''',
}

STORE = """from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import II, MISSING, DictConfig, OmegaConf, open_dict


class Mode(Enum):  # the real output imports it from where it is defined
    FULL = "full"
    HEAD = "head_only"


@dataclass(kw_only=True)
class Aug:
    p: float = 0.1


@dataclass(kw_only=True)
class Aloha(Aug):
    ratio: float = 0.3


@dataclass(kw_only=True)
class Bridge(Aug):
    hue: float = 0.2


@dataclass(kw_only=True)
class Frame:
    size: int = 224
    augs: dict[str, Aug] = field(default_factory=dict)
    first: Aug = MISSING


@dataclass(kw_only=True)
class PerView(Frame):
    views: int = 3


@dataclass(kw_only=True)
class Traj:
    horizon: int = 4


@dataclass(kw_only=True)
class Transform:
    frame: Frame = MISSING
    traj: Traj = MISSING


@dataclass(kw_only=True)
class Data:
    batch_size: int = 256
    transform: Transform = MISSING


@dataclass(kw_only=True)
class Head:
    action_dim: int = 7


@dataclass(kw_only=True)
class Diffusion(Head):
    diffusion_steps: int = 20


@dataclass(kw_only=True)
class Schedule:
    warmup: int = 10


@dataclass(kw_only=True)
class Cosine(Schedule):
    t_max: int = 100


@dataclass(kw_only=True)
class Linear(Schedule):
    slope: float = 0.1


@dataclass(kw_only=True)
class Optimizer:
    lr: float = 1e-3
    sched: Schedule = MISSING


@dataclass(kw_only=True)
class Adam(Optimizer):
    betas: list[float] = field(default_factory=lambda: [0.9, 0.99])


@dataclass(kw_only=True)
class SGD(Optimizer):
    momentum: float = 0.9


@dataclass(kw_only=True)
class Run:
    steps: int = 500000
    seed: int = 1
    mode: Mode = Mode.FULL
    optimizer: Optimizer = MISSING
    ema: Optimizer | None = None
    heads: dict[str, Head] = field(default_factory=dict)
    stack: list[Head] = field(default_factory=lambda: [Head(), Diffusion()])
    data: Data = MISSING
    width: int = II("heads.left.action_dim")


def _node(schema: type, *defaults: dict[str, str | None]) -> DictConfig:
    node: DictConfig = OmegaConf.structured(schema)
    if defaults:
        with open_dict(node):
            node.defaults = ["_self_", *defaults]
    return node


cs = ConfigStore.instance()

cs.store(group="data", name="base", node=_node(Data, {"transform": "base"}))
cs.store(group="data/transform", name="base", node=_node(Transform, {"frame": "per_view"}, {"traj": "base"}))
cs.store(
    group="data/transform/frame",
    name="base",
    node=_node(Frame, {"aug@augs.primary": "base"}, {"aug@first": "aloha"}),
)
cs.store(
    group="data/transform/frame",
    name="per_view",
    node=_node(
        PerView,
        {"aug@augs.primary": "bridge"},
        {"aug@augs.side": "aloha.per_view"},
        {"aug@first": "bridge"},
    ),
)
cs.store(group="data/transform/frame/aug", name="aloha", node=_node(Aloha))
cs.store(group="data/transform/frame/aug", name="base", node=_node(Aug))
cs.store(group="data/transform/frame/aug", name="bridge", node=_node(Bridge))
cs.store(group="data/transform/traj", name="base", node=_node(Traj))
cs.store(group="head", name="base", node=_node(Head))
cs.store(group="head", name="diffusion", node=_node(Diffusion))
cs.store(group="optimizer", name="adam", node=_node(Adam, {"sched": "cosine"}))
cs.store(group="optimizer", name="sgd", node=_node(SGD, {"sched": "linear"}))
cs.store(group="optimizer/sched", name="cosine", node=_node(Cosine))
cs.store(group="optimizer/sched", name="linear", node=_node(Linear))

# Variations that the sources write in place: <option>.<owner>
cs.store(group="data/transform/frame/aug", name="aloha.per_view", node={"defaults": ["aloha", "_self_"], "ratio": 0.9})
cs.store(group="head", name="diffusion.run", node={"defaults": ["diffusion", "_self_"], "diffusion_steps": 5})
cs.store(group="optimizer", name="adam.run", node={"defaults": ["adam", "_self_"], "lr": 3e-4})
# Primary configs
cs.store(
    name="run",
    node=_node(
        Run,
        {"optimizer": "adam.run"},
        {"optimizer@ema": None},
        {"head@heads.left": "base"},
        {"head@heads.right": "diffusion.run"},
        {"data": "base"},
    ),
)
"""

COSINE, LINEAR = ("Cosine", {"warmup": 10, "t_max": 100}), ("Linear", {"warmup": 10, "slope": 0.1})
ADAM: tuple[str, dict[str, object]] = ("Adam", {"lr": 1e-3, "sched": COSINE, "betas": [0.9, 0.99]})
ADAM_RUN = ("Adam", {"lr": 3e-4, "sched": COSINE, "betas": [0.9, 0.99]})
SGD = ("SGD", {"lr": 1e-3, "sched": LINEAR, "momentum": 0.9})
HEAD = ("Head", {"action_dim": 7})
DIFFUSION = ("Diffusion", {"action_dim": 7, "diffusion_steps": 20})
DIFFUSION_RUN = ("Diffusion", {"action_dim": 7, "diffusion_steps": 5})
BRIDGE, ALOHA = ("Bridge", {"p": 0.1, "hue": 0.2}), ("Aloha", {"p": 0.1, "ratio": 0.3})
SIDE = ("Aloha", {"p": 0.1, "ratio": 0.9})
FRAME = ("Frame", {"size": 224, "augs": {"primary": ("Aug", {"p": 0.1})}, "first": ALOHA})
VIEW = {"size": 224, "augs": {"primary": BRIDGE, "side": SIDE}, "first": BRIDGE, "views": 3}


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
    "data": data(("PerView", VIEW)),
    "width": 7,
}

# What each choice changes: (where, option, what is typed, the fields of Run that it changes).
CHOICES: list[tuple[str, str, str, dict[str, object]]] = [
    ("optimizer", "sgd", "optimizer=sgd", {"optimizer": SGD}),
    ("optimizer", "adam", "optimizer=adam", {"optimizer": ADAM}),
    (
        "optimizer.sched",
        "linear",
        "optimizer/sched=linear",
        {"optimizer": ("Adam", {**ADAM_RUN[1], "sched": LINEAR})},
    ),
    ("ema", "sgd", "optimizer@ema=sgd", {"ema": SGD}),
    (
        "heads.left",
        "diffusion",
        "head@heads.left=diffusion",
        {"heads": {"left": DIFFUSION, "right": DIFFUSION_RUN}},
    ),
    (
        "heads.new",
        "diffusion",
        "+head@heads.new=diffusion",
        {"heads": {"left": HEAD, "right": DIFFUSION_RUN, "new": DIFFUSION}},
    ),
    ("data.transform.frame", "base", "data/transform/frame=base", {"data": data(FRAME)}),
]

# What experiments change: (their options, the fields of Run).
FAST_ADAM = {"lr": 9.0, "sched": ("Linear", {"warmup": 10, "slope": 7.0}), "betas": [0.9, 0.99]}
FAST = {
    "seed": 3,
    "optimizer": ("Adam", FAST_ADAM),
    "heads": {"left": DIFFUSION},
    "data": data(FRAME),
}
EXPERIMENTS: list[tuple[list[str], dict[str, object]]] = [
    (["fast"], FAST),
    (["faster"], FAST | {"seed": 4, "optimizer": SGD}),
    (["tiny"], {"data": data(("PerView", VIEW), 2)}),
    (["fast", "tiny"], FAST | {"data": data(FRAME, 2)}),
]

# The jobs of lr_sweep, in order.
JOBS: list[dict[str, object]] = [
    FAST | {"seed": seed, "optimizer": ("Adam", ADAM[1] | {"lr": lr}), "heads": heads}
    for seed in (1, 2)
    for lr in (1e-4, 3e-4, 1e-3)
    for heads in (
        {"left": DIFFUSION, "right": HEAD},
        {"left": DIFFUSION, "right": ("Diffusion", {"action_dim": 7, "diffusion_steps": 50})},
    )
]
