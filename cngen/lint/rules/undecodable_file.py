"""CN002."""

from cngen import codes
from cngen.lint.rule import StageRule


class UndecodableFile(StageRule):
    """A source file can't be decoded.

    ## What it does
    Reports files below a root that are neither UTF-8 nor in the encoding that their first or second line
    declares.

    ## Why is it bad
    Python can't import such a file, and the content of its strings is unknown. Mostly an editor saved it in a
    legacy encoding, or it isn't Python at all.

    ## Example
    Saved as Latin-1, where the byte of `ü` is not valid UTF-8:
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        city: str = "Zürich"
    ```

    ## Use instead
    The same file saved as UTF-8, or with its encoding declared:
    ```python
    # cn/run.py
    # -*- coding: latin-1 -*-
    from cngen import CN

    class Run(CN):
        city: str = "Zürich"
    ```
    """

    id = codes.UNDECODABLE_FILE
