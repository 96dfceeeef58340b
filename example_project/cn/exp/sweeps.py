"""Experiments of many jobs. `+exp=lr_sweep` runs them all, no `-m` needed."""

from cngen import points, sweep
from example_project.cn.data.base import Digits
from example_project.cn.exp.base import Large, Small
from example_project.cn.model.base import MLP, Forest
from example_project.cn.model.solver.base import SGD
from example_project.cn.run import Run


class LrSweep(Run):
    """Every learning rate, without momentum and with it: 4 x 2 jobs."""

    data = Digits()
    model = MLP(
        solver=SGD(
            learning_rate_init=sweep(1e-3, 3e-3, 1e-2, 3e-2),
            momentum=sweep(0.0, 0.9),
            tol=1e-2,
        )
    )


class ForestSweep(Run):
    """The more trees, the deeper they may grow: the two advance together, 3 jobs."""

    data = Digits()
    model = Forest(
        n_estimators=sweep(10, 30, 100, zip="growth"), max_depth=sweep(3, 6, 12, zip="growth")
    )


class SizeSweep(Run):
    """Two whole experiments, each with three seeds: 2 x 3 jobs."""

    size = points(Small, Large)
    seed = sweep(0, 1, 2)
