"""CN007."""

from cngen.diagnostic import Severity
from cngen.rules.base import StageRule


class UnusedIgnore(StageRule):
    """An ignore comment silences nothing."""

    code = "CN007"
    severity = Severity.WARNING
