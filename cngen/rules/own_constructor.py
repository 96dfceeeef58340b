"""CN112."""

from cngen.rules.base import StageRule


class OwnConstructor(StageRule):
    """A node has a constructor of its own."""

    code = "CN112"
