"""Experiments: what is different from `Run`. Several can be stacked, `+exp=[quick,few_features]`."""

from cngen import patch
from example_project.cn.data.base import Digits, Wine
from example_project.cn.data.preprocess.base import PCA
from example_project.cn.metric.base import Accuracy, BalancedAccuracy
from example_project.cn.model.base import MLP, Logistic
from example_project.cn.model.solver.base import Adam
from example_project.cn.run import Run
from example_project.cn.split.base import TenFold


class Quick(Run):
    """The smallest data set and a model that is fitted at once."""

    data = Wine()
    model = Logistic()


class FewFeatures(Run):
    """Whatever the data, a model sees two features of it."""

    data = patch(reduce=PCA(n_components=2))


class Careful(Run):
    """Scores that depend less on luck, and one that is 0 for guessing."""

    split = TenFold()
    metrics = {"accuracy": Accuracy(), "adjusted": BalancedAccuracy(adjusted=True)}


class Small(Run):
    """A network of few weights."""

    data = Digits()
    model = MLP(hidden_layer_sizes=[8], solver=Adam(tol=1e-2))


class Large(Run):
    """A network of many weights."""

    data = Digits()
    model = MLP(hidden_layer_sizes=[128], solver=Adam(tol=1e-2))
