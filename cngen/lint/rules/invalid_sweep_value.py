"""CN502."""

from collections.abc import Iterator

from cngen.compose.steps import Axis, starts_from_first
from cngen.diagnostics import Diagnostic, RuleId
from cngen.hydra.fitting import holds, misfit
from cngen.lint.queries.written import placed_instances, swept_values, written_steps
from cngen.lint.rule import Rule
from cngen.lint.wording import shown_value, type_text, value_hint
from cngen.model.tree import Tree
from cngen.model.types import NodeType, ScalarType, Type, UnionType, node_type
from cngen.model.values import Instance, Interval, Scalar, Value


class InvalidSweepValue(Rule):
    """A value of a sweep doesn't fit the field that is swept.

    ## What it does
    Compares every value of a sweep, and both ends of an interval, with the type of its field. An interval must
    begin below its end, and a logarithmic one above zero.

    ## Why is it bad
    The jobs before it would run, and this one would fail, perhaps after hours.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep(1, 2, "three")
    ```

    ## Use instead
    ```python
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep(1, 2, 3)
    ```
    """

    id = RuleId("CN502", "invalid-sweep-value")
    former_names = ("sweep-value",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every value of every sweep, and the ends of intervals."""
        for swept in swept_values(tree):
            place = swept.place
            is_default = swept.number == 1 and starts_from_first(swept.axis)
            if place is None or is_default:
                continue  # no such place, or the first choice, which is judged as a default is
            point = f"point {swept.number} of the sweep"
            path = ".".join(swept.change.path)
            found = _misfit(tree, place.type, swept.change.value)
            if found is not None:
                wanted, value = type_text(tree, found[0]), shown_value(tree, found[1])
                message = f"`{path}` expects `{wanted}`, but {point} is {value}"
                yield self.found(found[1].span, message, value_hint(tree, *found))
        for written in written_steps(tree):
            swept_over = written.step.swept if isinstance(written.step, Axis) else None
            if written.place is not None and isinstance(swept_over, Interval):
                yield from self._interval(tree, written.place.type, swept_over)

    def _interval(self, tree: Tree, written: Type, interval: Interval) -> Iterator[Diagnostic]:
        ends = (interval.low, interval.high)
        for end in ends:
            is_number = misfit(tree, ScalarType("float"), end) is None and isinstance(end, Scalar)
            found = misfit(tree, written, end)
            if found is not None or not is_number:
                wanted = type_text(tree, written)
                message = f"an interval of `{wanted}` can't end at {shown_value(tree, end)}"
                yield self.found(end.span, message)
                return
        low, high = (end.value if isinstance(end, Scalar) else None for end in ends)
        if isinstance(low, int | float) and isinstance(high, int | float):
            if low >= high:
                yield self.found(interval.span, "the interval is empty", "put the lower end first")
            elif interval.log and low <= 0:
                message = "a logarithmic interval must begin above zero"
                yield self.found(interval.low.span, message)


def _misfit(tree: Tree, written: Type, value: Value) -> tuple[Type, Value] | None:
    """What doesn't fit: a plain value, or a node that the place can't hold."""
    found = misfit(tree, written, value)
    if found is not None:
        return found
    annotated = node_type(written)
    if (
        isinstance(value, Instance)
        and annotated is None
        and not isinstance(written, NodeType | UnionType)
    ):
        return None if written == ScalarType("Any") else (written, value)
    for place, instance in placed_instances(written, value):
        if instance.node in tree.nodes and not holds(tree, place, instance.node):
            return place, instance
    return None
