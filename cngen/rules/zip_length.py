"""CN505."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.experiments import Axis, experiments
from cngen.model import Interval, Tree
from cngen.rules.base import Rule


class ZipLength(Rule):
    """Sweeps that advance together have different numbers of values."""

    code = "CN505"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep of a zip against the first one."""
        for experiment in experiments(tree).values():
            first: dict[str, Axis] = {}
            for axis in experiment.all_axes:
                if not axis.zip or isinstance(axis.swept, Interval):
                    continue
                other = first.setdefault(axis.zip, axis)
                wanted, count = len(other.values), len(axis.values)
                if count != wanted:
                    theirs = (
                        f"`{'.'.join(other.path)}`, zipped with it as `{axis.zip}`, has {wanted}"
                    )
                    message = f"`{'.'.join(axis.path)}` has {count} values, but {theirs}"
                    yield self.found(axis.swept.span, message, "give both as many values")
