"""Diagnostics -> findings for people and programs: with their lines, columns and rules."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from cngen.diagnostic import Diagnostic, Severity
from cngen.names import File
from cngen.rules import known_rule
from cngen.source import Source, decode, line_starts, position

Style = Callable[[str, str], str]
"""Puts a text in a colour, by the colour's name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic as every format shows it.

    `path` leads from the current folder. Lines and columns count from 1, columns in characters; the
    end is the place behind the last character. `source` is the first line of the place, empty where the
    finding is about the whole file; `rule` is the rule's name.
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
    is_fixable: bool


def findings(
    diagnostics: Iterable[Diagnostic], files: Iterable[File], project: Path
) -> tuple[Finding, ...]:
    """The diagnostics in their order, each with its place in the text."""
    diagnostics = tuple(diagnostics)
    texts = _texts(files, diagnostics, project)
    starts = {path: line_starts(text) for path, text in texts.items()}
    return tuple(_finding(d, texts[d.span.file], starts[d.span.file], project) for d in diagnostics)


def _finding(d: Diagnostic, text: str, starts: tuple[int, ...], project: Path) -> Finding:
    line, column = position(starts, d.span.start)
    end_line, end_column = position(starts, max(d.span.start, d.span.end))
    rule = known_rule(d.code)
    return Finding(
        path=PurePath(os.path.relpath(project / d.span.file)).as_posix(),
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        code=d.code,
        rule=rule.name() if rule is not None else "",
        severity=d.severity,
        message=one_line(d.message),
        hint=one_line(d.hint),
        source=text[starts[line - 1] :].partition("\n")[0] if d.span.end else "",
        is_fixable=d.fix is not None and d.fix.safe,
    )


def _texts(
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


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty without findings."""
    severities = [d.severity for d in diagnostics]
    counts = [(severities.count(s), s.value) for s in Severity if s in severities]
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts)


def statistics(found: Iterable[Finding]) -> str:
    """How often each rule was broken, the most frequent first; `[*]` where `--fix` mends some of it."""
    found = tuple(found)
    counts = Counter((f.code, f.rule) for f in found)
    fixable = {f.code for f in found if f.is_fixable}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = max((len(str(count)) for _, count in rows), default=0)
    return "".join(
        f"{count:>{width}}  {code}  {'[*]' if code in fixable else '[ ]'} {rule}\n"
        for (code, rule), count in rows
    )


def one_line(text: str) -> str:
    """Names in messages come from the user's files and may hold anything."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
