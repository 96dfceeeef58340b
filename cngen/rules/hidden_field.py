"""CN219."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic, Severity
from cngen.model import Tree
from cngen.rules.base import Rule
from cngen.rules.reserved_field import TOLERATED, reason


class HiddenField(Rule):
    """A field is named `keys`, like a method of every config, which hides it.

    ## What it does
    Finds fields of that name. Other methods' names are refused as reserved-field; `keys` is let through,
    because it is a common word for what a config selects.

    ## Why is it bad
    `cfg.data.keys` gives the method and not the value. Code that reads the objects of
    `OmegaConf.to_object`, or `cfg.data["keys"]`, is not concerned: it may ignore this rule.

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

    code = "CN219"
    severity = Severity.WARNING

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such field, where it is declared."""
        for node in tree.nodes.values():
            for field in node.fields:
                if field.name in node.declared and field.name in TOLERATED:
                    message = (
                        f"the field `{field.name}` is hidden in a config: {reason(field.name)}"
                    )
                    hint = f'read it as `cfg["{field.name}"]` or from the object, or rename it'
                    yield self.found(field.span, message, hint)
