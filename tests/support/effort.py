"""How much the tests try: what fits a run for every commit, or as much as CNGEN_EXAMPLES says.

    CNGEN_EXAMPLES=3000 pytest tests/diff/test_comparing_errors.py

It is how many examples the properties share; from 1000 on, tests that try a part of all combinations of
what is written down, always the same part, try each of them. Examples are drawn with fixed seeds, so that
every run of one commit tries the same; with CNGEN_FUZZ they are fresh ones (`make fuzz`).
"""

import os

EXAMPLES = int(os.environ.get("CNGEN_EXAMPLES", "96"))
PROPERTIES = 13  # which share the examples
EACH = max(1, EXAMPLES // PROPERTIES)
IS_EXHAUSTIVE = EXAMPLES >= 1000
IS_FRESH = "CNGEN_FUZZ" in os.environ

COMPOSED = None if IS_EXHAUSTIVE else 3
"""How many configs of a drawn tree Hydra composes at most, which takes it longer than all else; None: each."""


def at_least(number: int) -> int:
    """The examples of a property that is cheap."""
    return max(number, EACH)
