"""CN102."""

from cngen.rules.base import StageRule


class NestedNode(StageRule):
    """A node is defined inside a block."""

    code = "CN102"
