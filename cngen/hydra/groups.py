"""What Hydra's own config groups hold: those of hydra-core, and of plugins that are well known."""

from collections.abc import Mapping

SAMPLER = "hydra/sweeper/sampler"

UNSAMPLED = frozenset({"ax", "basic", "nevergrad"})
"""The sweepers that choose no sampler."""

OPTIONS: Mapping[str, frozenset[str]] = {
    "hydra/callbacks": frozenset(),
    "hydra/env": frozenset({"default"}),
    "hydra/help": frozenset({"default"}),
    "hydra/hydra_help": frozenset({"default"}),
    "hydra/hydra_logging": frozenset({"colorlog", "default", "disabled", "hydra_debug", "none"}),
    "hydra/job_logging": frozenset({"colorlog", "default", "disabled", "none", "stdout"}),
    "hydra/launcher": frozenset(
        {"basic", "joblib", "ray", "ray_aws", "rq", "submitit_local", "submitit_slurm"}
    ),
    "hydra/output": frozenset({"default"}),
    "hydra/sweeper": frozenset({"ax", "basic", "nevergrad", "optuna"}),
    SAMPLER: frozenset({"cmaes", "grid", "motpe", "nsgaii", "qmc", "random", "tpe"}),
}
"""The options of each group; `hydra/conf` and `hydra_plugins` have them."""

CHOSEN = frozenset(OPTIONS) - {SAMPLER}
"""What the defaults list of Hydra's own config chooses, and what can be overridden (hydra/conf/__init__.py)."""
