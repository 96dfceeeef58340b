"""CN521."""

from collections.abc import Iterator

from cngen.compose.defaults import value_is_none
from cngen.compose.experiments import Experiment, experiments, may_meet
from cngen.compose.places import Change, Path, at, is_within, state
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree, is_optional


class OverrideOfRemovedNode(Rule):
    """An experiment sets values of a node that another config removes.

    ## What it does
    Compares what each experiment sets below an optional node, or below a key of a dict of nodes, with the
    experiments and derived primary configs that set that node to None or leave that key out.

    ## Why is it bad
    If both are used, Hydra has no node to set the values of, and creates one of the annotated class, which nobody
    wrote.

    ## Example
    ```python
    # cn/opt/base.py
    from cngen import CN

    class Opt(CN):
        lr: float = 0.1
    # cn/run.py
    from cngen import CN
    from cn.opt.base import Opt

    class Run(CN):
        ema: Opt | None = Opt()
    # cn/exp/ema.py
    from cngen import patch
    from cn.run import Run

    class TuneEma(Run):
        ema = patch(lr=7.0)

    class NoEma(Run):
        ema = None
    ```

    ## Use instead
    ```python
    # cn/exp/ema.py
    from cn.opt.base import Opt
    from cn.run import Run

    class TuneEma(Run):
        ema = Opt(lr=7.0)

    class NoEma(Run):
        ema = None
    ```
    """

    id = RuleId("CN521", "override-of-removed-node", Severity.WARNING)
    former_names = ("removed-node",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every value that is set below a node that may be absent."""
        known = [e for e in experiments(tree).values() if e.node.option is not None]
        removers: dict[Path, list[Experiment]] = {}
        reported: set[tuple[Span, Path]] = set()
        for experiment in (e for e in known if e.node.is_experiment):
            for step, place in _below(tree, experiment):
                span = step.swept.span if isinstance(step, Axis) else step.value.span
                if place not in removers:
                    removers[place] = [e for e in known if _removes(tree, e, place)]
                found = [e for e in removers[place] if may_meet(e, experiment)]
                if found and (span, place) not in reported:
                    reported.add((span, place))
                    inherited = step.owner in found[0].node.lineage
                    writer = experiment.node if inherited else tree.nodes[step.owner]
                    yield self._finding(span, place, writer, found)

    def _finding(
        self, span: Span, place: Path, writer: Node, found: list[Experiment]
    ) -> Diagnostic:
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        verb = "remove" if others else "removes"
        message = (
            f"`{writer.name}` sets values of `{'.'.join(place)}`, which `{found[0].node.name}`{others}"
            f" {verb}: with both, Hydra creates a node that nobody wrote"
        )
        return self.found(span, message, "write the whole node here, or use only one of the two")


def _below(tree: Tree, experiment: Experiment) -> Iterator[tuple[Change | Axis, Path]]:
    """What an experiment sets, with each place above it where a node may be absent."""
    steps: list[Change | Axis] = [*experiment.all_changes, *experiment.all_axes]
    whole = state(tree, experiment.node)
    for step in steps:
        for length in range(1, len(step.path)):
            place = at(tree, whole, step.path[:length])
            is_open = place is not None and (place.is_key or is_optional(place.field))
            if place is not None and place.is_chosen and is_open:
                yield step, step.path[:length]


def _removes(tree: Tree, experiment: Experiment, path: Path) -> bool:
    """Whether an experiment, or a derived primary config, removes the node."""
    if not any(is_within(path, change.path) for change in experiment.all_changes):
        return False
    place = at(tree, state(tree, experiment.node), path)
    is_absent = place is not None and (place.value is None or value_is_none(place.value))
    return is_absent and place is not None and place.is_chosen
