"""Models that scikit-learn can't build from a config as it stands."""

from dataclasses import asdict
from typing import Any

from sklearn.neural_network import MLPClassifier

from example_project.cn import Solver


def mlp(solver: Solver, **arguments: Any) -> MLPClassifier:
    """An MLPClassifier, which takes the settings of its solver among its own."""
    return MLPClassifier(solver=solver.name, **asdict(solver), **arguments)
