"""Trees on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .interpreter import ROOT

PROJECT = f'[tool.cngen]\nroot = "{ROOT}"\n'
STORE = f"{ROOT}/_generated_store.py"


@contextmanager
def written(files: dict[str, str]) -> Iterator[Path]:
    """A project folder that holds ``files``."""
    with tempfile.TemporaryDirectory() as name:
        for path, text in ({"pyproject.toml": PROJECT} | files).items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_text(text, encoding="utf-8")
        yield Path(name)
