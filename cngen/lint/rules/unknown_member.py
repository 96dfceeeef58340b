"""CN210."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnknownMember(StageRule):
    """A value names a member that an enum doesn't have.

    ## What it does
    Looks up `Mode.FUL`, `Mode["FUL"]` and `Mode(3)` among the members of the enum.

    ## Why is it bad
    Python raises an `AttributeError` as soon as the store is imported.

    ## Example
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = 16
        FULL = 32

    class Train(CN):
        precision: Precision = Precision.FUL
    ```

    ## Use instead
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = 16
        FULL = 32

    class Train(CN):
        precision: Precision = Precision.FULL
    ```
    """

    id = codes.UNKNOWN_MEMBER
