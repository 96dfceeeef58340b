"""Findings -> lines for people."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePath

from cngen.diagnostic import Diagnostic, Severity
from cngen.names import File
from cngen.source import Source, decode, line_starts, position

Style = Callable[[str, str], str]
"""Puts a text in a colour, by the colour's name."""


def texts(
    files: Iterable[File], diagnostics: Iterable[Diagnostic], project: Path
) -> Mapping[str, str]:
    """The decoded text of every file that a finding is in; one that can't be decoded counts as empty."""
    known = {file.source.path: file.text for file in files}
    for path in sorted({d.span.file for d in diagnostics} - set(known)):
        try:
            text = decode(Source(path, "", None, (project / path).read_bytes()))
        except OSError:
            text = ""
        known[path] = text if isinstance(text, str) else ""
    return known


def concise(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], project: Path, style: Style
) -> str:
    """One line a finding, `file:line:column: CODE message`, and its hint below; paths lead from here."""
    starts: dict[str, tuple[int, ...]] = {}
    lines: list[str] = []
    for diagnostic in diagnostics:
        file = diagnostic.span.file
        starts.setdefault(file, line_starts(texts[file]))
        line, column = position(starts[file], diagnostic.span.start)
        colour = "red" if diagnostic.severity is Severity.ERROR else "yellow"
        label = style(f"{diagnostic.severity.value}[{diagnostic.code}]", colour)
        path = PurePath(os.path.relpath(project / file)).as_posix()
        lines.append(f"{path}:{line}:{column}: {label} {_one_line(diagnostic.message)}\n")
        if diagnostic.hint:
            lines.append(f"  {style('hint:', 'cyan')} {_one_line(diagnostic.hint)}\n")
    return "".join(lines)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty without findings."""
    severities = [d.severity for d in diagnostics]
    counts = [(severities.count(s), s.value) for s in Severity if s in severities]
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts)


def _one_line(text: str) -> str:
    """Names in messages come from the user's files and may hold anything."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
