"""CN211."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnknownType(StageRule):
    """An annotation names a type that nothing defines or imports.

    ## What it does
    Looks up the names in annotations, those in quotes included, in the file and its imports.

    ## Why is it bad
    OmegaConf resolves the annotations of a dataclass when it is stored: the import of the store would fail
    with a `NameError`.

    ## Example
    ```python
    # cn/data.py
    from cngen import CN

    class Data(CN):
        root: Path = "data"
    ```

    ## Use instead
    ```python
    # cn/data.py
    from pathlib import Path

    from cngen import CN

    class Data(CN):
        root: Path = Path("data")
    ```
    """

    id = codes.UNKNOWN_TYPE
