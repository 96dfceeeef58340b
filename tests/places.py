"""Findings as places, and the places that a source marks: `|CN204|` stands right before one."""

import re
from pathlib import Path

from cngen.source import line_starts, position

MARK = re.compile(r"\|(CN\d\d\d)\|")
Place = tuple[str, int, int, str]


def marks(path: str, text: str) -> set[Place]:
    """The places marked in a source, as (file, line, column, code)."""
    found: set[Place] = set()
    plain = ""
    rest = 0
    for match in MARK.finditer(text):
        plain += text[rest : match.start()]
        rest = match.end()
        line, column = position(line_starts(plain), len(plain))
        found.add((path, line, column, match[1]))
    return found


def places(project: Path, diagnostics: tuple[object, ...]) -> set[Place]:
    found: set[Place] = set()
    for diagnostic in diagnostics:
        span, code = diagnostic.span, diagnostic.code  # type: ignore[attr-defined]
        text = (project / span.file).read_text(encoding="utf-8")
        line, column = position(line_starts(text), span.start)
        found.add((span.file, line, column, code))
    return found
