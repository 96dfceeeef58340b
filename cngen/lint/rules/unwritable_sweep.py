"""CN513."""

from collections.abc import Iterator

from cngen.compose.steps import Axis
from cngen.compose.sweeps import is_writable_key, unwritable
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_steps
from cngen.lint.rule import Rule
from cngen.lint.wording import shown_value
from cngen.model.tree import Tree
from cngen.model.values import Sweep


class UnwritableSweep(Rule):
    """A swept value or its key can't be written as a Hydra override.

    ## What it does
    Checks every swept value, and the key of its field. Bytes, sets, values that aren't known statically, missing
    ones and dict keys that aren't words can't be written.

    ## Why is it bad
    Sweeps reach a job as text, as on the command line. The job would get a different value from the one in the
    source, or none.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        magic: bytes = b"a"
    # cn/exp/magics.py
    from cngen import sweep
    from cn.run import Run

    class Magics(Run):
        magic = sweep(b"a", b"b")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        magic: str = "a"
    # cn/exp/magics.py
    from cngen import sweep
    from cn.run import Run

    class Magics(Run):
        magic = sweep("a", "b")
    ```
    """

    id = RuleId("CN513", "unwritable-sweep")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every sweep."""
        for written in written_steps(tree):
            axis = written.step
            if not isinstance(axis, Axis) or written.place is None:
                continue
            if not is_writable_key(axis):
                message = f"`{'.'.join(axis.path)}` can't be the key of an override"
                yield self.found(axis.swept.span, message, "sweep the field that contains it")
            elif isinstance(axis.swept, Sweep):
                for value in unwritable(axis, written.place):
                    message = f"{shown_value(tree, value)} can't be the value of an override"
                    hint = "sweep over plain values, nodes or experiments"
                    yield self.found(value.span, message, hint)
