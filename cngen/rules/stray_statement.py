"""CN208."""

from cngen.rules.base import StageRule


class StrayStatement(StageRule):
    """The body of a node holds something that is no field."""

    code = "CN208"
