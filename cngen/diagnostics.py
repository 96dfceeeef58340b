"""What cngen reports: findings with a place, and errors that end a run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """ERROR: nothing is written. WARNING: the store is written all the same."""

    ERROR = "error"
    WARNING = "warning"


class Span(NamedTuple):
    """A stretch of one source file, as offsets in characters of its decoded text."""

    file: str
    start: int
    end: int


class Edit(NamedTuple):
    """Another text for a stretch of a source; an empty stretch is where text is put in."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file that remove a finding. One that isn't `safe` may change what is composed."""

    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding; ordered by place, then code.

    `message` is one terse sentence with the user's own names in backticks;
    `hint` says what to do about it and may be empty.
    """

    span: Span
    code: str
    message: str
    hint: str = ""
    severity: Severity = field(default=Severity.ERROR, compare=False)
    fix: Fix | None = field(default=None, compare=False)


Report = Callable[[Diagnostic], None]
"""Where a stage puts its findings."""


def unimportable(span: Span, name: str, module: str) -> Diagnostic:
    """The finding that the store would import a name from a module that has no name of one."""
    message = f"the store would import `{name}` from `{module}`, which is not the name of a module"
    hint = "rename the file or folder: letters, digits and `_`, no digit first, not a keyword"
    return Diagnostic(span, "CN119", message, hint)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding forbids writing a store."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A hint that names the nearest known name; empty when none is near."""
    near = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


class CngenError(Exception):
    """The run can't go on (exit status 2); the message is one line for the user.

    Problems *in* the sources are never exceptions: they are values of
    `cngen.diagnostic.Diagnostic`, so that all of them are told in one run.
    """
