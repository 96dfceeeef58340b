"""CN225."""

from cngen import codes
from cngen.lint.rule import StageRule


class FieldMethodCollision(StageRule):
    """A method has the name of a field.

    ## What it does
    Finds methods and properties of a node with the name of one of its fields, including inherited fields.

    ## Why is it bad
    In Python the method replaces the default of the field, and the field hides the method in every object.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        steps: int = 100

        def steps(self) -> int:
            return 1
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        steps: int = 100

        def count(self) -> int:
            return self.steps
    ```
    """

    id = codes.FIELD_METHOD_COLLISION
