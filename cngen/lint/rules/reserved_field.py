"""CN202."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.hydra.names import reason
from cngen.lint.queries.written import declared_fields
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class ReservedField(Rule):
    """A field has a name that Hydra or the store reserve, or that no command line can set.

    ## What it does
    Finds fields with a name that Hydra uses (`defaults`, `hydra`, `_self_`), with the name of a type that the
    store needs (`int`, `Path`), with a name outside ASCII, or with a private name (`__name`). Names of methods of
    a config (`items`, `keys`) are reported as shadowed-field.

    ## Why is it bad
    `defaults` and `hydra` control the composition. Names outside ASCII aren't in Hydra's grammar, and Python
    mangles `__name`.

    ## Example
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        hydra: int = 100
    ```

    ## Use instead
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        heads: int = 100
    ```
    """

    id = RuleId("CN202", "reserved-field")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such field, where it is declared."""
        for _, field in declared_fields(tree):
            why = reason(field.name)
            if why:
                message = f"`{field.name}` is not allowed as the name of a field: {why}"
                yield self.found(field.span, message, "rename it")
