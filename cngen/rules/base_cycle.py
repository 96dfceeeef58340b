"""CN107."""

from cngen.rules.base import StageRule


class BaseCycle(StageRule):
    """A class inherits from itself, perhaps by way of others."""

    code = "CN107"
