"""Sweeps: full products as overrides, everything else as groups of points."""

from pathlib import Path

from cngen import *
from cn.exp.plain import First, Large, Small
from cn.head.base import Big, Duo, Head
from cn.opt.base import SGD, Adam
from cn.opt.sched.base import Linear
from cn.run import Mode, Run

SEEDS = [3, 4]


class Zipped(Run):
    seed = sweep(1, 2, 3, zip="z")
    opt = sweep(Adam(lr=1.0), SGD(), patch(lr=0.3), zip="z")
    heads = patch(third=Big(size=sweep(1, 2, 3, zip="z")))


class Choices(Run):
    ema = sweep(None, SGD(), Adam(lr=3.0))
    heads = sweep({"left": Big()}, {}, {"q": Head(dim=4)})
    link = sweep(ref("seed"), 4)


class Values(Run):
    seed = sweep(*SEEDS, *range(2))
    path = sweep(Path("a b"), Path("c"))
    any = sweep(Path("x"), Mode.SLOW, "true", None, 1.5)
    mode = sweep(Mode.FAST, Mode.SLOW)
    name = sweep("a,b", "it's", "x=1", "", "null", "back\\slash", "\u00e9")


class Inside(Run):
    steps = sweep([1], [2, 3], [])
    stack = sweep([Big()], [Head(opt=SGD()), Head()])
    table = patch(a=sweep(5, 6), n=sweep(1, 2))
    heads = patch(
        new=sweep(Head(), Big(size=9)), left=patch(opt=sweep(SGD(), Adam(sched=Linear())))
    )


class Sizes(First):
    sizes = points(Small, Large)
    name = sweep("p", "q")


class FixedSizes(Sizes):
    """Takes one axis away again."""

    name = "fixed"


class MoreSizes(Sizes):
    """Adds one."""

    link = sweep(8, 9)


class ZippedSizes(Run):
    sizes = points(Small, Large, zip="k")
    seed = sweep(3, 4, zip="k")


class Searched(Run, sweeper="optuna", launcher="joblib"):
    rate = interval(1e-3, 1.0, log=True)
    seed = interval(1, 9)
    mode = sweep(Mode.FAST, Mode.SLOW)
    hydra = {"sweeper": {"n_trials": 5}}


class Searched2(Searched, launcher="basic"):
    """Another launcher for the same search."""

    hydra = {"sweeper": {"n_trials": 7}}


class InDict(Run):
    table = {"a": sweep(1, 2), "b": sweep(3, 4)}


class NewKeys(Run):
    """An override can't add keys to a dict that has some."""

    table = sweep({"a": 1, "b": 2}, {"a": 3, "c": 4})


class DeepKeys(Run):
    """A group of points brings keys that nothing below it has: they are new to each of its points."""

    heads = patch(
        left=Duo(parts=sweep(patch(b=SGD()), patch(b=Adam(), c=SGD()))),
        right=Duo(parts={"a": sweep(SGD(), patch(lr=2.0)), "d": sweep(SGD(), Adam(lr=4.0))}),
    )
