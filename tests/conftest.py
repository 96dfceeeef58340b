"""What all tests share: the flag that rewrites golden files, and how the properties draw."""

import os
from contextlib import suppress

import pytest

from tests.support.effort import IS_FRESH

os.environ["CNGEN_DEBUG"] = "1"  # what nobody foresaw is an exception, here and in what tests run

with suppress(ModuleNotFoundError):  # `make pythons` has the example's packages only
    from hypothesis import settings

    settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
    settings.register_profile("fresh", deadline=None, print_blob=True)
    settings.load_profile("fresh" if IS_FRESH else "fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected files of tests/whole/cases",
    )
