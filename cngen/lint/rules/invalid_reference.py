"""CN408."""

from cngen import codes
from cngen.lint.rule import StageRule


class InvalidReference(StageRule):
    """`ref(...)` is called without exactly one string.

    ## What it does
    Checks the argument of `ref`, and of OmegaConf's `II` and `SI`.

    ## Why is it bad
    The key must be known from the source: it is written into the config as an interpolation.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, ref

    class Run(CN):
        seed: int = 0
        eval_seed: int = ref("seed", 1)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN, ref

    class Run(CN):
        seed: int = 0
        eval_seed: int = ref("seed")
    ```
    """

    id = codes.INVALID_REFERENCE
