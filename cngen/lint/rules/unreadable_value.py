"""CN209."""

from cngen import codes
from cngen.lint.rule import StageRule


class UnreadableValue(StageRule):
    """A value can neither be read from the source nor copied into the store.

    ## What it does
    Finds nodes inside expressions that only running the code would evaluate, starred values of a sweep that
    aren't known from the sources, references, `sweep` and `patch` inside expressions, and names that mean
    something else in the store.

    ## Why is it bad
    The store would have to guess the value. What a defaults list chooses must be known when the store is written.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, ref

    class Run(CN):
        hz: float = 10.0
        fps: float = ref("hz") / 2
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    HZ = 10.0

    class Run(CN):
        hz: float = HZ
        fps: float = HZ / 2
    ```
    """

    id = codes.UNREADABLE_VALUE
