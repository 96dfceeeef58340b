"""CN228."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidNodeCall(StageRule):
    """A node is created with positional arguments, or with fields from a dict.

    ## What it does
    Finds `Adam(3e-4)` and `Adam(**options)` in values.

    ## Why is it bad
    The fields of a node are keyword-only, because their order depends on the bases. Fields from a dict can't be
    checked, and a reader of the class doesn't see them.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam(3e-4)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam(lr=3e-4)
    ```
    """

    id = codes.INVALID_NODE_CALL
