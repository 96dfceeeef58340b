"""CN105."""

import re
from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree

_WORD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?\Z")
_RESERVED = frozenset(
    {"null", "true", "false", "inf", "nan", "_self_", "_global_", "_here_", "_group_", "_name_"}
)


class InvalidOptionName(Rule):
    """An option has a name that Hydra's command line reads as something else, or can't read.

    ## What it does
    Reports names of options, including aliases, that are a value in Hydra's grammar or not a word.

    ## Why is it bad
    `null`, `true`, `1` and `1e3` are values there (OverrideLexer.g4), `,` makes a sweep, and `.yaml` is cut off.
    Such an option could never be chosen.

    ## Example
    ```python
    # cn/logger/base.py
    from cngen import CN

    class Logger(CN):
        folder: str = "logs"

    class Null(Logger):
        folder = ""
    ```

    ## Use instead
    ```python
    # cn/logger/base.py
    from cngen import CN

    class Logger(CN):
        folder: str = "logs"

    class Null(Logger, name="none"):
        folder = ""
    ```
    """

    id = RuleId("CN105", "invalid-option-name")
    former_names = ("option-name",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such name of a node, aliases included."""
        for node in tree.nodes.values():
            for name in (
                *([node.option] if node.option is not None else []),
                *(name for _, name in node.aliases),
            ):
                if not is_option_name(name):
                    message = f"invalid option name `{name}` of `{node.name}`: Hydra's command line doesn't accept it"
                    yield self.found(
                        node.span,
                        message,
                        'set a `name="..."` of letters, digits, `_` and `-`',
                    )


def is_option_name(name: str) -> bool:
    """Whether `group=name` chooses the option of that name."""
    if (
        not _WORD.match(name)
        or name.lower() in _RESERVED
        or name.lower().endswith((".yaml", ".yml"))
    ):
        return False
    try:
        float(name)
    except ValueError:
        return True
    return False
