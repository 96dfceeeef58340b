"""Diagnostics -> findings for people and programs: with their lines, columns and rules."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from cngen.diagnostics import CngenError, Diagnostic, Severity
from cngen.lint.rules import known_rule
from cngen.project.files import Files, Worktree
from cngen.project.sources import Source, decode, line_starts, position
from cngen.reading.names import File
from cngen.text.escaping import one_line

Style = Callable[[str, str], str]
"""Puts a text in a colour, by the colour's name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic as every format shows it.

    `path` leads from the current folder. Lines and columns count from 1, columns in characters; the
    end is the place behind the last character. `source` is the first line of the place, empty where the
    finding is about the whole file; `rule` is the rule's name; `fix` is whether the fix is safe, None without a fix.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    rule: str
    severity: Severity
    message: str
    hint: str
    source: str
    fix: Literal["safe", "unsafe"] | None


def findings(
    diagnostics: Iterable[Diagnostic],
    files: Iterable[File],
    project: Path,
    unscanned: Files | None = None,
) -> tuple[Finding, ...]:
    """The diagnostics in their order, each with its place in the text.

    Files that weren't scanned are read from `unscanned` if they aren't those on disk.
    """
    diagnostics = tuple(diagnostics)
    texts = _texts(files, diagnostics, unscanned or Worktree(project))
    starts = {path: line_starts(text) for path, text in texts.items()}
    lines: dict[tuple[str, int], str] = {}  # findings share them: one line may have thousands
    return tuple(
        _finding(d, texts[d.span.file], starts[d.span.file], project, lines) for d in diagnostics
    )


def _finding(
    d: Diagnostic,
    text: str,
    starts: tuple[int, ...],
    project: Path,
    lines: dict[tuple[str, int], str],
) -> Finding:
    line, column = position(starts, d.span.start)
    end_line, end_column = position(starts, max(d.span.start, d.span.end))
    rule = known_rule(d.code)
    if (d.span.file, line) not in lines:
        end = text.find("\n", starts[line - 1])
        lines[d.span.file, line] = text[starts[line - 1] : end if end >= 0 else None]
    return Finding(
        path=from_here(project, d.span.file),
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        code=d.code,
        rule=rule.name if rule is not None else "",
        severity=d.severity,
        message=one_line(d.message),
        hint=one_line(d.hint),
        source=lines[d.span.file, line] if d.span.end else "",
        fix=None if d.fix is None else "safe" if d.fix.safe else "unsafe",
    )


def from_here(project: Path, path: str) -> str:
    """A path as it leads from the current folder, for one that leads from the project.

    What isn't text in it is escaped.
    """
    found = PurePath(os.path.relpath(project / path)).as_posix()
    return found.encode(errors="backslashreplace").decode()


def _texts(
    files: Iterable[File], diagnostics: Iterable[Diagnostic], unscanned: Files
) -> Mapping[str, str]:
    """The decoded text of every file that a finding is in; one that can't be decoded counts as empty."""
    known = {file.source.path: file.text for file in files}
    for path in sorted({d.span.file for d in diagnostics} - set(known)):
        try:
            text = decode(Source(path, "", None, unscanned.read(path)))
        except CngenError:
            text = ""
        known[path] = text if isinstance(text, str) else ""
    return known


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty without findings."""
    severities = [d.severity for d in diagnostics]
    counts = [(severities.count(s), s.value) for s in Severity if s in severities]
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts)


def statistics(found: Iterable[Finding]) -> str:
    """How often each rule was broken, the most frequent first; `[*]` where `--fix` removes some of them."""
    rows = _counts(found)
    width = max((len(str(row.times)) for row in rows), default=0)
    return "".join(
        f"{row.times:>{width}}  {row.code}  {'[*]' if row.fixable else '[ ]'} {row.rule}\n"
        for row in rows
    )


def counts_json(found: Iterable[Finding]) -> str:
    """The same for programs, as one JSON array."""
    return json.dumps([row._asdict() for row in _counts(found)], indent=2) + "\n"


class _Count(NamedTuple):
    """How often one rule was broken, and how many of its findings have a safe fix."""

    code: str
    rule: str
    times: int
    fixable: int


def _counts(found: Iterable[Finding]) -> list[_Count]:
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        by_rule.setdefault((finding.code, finding.rule), []).append(finding)
    rows = (
        _Count(*key, len(own), sum(f.fix == "safe" for f in own)) for key, own in by_rule.items()
    )
    return sorted(rows, key=lambda row: (-row.times, row.code))
