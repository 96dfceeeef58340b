"""CN208."""

from cngen import codes
from cngen.lint.rule import StageRule


class StrayStatement(StageRule):
    """The body of a node contains a statement that isn't a field.

    ## What it does
    Finds statements of a node's body other than fields, methods, properties, plain classes and
    docstrings.

    ## Why is it bad
    The source isn't run: what an `if`, a loop or an `x += 1` does to the class would be missing in the
    store.

    ## Example
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000
        steps *= 2
    ```

    ## Use instead
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000 * 2
    ```
    """

    id = codes.STRAY_STATEMENT
