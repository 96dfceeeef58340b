"""CN224."""

from cngen import codes
from cngen.lint.rule import StageRule


class InitvarField(StageRule):
    """A field is annotated as an `InitVar`.

    ## What it does
    Finds `InitVar[...]` in the annotations of a node.

    ## Why is it bad
    An `InitVar` is an argument of the constructor and not a field, so no config can hold it.

    ## Example
    ```python
    # cn/run.py
    from dataclasses import InitVar

    from cngen import CN

    class Run(CN):
        seed: InitVar[int] = 0
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
    ```
    """

    id = codes.INITVAR_FIELD
