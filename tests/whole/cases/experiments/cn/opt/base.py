from cngen import CN
from cn.opt.sched.base import Cosine, Sched


class Opt(CN, abstract=True):
    lr: float = 0.1
    sched: Sched = Cosine()


class Adam(Opt):
    betas: list[float] = [0.9, 0.99]


class SGD(Opt):
    momentum: float = 0.9
