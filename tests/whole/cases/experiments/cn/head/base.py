from cngen import CN
from cn.opt.base import Adam, Opt


class Head(CN):
    dim: int = 7
    opt: Opt = Adam()


class Big(Head):
    size: int = 3


class Duo(Head):
    """Has a dict of nodes below the root of the config."""

    parts: dict[str, Opt] = {"a": Adam()}
