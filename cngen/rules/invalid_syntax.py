"""CN001."""

from cngen.rules.base import StageRule


class InvalidSyntax(StageRule):
    """A source file can't be parsed."""

    code = "CN001"
