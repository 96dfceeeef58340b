"""CN209."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnreadableValue(StageRule):
    """A value can neither be read from the source nor copied into the store.

    ## What it does
    Finds nodes with positional arguments or with fields from a `**dict`, nodes inside expressions that only
    running the code would evaluate, computations that fail, names that nothing defines, and `sweep`, `patch` and
    `interval` with arguments that they don't take.

    ## Why is it bad
    The store would have to guess the value. What a defaults list chooses must be known when the store is written.

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
