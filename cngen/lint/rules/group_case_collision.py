"""CN116."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class GroupCaseCollision(Rule):
    """Two config groups differ only in case.

    ## What it does
    Reports folders, `group="..."` and groups of aliases that differ from another one only in case. Each spelling
    after the first is reported once.

    ## Why is it bad
    Hydra takes them for two groups, and each has only a part of the options. A case-insensitive file system takes
    them for one folder, so the tree differs from machine to machine.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    # cn/extra.py
    from cngen import CN

    class Wide(CN, group="Model"):
        width: int = 512
    ```

    ## Use instead
    ```python
    # cn/extra.py
    from cngen import CN

    class Wide(CN, group="model"):
        width: int = 512
    ```
    """

    id = RuleId("CN116", "group-case-collision", Severity.WARNING)
    former_names = ("group-case",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """The first node of every such group."""
        first: dict[str, str] = {}
        seen: set[str] = set()
        for node in tree.nodes.values():
            for group in (node.group, *(group for group, _ in node.aliases)):
                for folder in _folders(group) if group not in seen else ():
                    other = first.setdefault(folder.lower(), folder)
                    if other == folder:
                        continue
                    if folder not in seen:
                        message = f"the config groups `{other}` and `{folder}` differ only in case"
                        yield self.found(node.span, message, "use one spelling for both")
                    seen.add(folder)
                    break
                seen.add(group)


def _folders(group: str) -> Iterator[str]:
    """`a`, `a/b` and `a/b/c` for the last one."""
    parts = group.split("/") if group else []
    return ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
