"""A file of findings that are known already -> the findings beyond it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cngen.diagnostics import CngenError, Diagnostic, Severity
from cngen.project.files import read_regular
from cngen.text.escaping import is_plain


class Known(NamedTuple):
    """So many findings of one message in one file, on any line."""

    file: str
    code: str
    message: str
    times: int


def baseline_of(found: Iterable[Diagnostic]) -> tuple[Known, ...]:
    """The baseline that hides all of these findings; errors are never in one."""
    counts = Counter(_key(d) for d in found if d.severity is not Severity.ERROR)
    return tuple(sorted(Known(*key, count) for key, count in counts.items()))


def beyond(
    baseline: Iterable[Known], found: Iterable[Diagnostic]
) -> tuple[tuple[Diagnostic, ...], int]:
    """The findings that aren't in a baseline, and how many of its findings no longer occur."""
    left: Counter[tuple[str, str, str]] = Counter()
    for known in baseline:  # a merge may leave a finding twice
        left[known[:3]] += known.times
    new: list[Diagnostic] = []
    for diagnostic in found:
        key = _key(diagnostic)
        if diagnostic.severity is not Severity.ERROR and left[key] > 0:
            left[key] -= 1
        else:
            new.append(diagnostic)
    return tuple(new), sum(left.values())


def _key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.span.file, diagnostic.code, diagnostic.message


def read_baseline(project: Path, path: str) -> tuple[Known, ...]:
    """The baseline in a file below a project.

    Raises:
        CngenError: the file is missing, or is not a baseline.
    """
    try:
        data = read_regular(project, path)
    except OSError as error:
        raise CngenError(
            f"can't read the baseline `{path}`: {error.strerror}; `--update-baseline` writes one"
        ) from error
    try:
        document = json.loads(data.decode())
        if set(document) != {"findings"}:
            raise ValueError("it has other keys")
        return tuple(_known(finding) for finding in document["findings"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CngenError(
            f"`{path}` is not a baseline file: name another file, or remove it and run `--update-baseline`"
        ) from error


def _known(finding: Mapping[str, Any]) -> Known:
    known = Known(**finding)
    texts = (known.file, known.code, known.message)
    if not (all(isinstance(text, str) for text in texts) and type(known.times) is int):
        raise TypeError("a finding has three texts and a number")
    if known.times < 1:
        raise ValueError("a finding occurs at least once")
    return known


def baseline_text(baseline: Iterable[Known]) -> str:
    """The file of a baseline: one finding a line, so that it can be reviewed and merged."""
    lines = (_line(known) for known in baseline)
    rows = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "findings": [\n{rows}\n  ]\n}}\n' if rows else '{\n  "findings": []\n}\n'


def _line(known: Known) -> str:
    """A finding as a reviewer reads it; what is hidden in it is escaped, halves of characters as well."""
    text = json.dumps(known._asdict(), ensure_ascii=False)
    return text if is_plain(text) else json.dumps(known._asdict())
