"""CN201."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnannotatedField(StageRule):
    """A new attribute of a node has no annotation.

    ## What it does
    Finds attributes that a node sets and that neither it nor a base annotates. If a field of a base has a similar
    name, the hint names it. If not, `--fix` adds the annotation where the value shows the type.

    ## Why is it bad
    A dataclass takes only annotated attributes as fields. `detph = 4` would be a class attribute that no config
    has: the depth keeps its old value, without an error.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        depth: int = 2

    class Deep(Model):
        detph = 4
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN):
        depth: int = 2

    class Deep(Model):
        depth = 4
    ```
    """

    id = codes.UNANNOTATED_FIELD
