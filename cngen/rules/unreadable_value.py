"""CN209."""

from cngen.rules.base import StageRule


class UnreadableValue(StageRule):
    """A value can neither be read from the source nor carried over."""

    code = "CN209"
