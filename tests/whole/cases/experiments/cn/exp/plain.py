"""Chains of experiments: what each body says is merged over its base, or stored from the start."""

from cngen import patch
from cn.head.base import Big, Duo, Head
from cn.opt.base import SGD, Adam
from cn.opt.sched.base import Linear
from cn.run import Grid, Mode, Run


class First(Run):
    seed = 5
    opt = patch(lr=7.0, sched=Linear(slope=9.0))
    heads = patch(left=Big(size=8), new=Head(dim=99), right=patch(opt=SGD(momentum=0.1)))
    second = None


class Second(First):
    """Replaces the dict of which its base has patched an entry: can't be merged over it."""

    heads = {"new": Big(), "x": Head(opt=SGD())}
    ema = SGD(lr=8.0)
    second = Adam()


class Third(Second):
    """Replaces the optimizer whose rate its base has patched."""

    opt = SGD()
    table = patch(b=4)
    heads = patch(new=patch(size=77))


class Fourth(Third):
    ema = None
    heads = patch(left=Head(dim=3))


class Same(First, abstract=True):
    seed = 6


class OverAbstract(Same):
    rate = 0.75


class OverGrid(Grid):
    rate = 0.25


class Small(Run):
    rate = 0.1
    mode = Mode.SLOW


class Large(Run):
    rate = 0.9
    ema = Adam()


class Both(Small, Third):
    """Two bases: what they say is joined, and the nearer one wins."""


class OneHead(Run, abstract=True):
    heads = {"right": Head()}


class LeftAgain(OneHead):
    """A key that the base takes away comes back."""

    heads = patch(left=Big())


class Parts(Run):
    heads = {"left": Duo(parts={"b": SGD()})}


class PlainParts(Parts):
    """Chooses a node anew: what its base said inside is gone."""

    heads = patch(left=Duo())


class PartsAgain(PlainParts):
    """So the same key is new again."""

    heads = patch(left=patch(parts=patch(b=Adam())))
