"""CN002."""

from cngen import codes
from cngen.lint.rule import StageRule


class UndecodableFile(StageRule):
    """A source file isn't text in the coding that it declares.

    ## What it does
    Tells files below a root that are neither UTF-8 nor in the coding that their first or second line
    declares.

    ## Why is it bad
    Python can't import such a file, and what its strings mean can't be known. It is often a file that an
    editor saved in the coding of one country, or one that isn't Python at all.

    ## Example
    With the text saved as Latin-1, where `ü` is a byte that UTF-8 doesn't have:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        city: str = "Zürich"
    ```

    ## Use instead
    The same saved as UTF-8, or with its coding declared:
    ```python
    # cn/run.py
    # -*- coding: latin-1 -*-
    from cngen import CN

    class Run(CN):
        city: str = "Zürich"
    ```
    """

    id = codes.UNDECODABLE_FILE
