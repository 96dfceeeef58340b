"""CN007."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnusedIgnore(StageRule):
    """An ignore comment silences nothing.

    ## What it does
    Tells each code of a `# cngen: ignore[...]` comment of which there is no finding on its line. The fix
    takes the code away, and the comment with its last code.

    ## Why is it bad
    What it once excused is gone. Left alone, it hides the next finding of that code on its line, which
    nobody meant to excuse.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        workers: int = 4  # cngen: ignore[CN207]
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        workers: int = 4
    ```
    """

    id = codes.UNUSED_IGNORE
