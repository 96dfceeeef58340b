"""CN219."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.written import declared_fields
from cngen.lint.rule import Rule
from cngen.model.tree import Tree

CONFIG_METHODS = frozenset(
    {
        "clear",
        "copy",
        "get",
        "items",
        "items_ex",
        "keys",
        "merge_with",
        "pop",
        "popitem",
        "setdefault",
        "update",
        "values",
    }
)
"""Public methods of OmegaConf's DictConfig: `cfg.items` is the method, whatever the config holds."""


class ShadowedField(Rule):
    """A field has the name of a method of every config, which hides it.

    ## What it does
    Finds fields named like a public method of OmegaConf's DictConfig: `keys`, `items`, `get`, `update`.

    ## Why is it bad
    `cfg.data.keys` is the method and not the value. Hydra composes the field, a command line can set it, and the
    objects of `OmegaConf.to_object` have it: code that reads those, or `cfg.data["keys"]`, may ignore this rule.

    ## Example
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        keys: list[str] = ["image"]
    ```

    ## Use instead
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        columns: list[str] = ["image"]
    ```
    """

    id = RuleId("CN219", "shadowed-field", Severity.WARNING)
    former_names = ("hidden-field",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such field, where it is declared."""
        for _, field in declared_fields(tree):
            if field.name in CONFIG_METHODS:
                message = f"the field `{field.name}` is hidden by a method that every config has"
                hint = f'read it as `cfg["{field.name}"]` or from the object, or rename it'
                yield self.found(field.span, message, hint)
