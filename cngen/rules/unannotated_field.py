"""CN201."""

from cngen.rules.base import StageRule


class UnannotatedField(StageRule):
    """A new attribute of a node has no annotation."""

    code = "CN201"
