"""The learning-rate sweep on other engines: the jobs are the same, who runs them isn't."""

from cngen import interval, patch
from example_project.cn.exp.sweeps import LrSweep


class LrSweepJoblib(LrSweep, launcher="joblib"):
    """Every core of this machine."""

    hydra = {"launcher": {"n_jobs": -1}}


class LrSweepSubmitit(LrSweep, launcher="submitit_local"):
    """As on a Slurm cluster, but on this machine. On a cluster it is `launcher="submitit_slurm"`."""

    hydra = {"launcher": {"timeout_min": 10, "cpus_per_task": 1}}


class LrSweepRay(LrSweep, launcher="ray"):
    """A Ray of its own on this machine; with the address of a cluster, the whole cluster."""

    hydra = {
        "launcher": {
            "ray": {
                "init": {
                    "address": "local",
                    "include_dashboard": False,
                    # Ray decides. The launcher would, and a cluster that runs already refuses that.
                    "object_store_memory": None,
                }
            }
        }
    }


class LrSearch(LrSweep, sweeper="optuna"):
    """Optuna looks for the best of them, and for a penalty that goes with it: 8 jobs."""

    model = patch(
        alpha=interval(1e-4, 10.0, log=True),
        solver=patch(learning_rate_init=interval(1e-3, 1e-1, log=True), momentum=0.9),
    )
    hydra = {
        "sweeper": {
            "direction": "maximize",  # the accuracy that `train.main` returns
            "n_trials": 8,
            "n_jobs": 1,  # jobs at a time: each is chosen by the scores of those before
            "sampler": {"seed": 0},  # every run draws the same; null for another run to go on
        }
    }
