"""CN504."""

from collections.abc import Iterator, Sequence

from cngen.composition import normal
from cngen.diagnostic import Diagnostic
from cngen.experiments import Axis, experiments
from cngen.model import Instance, Scalar, ScalarType, Tree, UnionType, Value
from cngen.rules.base import Rule, written_steps


class DuplicatePoint(Rule):
    """A sweep has one point twice.

    ## What it does
    Compares the values of each sweep as they will be composed: `1` and `1.0` are one float, `Adam()`
    and `Adam(lr=0.1)` are one node if 0.1 is the default. Of zipped sweeps only points that agree in
    all of them count.

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
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/rates.py
    from cngen import sweep
    from cn.run import Run

    class Rates(Run):
        lr = sweep(1, 0.1, 0.01)
    ```
    """

    code = "CN504"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep of each body, and those that are zipped together."""
        floats = {
            id(w.step): w.place is not None and _is_float(w.place.type) for w in written_steps(tree)
        }
        for key in experiments(tree):
            groups: dict[object, list[tuple[Axis, bool]]] = {}
            for written in written_steps(tree):
                axis = written.step
                if written.node.key == key and isinstance(axis, Axis):
                    name = axis.zip or len(groups)
                    groups.setdefault(name, []).append((axis, floats[id(axis)]))
            for group in groups.values():
                yield from self._group(tree, group)

    def _group(self, tree: Tree, group: Sequence[tuple[Axis, bool]]) -> Iterator[Diagnostic]:
        columns = [
            [_comparable(tree, value, is_float) for value in axis.values]
            for axis, is_float in group
        ]
        seen: list[tuple[object, ...]] = []
        for number, row in enumerate(zip(*columns, strict=False)):
            if row in seen:
                value = group[0][0].values[number]
                message = f"point {number + 1} is the same as point {seen.index(row) + 1}"
                yield self.found(value.span, message, "remove one of the two")
            seen.append(row)


def _is_float(written: object) -> bool:
    members = written.members if isinstance(written, UnionType) else (written,)
    return ScalarType("float") in members and ScalarType("int") not in members


def _comparable(tree: Tree, value: Value, is_float: bool) -> object:
    if isinstance(value, Instance) and value.node in tree.nodes:
        return normal(tree, value)
    if is_float and isinstance(value, Scalar) and isinstance(value.value, int | float):
        return float(value.value)
    return value
