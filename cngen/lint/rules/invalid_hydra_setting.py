"""CN520."""

from collections.abc import Iterator

from cngen.compose.engines import leaves_settings
from cngen.compose.experiments import experiments
from cngen.diagnostics import Diagnostic, RuleId, did_you_mean
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import (
    Instance,
    Interval,
    Patch,
    Points,
    Scalar,
    Sweep,
    Table,
    Value,
    outermost,
)

SECTIONS = (
    "callbacks",
    "help",
    "hydra_help",
    "hydra_logging",
    "job",
    "job_logging",
    "launcher",
    "mode",
    "output_subdir",
    "run",
    "runtime",
    "searchpath",
    "sweep",
    "sweeper",
    "verbose",
)
"""What Hydra's own config has and a config may set (hydra/conf/__init__.py, `HydraConf`)."""

_UNSTORABLE = (Sweep, Patch, Points, Interval, Instance)


class InvalidHydraSetting(Rule):
    """`hydra = {...}` has a setting that Hydra doesn't have, or that can't be stored.

    ## What it does
    Checks the settings of Hydra itself in experiments and primary configs: a dict of the sections of Hydra's
    config. Sweeps, patches and nodes are not allowed in it, nor is a mode that rules out the sweeps of the class.
    A primary config must not have settings of a launcher or sweeper that an experiment replaces, because nothing
    removes them.

    ## Why is it bad
    Hydra refuses a section that it doesn't have, or a key that the chosen launcher doesn't know, when the
    job starts. With `mode` `RUN` only one job would run.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        hydra = {"sweper": {"max_batch_size": 8}}

        seed: int = 0
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        hydra = {"sweeper": {"max_batch_size": 8}}

        seed: int = 0
    ```
    """

    id = RuleId("CN520", "invalid-hydra-setting")
    former_names = ("hydra-settings",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """The settings of Hydra in each body, and those that an experiment leaves behind."""
        for node in tree.nodes.values():
            settings = node.engine.settings
            if settings is not None and (node.primary or not node.group):
                yield from self._settings(tree, node, settings)
            if node.is_experiment:
                yield from self._left(tree, node)

    def _settings(self, tree: Tree, node: Node, settings: Value) -> Iterator[Diagnostic]:
        if not isinstance(settings, Table):
            message = f"`hydra` of `{node.name}` is not a dict"
            yield self.found(settings.span, message, 'write `hydra = {"launcher": {...}}`')
            return
        for key, value in settings.items:
            name = key.value if isinstance(key, Scalar) else None
            if name not in SECTIONS:
                hint = (
                    did_you_mean(str(name), SECTIONS) or f"its sections are {', '.join(SECTIONS)}"
                )
                message = f"Hydra has no section `{getattr(key, 'value', '?')}`"
                yield self.found(key.span, message, hint)
            if name == "mode" and getattr(value, "value", "") == "RUN" and _sweeps(tree, node):
                message = f"`{node.name}` contains sweeps, but the mode `RUN` starts a single job"
                yield self.found(value.span, message, "remove `mode`: the sweeps set it")
            for wrong in outermost(value, _UNSTORABLE):
                message = (
                    "sweeps, patches and nodes are not allowed in the settings of Hydra itself"
                )
                yield self.found(wrong.span, message, "write plain values")

    def _left(self, tree: Tree, node: Node) -> Iterator[Diagnostic]:
        """Settings of a primary config for a plugin that the experiment replaces."""
        primary = tree.nodes[node.primary]
        if leaves_settings(tree, node, primary):
            message = f"`{primary.name}` has settings for a plugin that `{node.name}` replaces"
            hint = f"set them in an experiment instead of `{primary.name}`"
            yield self.found(node.span, message, hint)


def _sweeps(tree: Tree, node: Node) -> bool:
    return bool(node.primary and experiments(tree)[node.key].all_axes)
