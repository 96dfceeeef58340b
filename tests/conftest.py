"""What all tests share: the flag that rewrites golden files, and a project made of texts."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.effort import IS_FRESH

os.environ["CNGEN_DEBUG"] = "1"  # what nobody foresaw is an exception, here and in what tests run

with suppress(ModuleNotFoundError):  # `make pythons` has the example's packages only
    from hypothesis import settings

    settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
    settings.register_profile("fresh", deadline=None, print_blob=True)
    settings.load_profile("fresh" if IS_FRESH else "fixed")

MakeProject = Callable[[Mapping[str, str]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected files of tests/whole/cases",
    )


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Writes a project whose root is `cn`, from paths and texts."""

    def make(files: Mapping[str, str]) -> Path:
        for path, text in {"pyproject.toml": '[tool.cngen]\nroot = "cn"\n', **files}.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        return tmp_path

    return make
