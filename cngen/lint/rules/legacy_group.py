"""CN110."""

from cngen import codes
from cngen.lint.rule import StageRule


class LegacyGroup(StageRule):
    """A node says its group by the attribute `_group`.

    ## What it does
    Tells `_group = "a/b"` in the body of a node, which is read like `group="a/b"`. The fix removes it where the
    folder says the same; otherwise, as an unsafe one, it makes it the class keyword.

    ## Why is it bad
    It is how earlier tools set a group. In the body it looks like a field, and mostly it repeats the folder,
    from which it then differs when the file is moved.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        _group = "model"
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

    id = codes.LEGACY_GROUP
    former_names = ("old-group",)
