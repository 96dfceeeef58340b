"""What a change does to the configuration: values that every format of `cngen diff` shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Impact(Enum):
    """How far a change reaches, the worst first.

    BREAKING: a command line, an experiment or code that was valid no longer is.
    BEHAVIOUR: the same commands compose other values. SAFE: neither.
    """

    BREAKING = "breaking"
    BEHAVIOUR = "behaviour"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the sources of one of the two trees; line and column count from 1.

    `is_old` tells that it is in the tree before the change: what is gone is no longer in the other.
    `path` leads from the project's folder.
    """

    path: str
    line: int
    column: int
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """What a composed config has under one key: its value and its type, as Python text.

    A node's value is the name of its class.
    """

    value: str
    type: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One key of composed configs that a change alters; None where the key isn't there.

    `configs` are the primary configs (`run`) and experiments (`exp/fast`) in which it does so.
    """

    key: str
    old: Composed | None
    new: Composed | None
    configs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jobs:
    """How many jobs a config runs before and after; None where a sweeper searches."""

    config: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What no command line can say any more: `optimizer.lr` or `optimizer=adam`.

    `instead` says the same now, empty where nothing does.
    """

    key: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of the sources and all that follows from it.

    `kind` is a word for programs (`default-changed`), `subject` what was edited, as in the sources
    (`Adam.lr`), and `message` the whole as one sentence for people. `old` and `new` are what was there
    and what is, as Python text, and empty where there is no such thing.
    """

    kind: str
    subject: str
    message: str
    old: str
    new: str
    impact: Impact
    location: Location | None
    gone: tuple[Gone, ...] = ()
    effects: tuple[Effect, ...] = ()
    jobs: tuple[Jobs, ...] = ()

    @property
    def configs(self) -> tuple[str, ...]:
        """Every config that composes otherwise, or runs another number of jobs."""
        touched = {config for effect in self.effects for config in effect.configs}
        return tuple(sorted(touched | {jobs.config for jobs in self.jobs}))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two trees, which are called `base` and `head`.

    `configs` are all primary configs and experiments of both. `notes` say what couldn't be compared,
    and why.
    """

    base: str
    head: str
    changes: tuple[Change, ...]
    configs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, impact: Impact) -> tuple[Change, ...]:
        """The changes of one impact, in their order."""
        return tuple(change for change in self.changes if change.impact is impact)

    @property
    def touched(self) -> tuple[str, ...]:
        """Every config that some change lets compose otherwise, or run another number of jobs."""
        return tuple(sorted({config for change in self.changes for config in change.configs}))


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of some impacts; SAFE if there are none."""
    found = set(impacts)
    return next((impact for impact in Impact if impact in found), Impact.SAFE)
