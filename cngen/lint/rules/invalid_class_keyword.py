"""CN108."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidClassKeyword(StageRule):
    """A class keyword that cngen doesn't know, or whose value isn't what it needs.

    ## What it does
    Tells keywords of a node other than `abstract`, `aliases`, `group`, `launcher`, `name`, `sweeper` and `target`,
    and values of these that aren't known from the sources or have another type.

    ## Why is it bad
    The keyword is for cngen alone. A misspelled one would change nothing, and the class would be stored
    otherwise than it says.

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
