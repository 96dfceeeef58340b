from cngen import CN, MISSING, default, interval, patch, points, ref, sweep


class Model(CN):
    width: int = 3


class Mlp(Model):
    lr: float = 0.1


class Forest(Model):
    trees: int = 100


class Run(CN):
    seed: int = 1
    rate: float = 0.5
    name: str | None = None
    model: Model = Mlp()
    extra: Model | None = None
    heads: dict[str, Model] = {"left": Mlp()}
    values: list[float] = [0.1]


class Annotated(Run, launcher="joblib"):
    seed: int = sweep(1, 2, 3)
    rate: float = sweep(1e-4, 1, zip="pair")
    name: str | None = sweep("a", None, zip="pair")
    model: Model = sweep(Mlp(), Forest(trees=300))
    extra: Model | None = sweep(None, Mlp())
    heads: dict[str, Model] = sweep({"left": Mlp()}, {"left": Forest()})
    values: list[float] = sweep([0.1], [0.2, 0.3])


class Plain(Run, sweeper="optuna"):
    seed = sweep(*range(3))
    rate = interval(1e-5, 1e-2, log=True)
    model = Mlp(lr=sweep(1e-4, 1e-3), width=interval(1, 5))
    extra = sweep(Mlp, Forest)
    heads = patch(right=sweep(Mlp(), Forest(trees=300)))
    hydra = {"sweeper": {"n_trials": 20}}


class Both(Run):
    sizes = points(Annotated, Plain)
    model = patch(lr=0.3)
