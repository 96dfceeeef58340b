"""CN701."""

from cngen import codes
from cngen.lint.rule import StageRule


class StaleStore(StageRule):
    """The store is out of date.

    ## What it does
    Reports that the generated module is missing, older than the sources, edited by hand, or left with merge
    conflict markers, and what in it differs. Only `cngen check` reports it; `cngen check --diff` shows the lines.

    ## Why is it bad
    Hydra composes from the store, so the program would run with configs that differ from the sources.

    ## Example
    The store was built when `seed` was `0`:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
    ```

    ## Use instead
    The same source, after `cngen build`, with the store committed beside the sources:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
    ```
    """

    id = codes.STALE_STORE
