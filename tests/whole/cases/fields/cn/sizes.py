"""Constants alone: no node lies here."""

KEYS = ["image", "depth"]
SIZE = 2 ** 5
TABLE = {"low": 1, "high": 10}
NAMES = ("a", "b")
