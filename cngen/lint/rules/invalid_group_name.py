"""CN106."""

import re
from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.rule import Rule
from cngen.model.tree import Tree

_SEGMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*\Z")
_RESERVED = frozenset({"_self_", "_global_", "_here_", "_group_", "_name_"})


class InvalidGroupName(Rule):
    """A folder, a `group="..."` or the group of an alias can't be a config group.

    ## What it does
    Reports groups with a part that isn't an identifier of Hydra's grammar (ASCII letters, digits, `_`, `-`, no
    digit first), and those inside `hydra`.

    ## Why is it bad
    No command line could select from such a group. The group `hydra` belongs to Hydra: options in it would be
    taken for plugins and settings of Hydra.

    ## Example
    ```python
    # cn/2d/base.py
    from cngen import CN

    class Camera(CN):
        width: int = 640
    ```

    ## Use instead
    ```python
    # cn/planar/base.py
    from cngen import CN

    class Camera(CN):
        width: int = 640
    ```
    """

    id = RuleId("CN106", "invalid-group-name")
    former_names = ("group-name",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """The first node of every such group."""
        reported: set[str] = set()
        for node in tree.nodes.values():
            for group in (node.group, *(group for group, _ in node.aliases)):
                wrong = _wrong_part(group)
                if wrong is not None and group not in reported:
                    reported.add(group)
                    why = (
                        f"Hydra doesn't accept `{wrong}` as a name" if wrong else "a part is empty"
                    )
                    message = f"invalid config group `{group}`: {why}"
                    hint = "rename the folder, or set `group=` in the class"
                    yield self.found(node.span, message, hint)


def _wrong_part(group: str) -> str | None:
    parts = group.split("/") if group else []
    if parts and parts[0] == "hydra":
        return "hydra"
    return next((part for part in parts if not _SEGMENT.match(part) or part in _RESERVED), None)
