"""CN006."""

from cngen.diagnostic import Severity
from cngen.rules.base import StageRule


class UnknownIgnore(StageRule):
    """A comment to cngen says something that it doesn't know, or can't do."""

    code = "CN006"
    severity = Severity.WARNING
