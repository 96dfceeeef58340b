"""CN005."""

from cngen import codes
from cngen.lint.rule import StageRule


class BareIgnore(StageRule):
    """An ignore comment names no rule.

    ## What it does
    Reports `# cngen: ignore` without codes in brackets.

    ## Why is it bad
    It silences nothing. A comment that silenced everything would also hide later findings on its line, so cngen
    has no such comment.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        workers: int = 4  # cngen: ignore
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

    id = codes.BARE_IGNORE
