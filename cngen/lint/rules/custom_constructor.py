"""CN112."""

from cngen import codes
from cngen.lint.rule import StageRule


class CustomConstructor(StageRule):
    """A node defines a constructor.

    ## What it does
    Reports `__init__` and `__new__` in the body of a node.

    ## Why is it bad
    OmegaConf builds the object from its fields, with the constructor of the dataclass. A custom constructor would
    take other arguments, or leave fields unset.

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
