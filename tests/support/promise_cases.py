"""Markdown -> cases: whole small projects, what is edited in them, and what is expected of them.

A file of tests/whole/promise holds the cases of one kind, each below a heading of its own (`##`), with a sentence
that says what is right. A block whose first line is `# path: cn/run.py` is that file, `# edit: cn/run.py` its
text after an edit, for `cngen diff`. A block `expect` holds expectations, one a line, all of which must hold:

    build: 0                        exit status of `cngen build`
    check: CN203 cn/run.py:5        a finding there (without the line: anywhere in the file; or anywhere at all)
    check: any cn/run.py:5          any finding there; `error` and `warning` likewise
    check: none                     no finding at all; `not CN203 cn/run.py`, `not any`: no such finding
    check: contains TEXT            a message or hint holds TEXT; `check: not contains TEXT`
    import: ok                      the store can be imported
    eval: EXPRESSION                is true, with `cn` (the store's package), `dataclasses` and `OmegaConf`
    object [ARGS] a.b: TEXT         what a command line composes to, or a part of it (see hydra_server.show)
    composes [ARGS]: ok             it composes, whatever to
    refused [ARGS]                  the store can be imported, and Hydra refuses the command line
    jobs [ARGS] a.b: TEXT; TEXT     what the jobs of a real application are given
    runs [ARGS]: 2 jobs             how many jobs it runs; `fails`
    sweep NAME: 2 jobs              how many jobs `cngen sweep NAME` counts
    sweep NAME contains TEXT        its table, spaces folded; `not contains`
    sweep NAME json: JSON           the overrides of its jobs
    diff: contains TEXT             what `cngen diff` prints of the edits, spaces folded; `not contains`
    diff: tells CONFIG KEY          it has that key of that config as an effect; `not tells`
    diff: none                      it finds no change
    either: A | B & C               one of several

Findings about a store that is missing or stale don't count. pyproject.toml and the packages' `__init__.py` are
made unless given.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.project import CHECKOUT

FOLDER = CHECKOUT / "tests/whole/promise"
_CASE = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"# (path|edit): (\S+)\n")
_ROOT = re.compile(r'^root = \[?\s*"([^"]+)"', re.MULTILINE)


@dataclass
class Case:
    """One project and what is expected of it."""

    kind: str
    title: str
    files: dict[str, str] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)
    expected: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The folder of the sources."""
        found = _ROOT.search(self.files.get("pyproject.toml", ""))
        return found[1] if found else "cn"

    @property
    def project(self) -> dict[str, str]:
        """All files, with those that go without saying."""
        package = self.root.replace("/", ".")
        above = list(Path(self.root).parents)[:-1]
        return {
            "pyproject.toml": f'[tool.cngen]\nroot = "{self.root}"\n',
            f"{self.root}/__init__.py": f"from {package}._generated_store import *\n",
            **{f"{folder.as_posix()}/__init__.py": "" for folder in above},
            **self.files,
        }


def all_cases() -> list[Case]:
    """The cases of every kind."""
    return [
        _parsed(path, match[1].strip(), match[2])
        for path in sorted(FOLDER.glob("*.md"))
        for match in _CASE.finditer(path.read_text(encoding="utf-8"))
    ]


def _parsed(path: Path, title: str, body: str) -> Case:
    case = Case(path.stem, title)
    for match in _BLOCK.finditer(body):
        place = _PLACE.match(match[2])
        if match[1] == "expect":
            case.expected += [line.strip() for line in match[2].splitlines() if line.strip()]
        else:
            assert place, f"{path.name}: {title}: a block that is neither a file nor expectations"
            (case.files if place[1] == "path" else case.edits)[place[2]] = match[2]
    assert case.files and case.expected, f"{path.name}: {title}: no files, or nothing is expected"
    return case
