"""CN101."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnknownBase(StageRule):
    """A base of a class can't be found in the sources.

    ## What it does
    Reports classes below a root with a base that is neither defined nor imported, that is computed, or that is a
    node defined outside the roots.

    ## Why is it bad
    Whether the class is a node, and which fields it inherits, depends on that base. Nothing is executed to
    find out.

    ## Example
    ```python
    # cn/model/base.py
    class Model(CN):
        width: int = 32
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32
    ```
    """

    id = codes.UNKNOWN_BASE
