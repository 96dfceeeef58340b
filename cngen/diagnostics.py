"""What cngen reports: findings with a place, and errors that end a run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from enum import Enum
from itertools import takewhile
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
    `hint` suggests what to do about it and may be empty.
    """

    span: Span
    code: str
    message: str
    hint: str = ""
    severity: Severity = field(default=Severity.ERROR, compare=False)
    fix: Fix | None = field(default=None, compare=False)


Report = Callable[[Diagnostic], None]
"""Where a stage puts its findings."""


@dataclass(frozen=True, slots=True)
class RuleId:
    """What identifies a rule: its page and whatever reports a finding of it share this value."""

    code: str
    name: str
    severity: Severity = Severity.ERROR

    def found(self, span: Span, message: str, hint: str = "", fix: Fix | None = None) -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(span, self.code, message, hint, self.severity, fix)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error, so that no store is written."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A hint that names the nearest known name; empty when none is near.

    Of equally near ones it is the one that begins most like the name: `CN204` for `CN2O4`, not `CN524`.
    """
    near = get_close_matches(name, sorted(set(known)), n=5, cutoff=0.6)
    if not near:
        return ""
    score = {one: (SequenceMatcher(None, one, name).ratio(), _alike(one, name)) for one in near}
    return f"did you mean `{max(near, key=score.__getitem__)}`?"


def _alike(one: str, other: str) -> int:
    """How many characters two names begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


class CngenError(Exception):
    """The run can't go on (exit status 2); the message is one line for the user.

    Problems *in* the sources are never exceptions: they are values of
    `Diagnostic`, so that one run reports all of them.
    """
