"""Markdown -> pairs of small trees in fenced blocks, and the whole of what differs between them.

A file of tests/diff/diffs holds the cases of one topic, each below a heading of its own (`##`); blocks before the
first of them belong to every case, which may say otherwise. The first line of a file is a comment with its path;
several files may stand in one block.

- A block `python` holds files of both trees, `python before` and `python after` those of one.
- Blocks `toml`, `toml before` and `toml after` hold settings of `[tool.cngen]`.
- The block `text` is what differs: a line for each change, with its impact, kind, place, subject and message,
  and below it what stops working, the keys that differ, and the jobs that run. `nothing` stands for none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cngen.compose.configs import Composed
from cngen.diff.changes import Change, Comparison
from tests.support.project import CHECKOUT, write_project
from tests.support.rule_cases import FENCE

FOLDER = CHECKOUT / "tests/diff/diffs"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FILE = re.compile(r"^# (\S+\.py)\n", re.MULTILINE)
_SIDES = {"before": (0,), "after": (1,), None: (0, 1)}


@dataclass
class Case:
    """Two trees, by the paths of their files, their settings, and what is expected to differ."""

    path: Path
    title: str
    files: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    settings: list[str] = field(default_factory=lambda: ["", ""])
    expected: str = ""

    def write(self, side: int, folder: Path) -> Path:
        """Write one of the two trees; returns the folder."""
        return write_project(folder, self.files[side], self.settings[side])

    def expect(self, text: str) -> None:
        """Write into the case's file what differs."""
        whole = self.path.read_text(encoding="utf-8")
        start = whole.index(f"\n## {self.title}\n") + 1
        section = whole[start : _end(whole, start)]
        found = next((m for m in FENCE.finditer(section) if m[1] == "text"), None)
        kept = section[: found.start()] if found is not None else f"{section.rstrip()}\n\n"
        rest = section[found.end() :] if found is not None else "\n\n"
        whole = f"{whole[:start]}{kept}```text\n{text}```{rest}{whole[_end(whole, start) :]}"
        self.path.write_text(f"{whole.rstrip()}\n", encoding="utf-8", newline="\n")


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(FOLDER.glob("*.md")) for case in _cases(path)]


def shown(found: Comparison) -> str:
    """All of a comparison as text, a line for each thing that it says."""
    lines = [line for change in found.changes for line in _lines(change)]
    lines += [f"note: {note}" for note in found.notes]
    return "".join(f"{line}\n" for line in lines or ["nothing"])


def _lines(change: Change) -> Iterator[str]:
    place = change.location
    where = f"{place.path}:{place.line}:{place.column}" if place is not None else "-"
    old = " (old)" if place is not None and place.is_old else ""
    yield f"{change.impact.value} {change.kind} {where}{old} {change.subject}: {change.message}"
    for gone in change.gone:
        yield f"  gone {gone.key} -> {gone.instead}" if gone.instead else f"  gone {gone.key}"
    for effect in change.effects:
        is_typed = (
            effect.old is not None and effect.new is not None and effect.old.type != effect.new.type
        )
        values = " -> ".join(_composed(side, is_typed) for side in (effect.old, effect.new))
        yield f"  {effect.key} {values} ({', '.join(effect.configs)})"
    for jobs in change.jobs:
        counts = ("searched" if number is None else number for number in (jobs.old, jobs.new))
        yield f"  {jobs.config}: {' -> '.join(map(str, counts))} jobs"


def _composed(side: Composed | None, is_typed: bool) -> str:
    if side is None:
        return "nothing"
    return f"{side.value}: {side.type}" if is_typed else side.value


def _cases(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    starts = [match.start() for match in _HEADING.finditer(_without_code(text))]
    return [_case(path, text[: starts[0]], text[start : _end(text, start)]) for start in starts]


def _case(path: Path, shared: str, section: str) -> Case:
    heading = _HEADING.match(section)
    assert heading is not None
    case = Case(path, heading[1])
    for match in (*FENCE.finditer(shared), *FENCE.finditer(section)):
        language, side, block = match.groups()
        if language == "text":
            case.expected = block
        for number in _SIDES[side] if language != "text" else ():
            if language == "toml":
                case.settings[number] += block
            else:
                case.files[number].update(_files(block))
    return case


def _files(block: str) -> Iterator[tuple[str, str]]:
    parts = _FILE.split(block)
    assert not parts[0], f"the first line of a block is the path of its file:\n{block}"
    for path, text in zip(parts[1::2], parts[2::2], strict=True):
        yield path, f"{text.strip()}\n" if text.strip() else ""


def _end(text: str, start: int) -> int:
    """Where the section that begins at a place ends."""
    following = _HEADING.search(_without_code(text), start + 1)
    return following.start() if following is not None else len(text)


def _without_code(text: str) -> str:
    """The same length without what stands in fences, where `##` is a comment."""
    return FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
