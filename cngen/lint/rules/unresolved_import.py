"""CN008."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnresolvedImport(StageRule):
    """An import names a module of the tree that doesn't exist, or a name that the module doesn't define.

    ## What it does
    Checks the imports in config sources that lead to modules below a root. What is reported at an import isn't
    reported again where the name is used.

    ## Why is it bad
    The class behind the name is unknown, and so is the option that should be stored. The import would fail in
    Python too. Mostly a file was moved or a class was renamed.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3

    # cn/run.py
    from cn.optim.base import Adam
    from cngen import CN

    class Run(CN):
        optimizer: Adam = Adam()
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cn.optimizer.base import Adam
    from cngen import CN

    class Run(CN):
        optimizer: Adam = Adam()
    ```
    """

    id = codes.UNRESOLVED_IMPORT
    former_names = ("missing-import",)
