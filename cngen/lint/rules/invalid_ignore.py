"""CN006."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidIgnore(StageRule):
    """A `# cngen:` comment is misspelled, names an unknown code or tries to silence an error.

    ## What it does
    Reports `# cngen: ...` comments with a word other than `ignore`, comments that are nearly spelled like that,
    codes that no rule has, and codes of errors, which can't be silenced.

    ## Why is it bad
    The comment has no effect, but its author relies on it.

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
