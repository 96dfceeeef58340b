"""CN110."""

from cngen.diagnostic import Severity
from cngen.rules.base import StageRule


class OldGroup(StageRule):
    """A node says its group by the attribute `_group`."""

    code = "CN110"
    severity = Severity.WARNING
