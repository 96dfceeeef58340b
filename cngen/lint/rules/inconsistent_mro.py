"""CN113."""

from cngen import codes
from cngen.lint.rule import StageRule


class InconsistentMro(StageRule):
    """The bases of a class have no consistent order.

    ## What it does
    Tells classes whose bases Python couldn't bring into one order (the method resolution order): mostly a base that
    stands before a subclass of its own.

    ## Why is it bad
    Python refuses to define the class, and which default of an inherited field counts wouldn't be known.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    class MLP(Model):
        depth: int = 2

    class Residual(Model, MLP):
        skip: int = 2
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        width: int = 32

    class MLP(Model):
        depth: int = 2

    class Residual(MLP, Model):
        skip: int = 2
    ```
    """

    id = codes.INCONSISTENT_MRO
    former_names = ("base-order",)
