"""CN003."""

from cngen import codes
from cngen.lint.rule import StageRule


class DeepNesting(StageRule):
    """Code is nested so deeply that no parser takes it.

    ## What it does
    Tells files in which more than 60 brackets stand inside each other, or in which hundreds of operators
    follow each other without a bracket or a comma between them, and classes with more than 150 bases.

    ## Why is it bad
    A parser descends into each of them and would run out of stack. People don't write such code: it is
    mostly data that a program wrote.

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
    Data of its own file, which the program reads when it runs:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        table: str = "data/table.json"
    ```
    """

    id = codes.DEEP_NESTING
