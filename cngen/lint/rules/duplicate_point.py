"""CN504."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from cngen.compose.defaults import normal
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import Swept, span_in, sweeps_in, swept_values, written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import ScalarType, Type, UnionType
from cngen.model.values import Instance, Scalar, Table, Value


class DuplicatePoint(Rule):
    """A sweep contains the same point twice.

    ## What it does
    Compares the values of each sweep as they will be composed: `1` and `1.0` are one float, `Adam()` and
    `Adam(lr=0.1)` are one node if 0.1 is the default. Points of zipped sweeps are the same only if they agree in
    all of them.

    ## Why is it bad
    The same job would run again, and its results would count twice.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/rates.py
    from cngen import sweep
    from cn.run import Run

    class Rates(Run):
        lr = sweep(1, 0.1, 1.0)
    ```

    ## Use instead
    ```python
    # cn/exp/rates.py
    from cngen import sweep
    from cn.run import Run

    class Rates(Run):
        lr = sweep(1, 0.1, 0.01)
    ```
    """

    id = RuleId("CN504", "duplicate-point")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep of each body, and those that are zipped together."""
        said: dict[int, list[tuple[object, ...]]] = {}
        for swept in swept_values(tree):
            if id(swept.axis) not in said:
                said[id(swept.axis)] = [()] * len(swept.axis.values)
            said[id(swept.axis)][swept.number - 1] += (_comparable(tree, swept),)
        groups: dict[tuple[str, object], list[Axis]] = {}
        for written in written_steps(tree):
            if isinstance(written.step, Axis):
                name = written.step.zip or id(written.step)
                groups.setdefault((written.node.key, name), []).append(written.step)
        for group in groups.values():
            yield from self._group([(axis, said.get(id(axis), axis.values)) for axis in group])

    def _group(self, group: Sequence[tuple[Axis, Sequence[object]]]) -> Iterator[Diagnostic]:
        seen: dict[tuple[object, ...], int] = {}
        for number, row in enumerate(zip(*(values for _, values in group), strict=False), 1):
            if any(any(sweeps_in(axis.values[number - 1])) for axis, _ in group):
                continue  # a sweep in a sweep is reported, and equals no other point
            first = seen.setdefault(row, number)
            if first != number:
                axis = group[0][0]
                message = f"point {number} is the same as point {first}"
                yield self.found(
                    span_in(axis, axis.values[number - 1]), message, "remove one of the two"
                )


def _comparable(tree: Tree, swept: Swept) -> object:
    """What one part of a point sets in its place."""
    is_float = swept.place is not None and _is_float(swept.place.type)
    return swept.change.path, _normal(tree, swept.change.value, is_float)


def _is_float(written: Type) -> bool:
    members = written.members if isinstance(written, UnionType) else (written,)
    return ScalarType("float") in members and ScalarType("int") not in members


def _normal(tree: Tree, value: Value, is_float: bool) -> object:
    if isinstance(value, Instance) and value.node in tree.nodes:
        return normal(tree, value)
    if isinstance(value, Table):
        return frozenset((key, _normal(tree, item, False)) for key, item in value.items)
    if is_float and isinstance(value, Scalar) and isinstance(value.value, int | float):
        with suppress(OverflowError):
            return float(value.value)
    return value
