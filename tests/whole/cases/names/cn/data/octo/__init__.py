import cn.algo.base as ab
from cngen import CN


class Octo(CN, group="data"):
    size: int = 1


class OctoBase(Octo, name="octo-base", group="data"):
    algo: ab.Algo = ab.RP_SAC
