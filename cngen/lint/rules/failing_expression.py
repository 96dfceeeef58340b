"""CN227."""

from cngen import codes
from cngen.lint.rule import StageRule


class FailingExpression(StageRule):
    """An expression raises an exception.

    ## What it does
    Evaluates the expressions in values whose parts are known from the sources, and reports those for which
    Python raises an exception.

    ## Why is it bad
    Importing the source would fail with the same exception, and so would importing the store.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    SIZES = {"small": 64}

    class Run(CN):
        width: int = SIZES["large"]
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    SIZES = {"small": 64}

    class Run(CN):
        width: int = SIZES["small"]
    ```
    """

    id = codes.FAILING_EXPRESSION
