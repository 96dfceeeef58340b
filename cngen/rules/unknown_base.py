"""CN101."""

from cngen.rules.base import StageRule


class UnknownBase(StageRule):
    """A base of a class can't be found in the sources."""

    code = "CN101"
