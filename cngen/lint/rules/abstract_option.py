"""CN120."""

from cngen import codes
from cngen.lint.rule import StageRule


class AbstractOption(StageRule):
    """An option's class leaves a method abstract.

    ## What it does
    Finds methods that a base marks with `abc.abstractmethod` and that no class between it and the option defines,
    where a base inherits from `abc.ABC` or has `abc.ABCMeta`.

    ## Why is it bad
    Python can't instantiate the class, so no config with the option can become an object.

    ## Example
    ```python
    # cn/sched/base.py
    import abc

    from cngen import CN

    class Sched(CN, abc.ABC, abstract=True):
        @abc.abstractmethod
        def at(self, step: int) -> float: ...

    class Cosine(Sched):
        cycles: int = 2
    ```

    ## Use instead
    ```python
    # cn/sched/base.py
    import abc

    from cngen import CN

    class Sched(CN, abc.ABC, abstract=True):
        @abc.abstractmethod
        def at(self, step: int) -> float: ...

    class Cosine(Sched):
        cycles: int = 2

        def at(self, step: int) -> float:
            return 1.0
    ```
    """

    id = codes.ABSTRACT_OPTION
