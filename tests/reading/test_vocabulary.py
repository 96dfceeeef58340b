"""What the vocabulary's types let through in editors, and what it does when a source is imported."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import CHECKOUT, environment, run_python

pytestmark = pytest.mark.slow

SOURCES = Path(__file__).parent / "typing"
COMMANDS = {
    "mypy": ["mypy", "--strict", "--no-incremental", "--config-file="],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


@pytest.mark.parametrize("checker", COMMANDS)
def test_types(checker: str, tmp_path: Path) -> None:
    """`accepted.py` is clean, and every class body line of `rejected.py` is an error."""
    rejected = (SOURCES / "rejected.py").read_text().splitlines()
    wrong = {n for n, line in enumerate(rejected, 1) if line.startswith("    ")}
    shutil.copytree(SOURCES, tmp_path / "sources")
    result = subprocess.run(
        [sys.executable, "-m", *COMMANDS[checker], "accepted.py", "rejected.py"],
        cwd=tmp_path / "sources",
        env=environment(MYPYPATH=str(CHECKOUT)),
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"(\w+)\.py:(\d+)(?::\d+)?(?: -|:) error", result.stdout)

    assert {int(line) for name, line in found if name == "rejected"} == wrong, result.stdout
    assert not [place for place in found if place[0] != "rejected"], result.stdout


def test_sources_can_be_imported() -> None:
    """A source runs at run time where it gives an enum or behaviour to the store: its words do nothing."""
    result = run_python("-c", "import accepted; print(accepted.Annotated.seed)", cwd=SOURCES)
    assert (result.stdout, result.stderr) == ("1\n", "")
