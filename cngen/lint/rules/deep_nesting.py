"""CN003."""

from cngen import codes
from cngen.lint.rule import StageRule


class DeepNesting(StageRule):
    """Code is nested too deeply to be parsed.

    ## What it does
    Reports files with more than 60 nested brackets or with hundreds of operators in a row, without a bracket or a
    comma between them, and classes with more than 150 bases.

    ## Why is it bad
    A parser descends into each level and would run out of stack. Such code is mostly generated data.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    DEEP = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]
    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

    class Run(CN):
        seed: int = 0
    ```

    ## Use instead
    Keep the data in a separate file, which the program reads at run time:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        table: str = "data/table.json"
    ```
    """

    id = codes.DEEP_NESTING
