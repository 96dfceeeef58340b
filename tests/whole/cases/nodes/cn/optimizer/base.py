from cngen import CN, MISSING

from .sched.base import Cosine, Schedule


class Optimizer(CN, abstract=True):
    lr: float = 1e-3
    sched: Schedule = Cosine(t_max=5)
    options: dict[str, float] = {"eps": 1e-8}


class Adam(Optimizer):
    betas: list[float] = [0.9, 0.99]


class Lookahead(Optimizer):
    inner: Optimizer = Adam(lr=2.0)
    outer: Optimizer | None = None
    sched = Schedule()
