"""CN111."""

from cngen import codes
from cngen.lint.rule import StageRule


class DecoratedNode(StageRule):
    """A node is decorated, or defines `__slots__`.

    ## What it does
    Reports decorators of nodes other than `typing.final`, and `__slots__` in their bodies.

    ## Why is it bad
    cngen writes the dataclass itself, without decorators of the source. `frozen` and `slots` would break
    composing: OmegaConf takes a frozen dataclass as read-only, so that nothing in it can be overridden, and fails
    to build an object that has slots.

    ## Example
    ```python
    # cn/model/base.py
    from dataclasses import dataclass

    from cngen import CN

    @dataclass(frozen=True)
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

    id = codes.DECORATED_NODE
    former_names = ("dataclass-option",)
