"""The primary config: what one run of `train.py` does."""

from cngen import CN
from example_project.cn.data.base import BreastCancer, Data
from example_project.cn.metric.base import F1, Accuracy, Metric
from example_project.cn.model.base import MLP, Model
from example_project.cn.model.solver.base import Adam
from example_project.cn.split.base import Split


class Run(CN):
    """Fit one model to one data set and score it."""

    seed: int = 0  # of everything random: the split, and the model's own draws
    data: Data = BreastCancer()
    split: Split
    model: Model = MLP(alpha=1.0, solver=Adam(learning_rate_init=3e-3))
    metrics: dict[str, Metric] = {"accuracy": Accuracy(), "f1": F1(average="macro")}
