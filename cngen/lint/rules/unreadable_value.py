"""CN209."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnreadableValue(StageRule):
    """A value can neither be read from the source nor carried over.

    ## What it does
    Finds nodes with positional arguments or with fields from a `**dict`, nodes inside expressions that
    only running would tell, computations that fail, names that nothing defines, and `sweep`, `patch` and
    `interval` written in another way than they take.

    ## Why is it bad
    The store would have to guess. What a defaults list chooses has to be known when the store is written.

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
    # cn/optimizer/base.py
    from cngen import CN

    class Adam(CN):
        lr: float = 1e-3
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam(lr=3e-4)
    ```
    """

    id = codes.UNREADABLE_VALUE
