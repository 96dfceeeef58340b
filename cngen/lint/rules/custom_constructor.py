"""CN112."""

from cngen import codes
from cngen.lint.rule import StageRule


class CustomConstructor(StageRule):
    """A node has a constructor of its own.

    ## What it does
    Tells `__init__` and `__new__` in the body of a node.

    ## Why is it bad
    OmegaConf builds the object from its fields, through the constructor that the dataclass has. Another
    one would take other arguments, or leave the fields unset.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

        def __init__(self, width: int) -> None:
            assert width > 0
            self.width = width
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

        def __post_init__(self) -> None:
            assert self.width > 0
    ```
    """

    id = codes.CUSTOM_CONSTRUCTOR
    former_names = ("own-constructor",)
