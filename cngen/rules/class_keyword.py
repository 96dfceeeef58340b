"""CN108."""

from cngen.rules.base import StageRule


class ClassKeyword(StageRule):
    """A class keyword that cngen doesn't know, or whose value isn't what it needs."""

    code = "CN108"
