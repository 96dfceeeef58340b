"""CN701."""

from cngen.rules.base import StageRule


class StaleStore(StageRule):
    """The store isn't what the sources compile to."""

    code = "CN701"
