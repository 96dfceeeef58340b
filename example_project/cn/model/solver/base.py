"""How the weights of an MLP are found. A field is called as MLPClassifier calls the argument."""

from typing import ClassVar

from cngen import CN


class Solver(CN, abstract=True):
    """One of the solvers that MLPClassifier knows by `name`."""

    name: ClassVar[str]

    max_iter: int = 1000
    tol: float = 1e-4  # an epoch that improves the loss by less counts as none


class Adam(Solver):
    """Steps that adapt to each weight."""

    name: ClassVar[str] = "adam"

    learning_rate_init: float = 1e-3
    beta_1: float = 0.9
    beta_2: float = 0.999


class SGD(Solver):
    """Stochastic gradient descent."""

    name: ClassVar[str] = "sgd"

    learning_rate_init: float = 1e-2
    momentum: float = 0.9
    nesterovs_momentum: bool = True


class LBFGS(Solver):
    """A quasi-Newton method on all samples at once, good for small data."""

    name: ClassVar[str] = "lbfgs"

    max_fun: int = 15_000  # evaluations of the loss
