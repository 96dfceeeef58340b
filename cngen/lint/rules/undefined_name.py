"""CN226."""

from cngen import codes
from cngen.lint.rule import StageRule


class UndefinedName(StageRule):
    """A value uses a name that is not defined.

    ## What it does
    Finds names in values that the file neither defines nor imports, that are defined only below the class, or
    that a module of the tree doesn't have.

    ## Why is it bad
    Python would raise a `NameError` or an `AttributeError` when it imports the source.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    RATE = 1e-3

    class Run(CN):
        lr: float = RATES
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    RATE = 1e-3

    class Run(CN):
        lr: float = RATE
    ```
    """

    id = codes.UNDEFINED_NAME
