"""Trees on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.project import write_project

from .interpreter import ROOT

STORE = f"{ROOT}/_generated_store.py"


@contextmanager
def written(files: dict[str, str]) -> Iterator[Path]:
    """A project folder that holds ``files``."""
    with tempfile.TemporaryDirectory() as name:
        yield write_project(Path(name), files)
