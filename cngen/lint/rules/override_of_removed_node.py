"""CN521."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.defaults import value_is_none
from cngen.compose.experiments import Experiment, may_meet
from cngen.compose.places import Change, Path, at, is_within, state
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.queries.beneath import options_beneath, stored
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree, is_optional
from cngen.model.values import Instance, Scalar


@dataclass(frozen=True, slots=True)
class _Around:
    """A place around one that an experiment sets: of a node, or of a dict of plain values."""

    path: Path
    is_chosen: bool


class OverrideOfRemovedNode(Rule):
    """An experiment sets values of a node that another config removes.

    ## What it does
    Compares what each experiment sets below an optional node, below a key of a dict of nodes, or below a dict
    of plain values, with the experiments and derived primary configs that set it to None or to another value, or
    leave the key out, and with the options that do so where they are chosen.

    ## Why is it bad
    If both are used, Hydra has no node to set the values of, and creates one of the annotated class, which nobody
    wrote; or a dict with only these keys.

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
        """Every value that is set below a node or a dict that may be absent."""
        removers: dict[Path, list[Experiment]] = {}
        reported: set[tuple[Span, Path]] = set()
        for experiment in (e for e in stored(tree) if e.node.is_experiment):
            for step, place in _below(tree, experiment):
                span = step.swept.span if isinstance(step, Axis) else step.value.span
                if place.path not in removers:
                    removers[place.path] = [e for e in stored(tree) if _removes(tree, e, place)]
                found = [e.node for e in removers[place.path] if may_meet(e, experiment)]
                options = [] if found else _options_without(tree, experiment, place)
                if (found or options) and (span, place.path) not in reported:
                    reported.add((span, place.path))
                    inherited = bool(found) and step.owner in found[0].lineage
                    writer = experiment.node if inherited else tree.nodes[step.owner]
                    yield self._finding(span, place, writer, found, options)

    def _finding(
        self, span: Span, place: _Around, writer: Node, found: list[Node], options: list[Node]
    ) -> Diagnostic:
        count = len(found or options) - 1
        others = f" and {count} more" if count else ""
        first = f"`{found[0].name}`" if found else f"option `{options[0].option}`"
        verb = (
            ("remove" if count else "removes")
            if found
            else ("leave out" if count else "leaves out")
        )
        what, part = ("node", "values") if place.is_chosen else ("dict", "keys")
        message = (
            f"`{writer.name}` sets {part} of `{'.'.join(place.path)}`, which {first}{others}"
            f" {verb}: with both, Hydra creates a {what} that nobody wrote"
        )
        return self.found(span, message, f"write the whole {what} here, or use only one of the two")


def _below(tree: Tree, experiment: Experiment) -> Iterator[tuple[Change | Axis, _Around]]:
    """What an experiment sets, with each place above it where a node or a dict may be absent."""
    steps: list[Change | Axis] = [*experiment.all_changes, *experiment.all_axes]
    whole = state(tree, experiment.node)
    for step in steps:
        for length in range(1, len(step.path)):
            place = at(tree, whole, step.path[:length])
            if place is not None and (
                not place.is_chosen or place.is_key or is_optional(place.field)
            ):
                yield step, _Around(step.path[:length], place.is_chosen)


def _removes(tree: Tree, experiment: Experiment, around: _Around) -> bool:
    """Whether an experiment, or a derived primary config, removes what is at a place."""
    if not any(is_within(around.path, change.path) for change in experiment.all_changes):
        return False
    return _is_absent(tree, state(tree, experiment.node), around.path, around)


def _options_without(tree: Tree, experiment: Experiment, around: _Around) -> list[Node]:
    """The options that lack what is at a place, where they can be chosen above it."""
    beneath = options_beneath(tree, state(tree, experiment.node), around.path)
    return [b.node for b in beneath if _is_absent(tree, b.whole, b.path, around)]


def _is_absent(tree: Tree, whole: Instance, path: Path, around: _Around) -> bool:
    """Whether Hydra would have to create a node, or a dict, to set something in it."""
    place = at(tree, whole, path)
    if place is None or place.is_chosen != around.is_chosen:
        return False
    if place.is_chosen:
        return place.value is None or value_is_none(place.value)
    return isinstance(place.value, Scalar) or (place.value is None and place.is_key)
