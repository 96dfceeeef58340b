"""CN003."""

from cngen.rules.base import StageRule


class DeepNesting(StageRule):
    """Code is nested so deeply that no parser takes it."""

    code = "CN003"
