"""CN111."""

from cngen import codes
from cngen.lint.rule import StageRule


class DecoratedNode(StageRule):
    """A node is decorated, or has slots.

    ## What it does
    Tells decorators of nodes other than `typing.final`, and `__slots__` in their bodies.

    ## Why is it bad
    cngen makes the dataclass itself, and a decorator doesn't come along. What `frozen` and `slots` would
    do breaks composing: OmegaConf takes a frozen dataclass as read-only, so that nothing in it can be overridden,
    and fails to build an object that has slots.

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
