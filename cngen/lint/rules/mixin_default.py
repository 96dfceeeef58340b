"""CN221."""

from cngen import codes
from cngen.lint.rule import StageRule


class MixinDefault(StageRule):
    """A base that isn't a node sets a field that another base has.

    ## What it does
    Finds attributes of plain classes, among the bases of a node, that have the name of a field of a later base,
    where the node itself doesn't set the field.

    ## Why is it bad
    Python finds the attribute first, so it looks like the default. But fields come only from nodes: the config
    has the default of the node.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Base(CN, abstract=True):
        lr: float = 0.1

    class Fast:
        lr = 9.0

    class Run(Fast, Base):
        steps: int = 3
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Base(CN, abstract=True):
        lr: float = 0.1

    class Fast(Base, abstract=True):
        lr = 9.0

    class Run(Fast):
        steps: int = 3
    ```
    """

    id = codes.MIXIN_DEFAULT
