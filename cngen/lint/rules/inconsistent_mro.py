"""CN113."""

from cngen import codes
from cngen.lint.rule import StageRule


class InconsistentMro(StageRule):
    """The bases of a class have no consistent order.

    ## What it does
    Reports classes for which Python finds no method resolution order: mostly a base is listed before one of its
    subclasses.

    ## Why is it bad
    Python refuses to define the class, and it would be unknown which default of an inherited field counts.

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
