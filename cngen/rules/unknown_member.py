"""CN210."""

from cngen.rules.base import StageRule


class UnknownMember(StageRule):
    """An enum has no such member."""

    code = "CN210"
