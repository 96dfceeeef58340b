"""CN119."""

from collections.abc import Iterator

from cngen import codes
from cngen.compose.defaults import with_source
from cngen.diagnostics import Diagnostic
from cngen.hydra.types import storable
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import mentioned
from cngen.model.values import members
from cngen.project.sources import not_a_name, unimportable


class UnimportableModule(Rule):
    """The store would import a name from a file that no import statement can name.

    ## What it does
    Reports enums, nodes with methods and names in computed defaults whose file or folder is not named like a
    Python module: `x-y.py`, `2nd.py`, `class/x.py`, or a name with a dot, a space or a line break.

    ## Why is it bad
    The store imports these names from the sources. With such a module it would not be Python. What the store
    copies (nodes with fields only) may be in a file of any name.

    ## Example
    ```python
    # cn/run-modes.py
    from enum import Enum

    from cngen import CN

    class Mode(Enum):
        FAST = 1

    class Run(CN):
        mode: Mode = Mode.FAST
    ```

    ## Use instead
    ```python
    # cn/run_modes.py
    from enum import Enum

    from cngen import CN

    class Mode(Enum):
        FAST = 1

    class Run(CN):
        mode: Mode = Mode.FAST
    ```
    """

    id = codes.UNIMPORTABLE_MODULE

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every class that the store imports from such a file."""
        wrong = [e for e in tree.enums.values() if not_a_name(e.module) is not None]
        used = _used_enums(tree) if wrong else set()
        for enum in wrong:
            if enum.key in used:
                yield unimportable(enum.span, enum.name, enum.module)
        for node in (tree.nodes[key] for key in with_source(tree)):
            if not_a_name(node.module) is not None:
                yield unimportable(node.span, node.name, node.module)


def _used_enums(tree: Tree) -> set[str]:
    """The enums that the store mentions, in types and in values."""
    fields = [field for node in tree.nodes.values() for field in node.fields]
    types = (storable(field.type, tree.settings.hydra) for field in fields)
    written = (value for node in tree.nodes.values() for _, value in (*node.written, *node.points))
    values = (*written, *(field.default for field in fields if field.default is not None))
    named = {key for one in types for key in mentioned(one)}
    return named | {member.enum for value in values for member in members(value)}
