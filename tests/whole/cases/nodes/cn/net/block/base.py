from __future__ import annotations

from typing import Optional

from cngen import CN
from cn.optimizer.base import Adam, Lookahead, Optimizer


class Block(CN):
    size: int = 1
    child: Optional[Block] = None


class Conv(Block):
    kernel: int = 3
    optimizer: Optimizer = Lookahead(inner=Adam(betas=[0.5]), outer=Adam())
