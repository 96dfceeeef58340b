"""CN104."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Span
from cngen.lint.rule import Rule
from cngen.model.tree import Tree


class ModuleBesideFolder(Rule):
    """A file has the name of a folder beside it: `cn/model.py` and `cn/model/`.

    ## What it does
    Reports such files below a root.

    ## Why is it bad
    Python imports only one of the two under that name, the folder if it has an `__init__.py`. The classes of
    the other can't be imported, so the tree doesn't mean what it seems to.

    ## Example
    ```python
    # cn/model.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    # cn/model/head/base.py
    from cngen import CN

    class Head(CN):
        dim: int = 7
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    # cn/model/head/base.py
    from cngen import CN

    class Head(CN):
        dim: int = 7
    ```
    """

    id = RuleId("CN104", "module-beside-folder")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such file."""
        folders = {parent for file in tree.modules for parent in _parents(file)}
        for file in tree.modules:
            folder = file.removesuffix(".py")
            if folder in folders:
                message = (
                    f"`{file}` has the name of the folder `{folder}/`: Python sees only one of them"
                )
                yield self.found(
                    Span(file, 0, 0), message, f"move its classes into `{folder}/`, or rename it"
                )


def _parents(file: str) -> Iterator[str]:
    parts = file.split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts)))
