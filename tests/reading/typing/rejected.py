from cngen import interval, points, sweep
from accepted import Mlp, Model, Run


class A(Run):
    seed: int = sweep("a")
    model: Model = sweep(Mlp(), 3)
    rate: float = sweep(0.1, "b")
    name: str | None = interval(1, 2)


class B(Run):
    model = Mlp(lr=sweep("x"))
    sizes = points(3)
