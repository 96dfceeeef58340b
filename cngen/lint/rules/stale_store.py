"""CN701."""

from cngen import codes
from cngen.lint.rule import StageRule


class StaleStore(StageRule):
    """The store isn't what the sources compile to.

    ## What it does
    Tells that the generated module is missing, older than the sources, edited by hand, or left with the markers of a
    merge conflict, and what in it differs. Only `cngen check` tells it; `cngen check --diff` shows the lines.

    ## Why is it bad
    Hydra composes what the store says, so the program would run with configs that nobody can read in the sources.

    ## Example
    The store was built when `seed` was `0`:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
    ```

    ## Use instead
    The same, followed by `cngen build`, and the store committed with the sources:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
    ```
    """

    id = codes.STALE_STORE
