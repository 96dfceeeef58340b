"""CN102."""

from cngen import codes
from cngen.lint.rule import StageRule


class NestedNode(StageRule):
    """A node is defined inside a block.

    ## What it does
    Reports nodes in an `if`, a `try`, a function or another class.

    ## Why is it bad
    Only running the code would show whether the node exists, and how often. A node inside a class or a function
    can't be imported.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        class Data(CN):
            batch_size: int = 256
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.data.base import Data

    class Run(CN):
        data: Data

    # cn/data/base.py
    from cngen import CN

    class Data(CN):
        batch_size: int = 256
    ```
    """

    id = codes.NESTED_NODE
