"""CN111."""

from cngen.rules.base import StageRule


class DataclassOption(StageRule):
    """A node is decorated as a dataclass, or has slots."""

    code = "CN111"
