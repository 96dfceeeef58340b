"""CN311."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity, did_you_mean
from cngen.hydra.entries import Entry, entries
from cngen.hydra.groups import OPTIONS
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class UnknownHydraOption(Rule):
    """A defaults list written by hand chooses an option in Hydra's own groups that neither Hydra nor a known
    plugin has.

    ## What it does
    Looks up entries such as `override hydra/job_logging` among the options of hydra-core, of its plugins (joblib,
    ray, rq, submitit; ax, nevergrad, optuna; colorlog), and of the tree. Another plugin or a YAML file may add
    others: ignore the finding then.

    ## Why is it bad
    Hydra refuses an option that it can't find when a job starts.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        defaults = ["_self_", {"override hydra/launcher": "jobblib"}]
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        defaults = ["_self_", {"override hydra/launcher": "joblib"}]
    ```
    """

    id = RuleId("CN311", "unknown-hydra-option", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every entry for Hydra itself."""
        for node in tree.nodes.values():
            for entry in entries(node.group, node.defaults):
                if entry.is_of_hydra and not entry.is_optional and "${" not in entry.group:
                    yield from self._entry(tree, entry)

    def _entry(self, tree: Tree, entry: Entry) -> Iterator[Diagnostic]:
        options = (*OPTIONS.get(entry.group, ()), *tree.options(entry.group))
        if not options and entry.group not in OPTIONS:
            if not entry.is_override:  # else it overrides nothing, which is an error
                message = f"Hydra has no config group `{entry.group}`"
                yield self.found(entry.span, message, did_you_mean(entry.group, list(OPTIONS)))
            return
        for option in entry.options:
            if option not in options and "${" not in option and option != "???":
                message = f"neither Hydra nor a known plugin has `{option}` in `{entry.group}`"
                known = f"known: {', '.join(sorted(options))}" if options else ""
                hint = did_you_mean(option, options) or known
                yield self.found(entry.span, message, hint)
