import cngen
import cngen as c

Base = cngen.CN


class Algo(Base, abstract=True):
    lr: float = 0.1


class RP_SAC(Algo): ...


class AWAC(Algo):
    lr = 0.2


class AWACMulti(AWAC, aliases=["spare/multi_algo", "algo/multi"]):
    count: int = 2
