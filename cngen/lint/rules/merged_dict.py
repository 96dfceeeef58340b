"""CN522."""

from collections.abc import Iterable, Iterator

from cngen.compose.configs import config_key
from cngen.compose.experiments import Experiment, stored_over
from cngen.compose.places import Change, at, is_within, placed, state
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.queries.beneath import (
    Beneath,
    configs_beneath,
    is_from_common_base,
    options_beneath,
    stored,
)
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Table, Value, every_instance


class MergedDict(Rule):
    """An experiment replaces a dict to which another config adds keys.

    ## What it does
    Compares each dict of plain values that an experiment sets with what the other experiments, the derived
    primary configs and the options that can be chosen above it have there.

    ## Why is it bad
    If both are used, Hydra merges the dicts: the keys of the other config stay, although the sources read as if
    the later dict replaced the earlier one.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        weights: dict[str, float] = {"actor": 1.0}
    # cn/exp/weights.py
    from cngen import patch
    from cn.run import Run

    class Critic(Run):
        weights = patch(critic=0.5)

    class Actor(Run):
        weights = {"actor": 2.0}
    ```

    ## Use instead
    ```python
    # cn/exp/weights.py
    from cngen import patch
    from cn.run import Run

    class Critic(Run):
        weights = patch(critic=0.5)

    class Actor(Run):
        weights = patch(actor=2.0)
    ```
    """

    id = RuleId("CN522", "merged-dict", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every dict that an experiment sets, beside each config and option that it may be used with."""
        reported: set[Span] = set()
        for experiment in (e for e in stored(tree) if e.node.is_experiment):
            for place, change in placed(tree, stored_over(tree, experiment), experiment.changes):
                is_plain = not place.is_chosen and not any(every_instance(change.value))
                if is_plain and isinstance(change.value, Table):
                    for finding in self._replaced(tree, experiment, change):
                        if finding.span not in reported:
                            reported.add(finding.span)
                            yield finding

    def _replaced(self, tree: Tree, experiment: Experiment, change: Change) -> Iterator[Diagnostic]:
        own = _keys(tree, change.value)
        for whole in (state(tree, experiment.node), stored_over(tree, experiment)):
            place = at(tree, whole, change.path)
            own |= _keys(tree, place.value if place is not None else None)  # CN515 reports these
        length = len(change.path)
        axes = (axis.path for axis in experiment.axes if is_within(axis.path, change.path))
        own |= {".".join(path[length:]) for path in axes if len(path) > length}
        configs = _adding(tree, configs_beneath(tree, experiment, change.path), change, own)
        options = options_beneath(tree, state(tree, experiment.node), change.path)
        found = configs or _adding(tree, options, change, own)
        if found:
            name, extra = next(iter(found.items()))
            others = f" and {len(found) - 1} more" if len(found) > 1 else ""
            listed = ", ".join(f"`{key}`" for key in extra)
            message = f"`{'.'.join(change.path)}` would keep {listed} of {name}{others}: Hydra merges dicts"
            yield self.found(
                change.value.span,
                message,
                "change single keys with `patch`, or use only one of the two",
            )


def _adding(
    tree: Tree, found: Iterable[Beneath], change: Change, own: set[str]
) -> dict[str, list[str]]:
    """What adds keys to a dict, with these."""
    added = (
        (beneath.name, _outermost(_keys(tree, beneath.value(tree)) - own))
        for beneath in found
        if not is_from_common_base(change, beneath)
    )
    return {name: extra for name, extra in added if extra}


def _keys(tree: Tree, value: Value | None) -> set[str]:
    """The keys of a dict, and of the dicts in it."""
    found: set[str] = set()
    for key, item in value.items if isinstance(value, Table) else ():
        name = config_key(tree, key)
        found |= {name, *(f"{name}.{inner}" for inner in _keys(tree, item))}
    return found


def _outermost(keys: set[str]) -> list[str]:
    """Those that aren't below another one."""
    return sorted(key for key in keys if key.rpartition(".")[0] not in keys)
