"""Classifiers. A field is called as scikit-learn calls the argument."""

from cngen import CN, ref
from example_project.cn.model.solver.base import Adam, Solver


class Model(CN, abstract=True):
    """A scikit-learn classifier."""

    random_state: int = ref("seed")


class MLP(Model, target="example_project.models.mlp"):
    """A multi-layer perceptron; the only model that asks for a solver."""

    hidden_layer_sizes: list[int] = [32]
    alpha: float = 1e-4  # L2 penalty
    solver: Solver = Adam()


class Forest(Model, target="sklearn.ensemble.RandomForestClassifier"):
    """A random forest."""

    n_estimators: int = 100
    max_depth: int | None = None


class Logistic(Model, target="sklearn.linear_model.LogisticRegression"):
    """Logistic regression."""

    C: float = 1.0  # inverse of the L2 penalty
    max_iter: int = 1000
