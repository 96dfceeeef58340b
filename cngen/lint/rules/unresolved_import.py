"""CN008."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnresolvedImport(StageRule):
    """An import names a module of the tree that isn't there, or a name that the module lacks.

    ## What it does
    Looks at the imports in config sources that lead to modules below a root. What is told at an import
    isn't told again where the name is used.

    ## Why is it bad
    The class behind the name isn't known, so neither is the option that should be stored. Python would
    refuse the import; most often a file was moved or a class renamed.

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
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3

    # cn/run.py
    from cn.optimizer.base import Adam
    from cngen import CN

    class Run(CN):
        optimizer: Adam = Adam()
    ```
    """

    id = codes.UNRESOLVED_IMPORT
    former_names = ("missing-import",)
