"""CN108."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidClassKeyword(StageRule):
    """A class keyword is unknown, or its value has the wrong type.

    ## What it does
    Reports keywords of a node other than `abstract`, `aliases`, `group`, `launcher`, `name`, `sweeper` and
    `target`, and values of these that aren't known from the sources or have the wrong type.

    ## Why is it bad
    Only cngen reads these keywords. A misspelled one would have no effect, and the class would not be stored as
    intended.

    ## Example
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN, abstrct=True):
        width: int = 32
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN

    class Model(CN, abstract=True):
        width: int = 32
    ```
    """

    id = codes.INVALID_CLASS_KEYWORD
    former_names = ("class-keyword",)
