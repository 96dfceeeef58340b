"""CN522."""

from collections.abc import Iterator

from cngen.compose.configs import key_text
from cngen.compose.experiments import Experiment, experiments, may_meet, stored_over
from cngen.compose.places import Change, at, is_within, placed, state
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Instance, Table, every_instance


class MergedDict(Rule):
    """An experiment replaces a dict to which another config adds keys.

    ## What it does
    Compares each dict of plain values that an experiment sets with what the other experiments and the
    derived primary configs have there.

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
        """Every dict that an experiment sets, beside each config that it may be used with."""
        known = [e for e in experiments(tree).values() if e.node.option is not None]
        for experiment in (e for e in known if e.node.is_experiment):
            for place, change in placed(tree, stored_over(tree, experiment), experiment.changes):
                is_plain = not place.is_chosen and not any(every_instance(change.value))
                if is_plain and isinstance(change.value, Table):
                    yield from self._replaced(tree, experiment, change, known)

    def _replaced(
        self, tree: Tree, experiment: Experiment, change: Change, known: list[Experiment]
    ) -> Iterator[Diagnostic]:
        own = _keys(tree, state(tree, experiment.node), change)
        own |= _keys(tree, stored_over(tree, experiment), change)  # CN515 reports these
        length = len(change.path)
        axes = (axis.path for axis in experiment.axes if is_within(axis.path, change.path))
        own |= {path[length] for path in axes if len(path) > length}
        found = {
            other.node.name: extra
            for other in known
            if any(is_within(c.path, change.path) for c in other.all_changes)
            and may_meet(other, experiment)
            and (extra := sorted(_keys(tree, state(tree, other.node), change) - own))
        }
        if found:
            name, extra = next(iter(found.items()))
            others = f" and {len(found) - 1} more" if len(found) > 1 else ""
            listed = ", ".join(f"`{key}`" for key in extra)
            message = f"`{'.'.join(change.path)}` would keep {listed} of `{name}`{others}: Hydra merges dicts"
            yield self.found(
                change.value.span,
                message,
                "change single keys with `patch`, or use only one of the two",
            )


def _keys(tree: Tree, whole: Instance, change: Change) -> set[str]:
    """The keys of a config at the place of a change."""
    place = at(tree, whole, change.path)
    value = place.value if place is not None else None
    return {key_text(tree, key) for key, _ in value.items} if isinstance(value, Table) else set()
