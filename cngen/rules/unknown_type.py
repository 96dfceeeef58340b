"""CN211."""

from cngen.rules.base import StageRule


class UnknownType(StageRule):
    """A field's type is defined nowhere."""

    code = "CN211"
