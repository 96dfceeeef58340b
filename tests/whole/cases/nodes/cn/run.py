from typing import Any

from cngen import CN, MISSING, ref
from cn.net.base import Net, Own
from cn.net.block.base import Block, Conv
from cn.optimizer.base import Adam, Lookahead, Optimizer
from cn.optimizer.sched.base import Cosine, Schedule

SHARED = Adam(lr=9.0)


class Delete(CN):
    count: int = 1
    sched: Schedule = Cosine()


class Run(CN):
    net: Net = Own(in_place=[Conv()], deep={"second": Conv(size=2), "new": Block()})
    optimizer: Optimizer = SHARED
    again: Optimizer = Adam(lr=9.0)
    student: Optimizer = Adam(lr=9.5, options={"beta": 2.0})
    teacher: Optimizer = Lookahead(outer=None, inner=Adam(sched=Schedule(warmup=1)))
    linked: Optimizer = ref("optimizer")
    keys: Delete = Delete(count=4)
    other: Delete
    free: Any = Cosine(t_max=1)
    stack: list[Net] = [Net(), Own(block=Block())]
    maybe: Net | None = None
    none: dict[str, Optimizer] | None = None


class Must(Run):
    optimizer = MISSING
