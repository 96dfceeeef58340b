"""CN113."""

from cngen.rules.base import StageRule


class BaseOrder(StageRule):
    """The bases of a class have no consistent order."""

    code = "CN113"
