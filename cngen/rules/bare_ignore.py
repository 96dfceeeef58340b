"""CN005."""

from cngen.diagnostic import Severity
from cngen.rules.base import StageRule


class BareIgnore(StageRule):
    """An ignore comment names no rule."""

    code = "CN005"
    severity = Severity.WARNING
