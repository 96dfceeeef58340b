"""CN006."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidIgnore(StageRule):
    """A comment to cngen says something that it doesn't know, or can't do.

    ## What it does
    Tells comments `# cngen: ...` with another word than `ignore`, those that are nearly spelled so, ignored
    codes that no rule has, and codes of errors, which can't be silenced.

    ## Why is it bad
    The comment does nothing, while its author relies on it.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        workers: int = 4  # cngen: ignore[CN999]
    ```

    ## Use instead
    ```python
    # cn/run.py
    import os

    from cngen import CN

    class Run(CN):
        workers: int = os.cpu_count()  # cngen: ignore[CN207]
    ```
    """

    id = codes.INVALID_IGNORE
    former_names = ("unknown-ignore",)
