"""Fit a model and score it: `python -m example_project.train data=digits model=forest`."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.utils import get_method, instantiate
from omegaconf import DictConfig, OmegaConf
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from sklearn.pipeline import Pipeline, make_pipeline

from example_project.cn import Method, Run


@hydra.main(version_base="1.3", config_name="run", config_path=None)
def main(cfg: DictConfig) -> float:
    """Train as configured, tell the scores, and return the first one for a sweeper to maximise."""
    run = OmegaConf.to_object(cfg)
    assert isinstance(run, Run)
    scores = evaluate(run)
    print(f"{type(run.model).__name__} on {type(run.data).__name__}")
    print("\n".join(f"  {name:<12} {score:.3f}" for name, score in scores.items()))
    write_result(cfg, scores)
    return next(iter(scores.values()))


def evaluate(run: Run) -> dict[str, float]:
    """Each metric on samples that the model hasn't seen, averaged over the splits."""
    features, labels = get_method(run.data.loader)(return_X_y=True)
    model = build_pipeline(run)
    metrics = {name: instantiate(node, _partial_=True) for name, node in run.metrics.items()}
    scores: dict[str, list[float]] = {name: [] for name in metrics}
    for train, test in build_splitter(run).split(features, labels):
        predicted = model.fit(features[train], labels[train]).predict(features[test])
        for name, metric in metrics.items():
            scores[name].append(float(metric(labels[test], predicted)))
    return {name: fmean(values) for name, values in scores.items()}


def build_pipeline(run: Run) -> Pipeline:
    """The preprocessing steps and the model, as one estimator."""
    steps = (run.data.preprocess, run.data.reduce, run.model)
    # "object" hands nested nodes over as what they are: a solver arrives as an `Adam`.
    return make_pipeline(*(instantiate(step, _convert_="object") for step in steps if step))


def build_splitter(run: Run) -> StratifiedShuffleSplit | StratifiedKFold:
    """What divides the samples, as the run's seed has it."""
    if run.split.method is Method.CROSS_VALIDATION:
        return StratifiedKFold(run.split.folds, shuffle=True, random_state=run.seed)
    return StratifiedShuffleSplit(
        n_splits=1, test_size=run.split.test_fraction, random_state=run.seed
    )


def write_result(cfg: DictConfig, scores: Mapping[str, float]) -> None:
    """Leave all that a table of runs needs beside Hydra's own record of the run."""
    record = HydraConfig.get()
    result = {
        "choices": {
            group: option
            for group, option in record.runtime.choices.items()
            if not group.startswith("hydra/")
        },
        "overrides": list(record.overrides.task),
        "config": OmegaConf.to_container(cfg, enum_to_str=True),
        "scores": dict(scores),
    }
    path = Path(record.runtime.output_dir) / "result.json"
    path.write_text(json.dumps(result, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
