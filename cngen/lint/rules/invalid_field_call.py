"""CN229."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidFieldCall(StageRule):
    """A call of `field(...)` can't be kept in the store.

    ## What it does
    Finds calls of `dataclasses.field` and of cngen's `default` with several defaults or with an option that a
    config class can't have, and calls of helper functions that return a field and have more in their body than
    one `return`.

    ## Why is it bad
    The store would lose what the call asks for.

    ## Example
    ```python
    # cn/run.py
    from dataclasses import field

    from cngen import CN

    class Run(CN):
        seed: int = field(default=0, init=False)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from dataclasses import field

    from cngen import CN

    class Run(CN):
        seed: int = field(default=0, repr=False)
    ```
    """

    id = codes.INVALID_FIELD_CALL
