import cn.algo
import cn.obs_mode.base
from cn.algo import Renamed, RP_SAC
from cn.algo.base import Algo
from cn.algo.head.linear import Linear
from cn.data.octo import Octo, OctoBase
from cngen import CN as Node


class Run(Node):
    algo: Algo = Renamed
    other: cn.algo.base.Algo = cn.algo.base.AWACMulti(count=3)
    obs: cn.obs_mode.base.ObsMode = cn.obs_mode.base.AWAC()
    head: Linear
    data: Octo = OctoBase()


class Bigger(Run):
    algo = RP_SAC(lr=3.0)
