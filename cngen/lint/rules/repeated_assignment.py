"""CN220."""

from cngen import codes
from cngen.lint.rule import StageRule


class RepeatedAssignment(StageRule):
    """A name is assigned twice in one class body, and the first value is never used.

    ## What it does
    Finds a second value for the same name in the body of a node. A value that something in between reads,
    or the second value itself (`tags = tags + ["b"]`), is fine, and so is an annotation without a value.

    ## Why is it bad
    Python keeps only the last value, and so does the store. Mostly one of the two lines is a leftover.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
        lr: float = 0.1
        seed = 3
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 3
        lr: float = 0.1
    ```
    """

    id = codes.REPEATED_ASSIGNMENT
