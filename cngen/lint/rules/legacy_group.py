"""CN110."""

from cngen import codes
from cngen.lint.rule import StageRule


class LegacyGroup(StageRule):
    """A node sets its config group with the attribute `_group`.

    ## What it does
    Reports `_group = "a/b"` in the body of a node, which is read like the class keyword `group="a/b"`. The fix
    removes it if it repeats the folder; if not, an unsafe fix turns it into the class keyword.

    ## Why is it bad
    Earlier tools set a group like this. In the body it looks like a field. Mostly it repeats the folder, and no
    longer does when the file is moved.

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
