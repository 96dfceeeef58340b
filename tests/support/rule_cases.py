"""Markdown -> cases: whole small trees in fenced blocks, with what is found said on the lines.

A file of tests/lint/rules holds the cases of one rule, each below a heading of its own (`##`); blocks before the
first of them belong to every case. The first line of a block is a comment with the path of its file.

- `# expect: CN204 lrr` behind a line: the finding on it, and the text that it points at (which may be left
  out). Several are separated by `; `.
- `# expect-next: ...` on a line of its own: the same for the line below, where a comment has no room.
- A block `python fixed` is that file after `--fix`, `python unsafe` after `--unsafe-fixes`.
- A block `toml` holds settings of `[tool.cngen]`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.project import CHECKOUT

FOLDER = CHECKOUT / "tests/lint/rules"
FENCE = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_EXPECT = re.compile(r"[ ]*# expect: (.*)$")
_NEXT = re.compile(r"^[ ]*# expect-next: (.*)\n", re.MULTILINE)
_PATH = re.compile(r"# (\S+\.py)\n")

Expected = tuple[str, int, str, str | None]
"""File, line, code, and the text at the place, None where it isn't said."""


@dataclass
class Case:
    """One tree. `files` are without what is expected of them."""

    rule: str
    title: str
    files: dict[str, str] = field(default_factory=dict)
    expected: set[Expected] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)
    unsafe: dict[str, str] = field(default_factory=dict)
    settings: str = ""


def cases_of(path: Path) -> list[Case]:
    """The cases of one Markdown file."""
    text = path.read_text(encoding="utf-8")
    starts = [match.start() for match in _HEADING.finditer(_without_code(text))]
    shared, sections = text[: starts[0]] if starts else text, []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        sections.append(text[start:end])
    rule = path.stem.partition("_")[0]
    return [_case(rule, shared, section) for section in sections]


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(FOLDER.glob("*.md")) for case in cases_of(path)]


def parsed(block: str) -> tuple[str, str, set[Expected]]:
    """The path of a block, its source, and what is expected in it."""
    path = _PATH.match(block)
    assert path is not None, f"the first line of a block is the path of its file:\n{block}"
    expected: set[Expected] = set()
    lines: list[str] = []
    waiting: list[str] = []
    for line in block[path.end() :].split("\n"):
        ahead = _NEXT.match(f"{line}\n")
        if ahead is not None:
            waiting.append(ahead[1])
            continue
        said = _EXPECT.search(line)
        lines.append(line[: said.start()] if said is not None else line)
        for words in (*waiting, *([said[1]] if said is not None else [])):
            expected |= {_expected(path[1], len(lines), part) for part in words.split("; ")}
        waiting = []
    return path[1], "\n".join(lines), expected


def blocks(text: str) -> dict[str, str]:
    """The files that the fenced blocks of a page hold; several may stand in one block."""
    files: dict[str, str] = {}
    for match in (m for m in FENCE.finditer(text) if m[1] == "python"):
        for part in re.split(r"^(?=# \S+\.py\n)", match[3], flags=re.MULTILINE):
            if part.strip():
                path, source, _ = parsed(part)
                files[path] = source
    return files


def _expected(path: str, line: int, words: str) -> Expected:
    code, _, text = words.partition(" ")
    return path, line, code, text or None


def _case(rule: str, shared: str, section: str) -> Case:
    heading = _HEADING.match(section)
    assert heading is not None
    case = Case(rule, heading[1])
    for match in (*FENCE.finditer(shared), *FENCE.finditer(section)):
        language, kind, block = match.groups()
        if language == "toml":
            case.settings += block
            continue
        path, source, expected = parsed(block)
        if kind is None:
            case.files[path] = source
            case.expected |= expected
        else:
            {"fixed": case.fixed, "unsafe": case.unsafe}[kind][path] = source
    return case


def _without_code(text: str) -> str:
    """The same length without what stands in fences, where `##` is a comment."""
    return FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
