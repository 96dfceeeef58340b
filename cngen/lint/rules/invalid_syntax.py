"""CN001."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidSyntax(StageRule):
    """A source file can't be parsed.

    ## What it does
    Reports the first place of a file below a root at which Python's grammar is broken.

    ## Why is it bad
    Nothing in the file can be read, so no store is written. Python could not import the file either.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = = 0
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```
    """

    id = codes.INVALID_SYNTAX
