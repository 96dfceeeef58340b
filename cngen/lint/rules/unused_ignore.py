"""CN007."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnusedIgnore(StageRule):
    """An ignore comment silences nothing.

    ## What it does
    Reports each code of a `# cngen: ignore[...]` comment that has no finding on its line. The fix removes the
    code, and the comment if no code is left.

    ## Why is it bad
    The finding that it silenced no longer exists. The comment would hide the next finding of that code on its
    line, which nobody meant to silence.

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
