"""CN107."""

from cngen import codes
from cngen.lint.rule import StageRule


class BaseCycle(StageRule):
    """A class inherits from itself, directly or through other classes.

    ## What it does
    Reports one class of each cycle of bases, and prints the whole cycle.

    ## Why is it bad
    Python can't define such classes: one of the names isn't bound yet when it is needed.

    ## Example
    ```python
    # cn/model/base.py
    class Model(MLP):
        width: int = 32

    class MLP(Model):
        depth: int = 2
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    class MLP(Model):
        depth: int = 2
    ```
    """

    id = codes.BASE_CYCLE
