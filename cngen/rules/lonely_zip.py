"""CN506."""

from collections.abc import Iterator, Sequence

from cngen.diagnostic import Diagnostic, Severity, did_you_mean
from cngen.experiments import Axis, experiments
from cngen.model import Tree, Unreadable
from cngen.rules.base import Rule


class LonelyZip(Rule):
    """A sweep is zipped under a name that no other sweep has: it multiplies the jobs after all."""

    code = "CN506"
    severity = Severity.WARNING

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep that is alone under its name, also in the experiments that inherit it."""
        zipped = [e for e in experiments(tree).values() if any(a.zip for a in e.all_axes)]
        for experiment in zipped:
            names = [axis.zip for axis in experiment.all_axes if axis.zip]
            for axis in experiment.all_axes:
                is_own = axis.zip and axis.owner == experiment.node.key
                is_known = not any(
                    isinstance(value, Unreadable) for _, value in experiment.node.written
                )
                if (
                    is_own
                    and is_known
                    and not any(_has_company(axis, other.all_axes) for other in zipped)
                ):
                    others = [name for name in names if name != axis.zip]
                    message = f"nothing else is zipped as `{axis.zip}`"
                    hint = (
                        did_you_mean(axis.zip, others) or "give it to the sweep that it goes with"
                    )
                    yield self.found(axis.swept.span, message, hint)


def _has_company(axis: Axis, axes: Sequence[Axis]) -> bool:
    return axis in axes and sum(other.zip == axis.zip for other in axes) > 1
