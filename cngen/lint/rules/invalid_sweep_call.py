"""CN523."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidSweepCall(StageRule):
    """`sweep`, `points`, `interval` or `patch` is called with wrong arguments.

    ## What it does
    Checks the arguments of these calls: `sweep` and `points` take values and a `zip` name, `interval` takes two
    ends and `log`, `patch` takes fields as keywords.

    ## Why is it bad
    cngen reads these calls and never runs them, so Python doesn't check their arguments. A misspelled `zip`
    would multiply the jobs.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/both.py
    from cngen import sweep
    from cn.run import Run

    class Both(Run):
        seed = sweep(1, 2, zipped="a")
        lr = sweep(0.1, 0.2)
    ```

    ## Use instead
    ```python
    # cn/exp/both.py
    from cngen import sweep
    from cn.run import Run

    class Both(Run):
        seed = sweep(1, 2, zip="a")
        lr = sweep(0.1, 0.2, zip="a")
    ```
    """

    id = codes.INVALID_SWEEP_CALL
