"""CN002."""

from cngen.rules.base import StageRule


class UndecodableFile(StageRule):
    """A source file isn't text in the coding that it declares."""

    code = "CN002"
