"""CN005."""

from cngen import codes
from cngen.lint.rule import StageRule


class BareIgnore(StageRule):
    """An ignore comment names no rule.

    ## What it does
    Tells `# cngen: ignore` without codes in brackets.

    ## Why is it bad
    It silences nothing. A comment that silenced everything would also hide what is found on its line in
    years to come, so there is none.

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
