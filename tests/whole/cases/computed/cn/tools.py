"""Plain helpers of the sources."""

LIMIT = 5


def answer() -> int:
    return 42
