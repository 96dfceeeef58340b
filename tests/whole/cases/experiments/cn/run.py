from enum import Enum
from pathlib import Path
from typing import Any

from cngen import CN, patch, ref, sweep
from cn.head.base import Big, Head
from cn.opt.base import SGD, Adam, Opt
from cn.opt.sched.base import Linear


class Mode(Enum):
    FAST = 1
    SLOW = 2


class Run(CN):
    seed: int = 1
    rate: float = 0.5
    name: str = "a"
    any: Any = None
    path: Path = Path("a")
    steps: list[int] = [1, 2]
    table: dict[str, int] = {"a": 1}
    mode: Mode = Mode.FAST
    opt: Opt = Adam(lr=3.0)
    ema: Opt | None = None
    second: Opt | None = SGD()
    heads: dict[str, Head] = {"left": Head(), "right": Big(size=4)}
    stack: list[Head] = [Head()]
    link: int = ref("seed")


class Grid(Run, launcher="basic"):
    """Another primary config, which sweeps."""

    seed = sweep(1, 2)
    opt = Adam(lr=sweep(1.0, 2.0), sched=Linear(slope=sweep(0.1, 0.2)))
    hydra = {"job": {"name": "grid"}}


class Longer(Grid):
    """Inherits the sweeps of its base, but for one that it sets."""

    rate = 0.75
    seed = 3


class Debug(Run):
    opt = patch(lr=0.5, sched=patch(warmup=1))
    heads = patch(left=patch(dim=1), mid=Big())


class Pairs(Run):
    """What isn't a full product, in a primary config."""

    seed = sweep(1, 2, zip="pair")
    ema = sweep(None, SGD(), zip="pair")
    name = sweep("x", "y,z")
