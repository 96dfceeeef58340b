"""Changes and their effects: the values that every format of `cngen diff` shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from cngen.compose.configs import Composed


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

    `is_old` means that it is in the old tree, for a declaration that was removed.
    `path` leads from the project's folder.
    """

    path: str
    line: int
    column: int
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One key of composed configs that a change alters; None if the key doesn't exist.

    `configs` are the primary configs (`run`) and experiments (`exp/fast`) in which it does so.
    """

    key: str
    old: Composed | None
    new: Composed | None
    configs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jobs:
    """How many jobs a config runs before and after; None where a sweeper searches.

    If both are the same, some of the jobs differ.
    """

    config: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A key of the command line that stops working: `optimizer.lr` or `optimizer=adam`.

    `instead` is its replacement, empty if there is none.
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
        """Every config whose keys or jobs change."""
        touched = {config for effect in self.effects for config in effect.configs}
        return tuple(sorted(touched | {jobs.config for jobs in self.jobs}))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two trees, which are called `base` and `head`.

    `configs` are all primary configs and experiments of both. `notes` are on what couldn't be compared,
    and why; a tree that is partial has errors, so that there may be more changes than these.
    """

    base: str
    head: str
    changes: tuple[Change, ...]
    configs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_base_partial: bool = False
    is_head_partial: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether either tree has errors."""
        return self.is_base_partial or self.is_head_partial

    def of(self, impact: Impact) -> tuple[Change, ...]:
        """The changes of one impact, in their order."""
        return tuple(change for change in self.changes if change.impact is impact)

    @property
    def touched(self) -> tuple[str, ...]:
        """Every config whose keys or jobs some change affects."""
        return tuple(sorted({config for change in self.changes for config in change.configs}))


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of some impacts; SAFE if there are none."""
    found = set(impacts)
    return next((impact for impact in Impact if impact in found), Impact.SAFE)


KINDS = {
    "abstract-changed": "a class became abstract, or is no longer abstract",
    "alias-added": "an alias of an option was added",
    "alias-removed": "an alias of an option was removed",
    "bases-changed": "the bases of a class changed",
    "class-added": "an abstract class was added",
    "class-moved": "an abstract class moved to another group or file",
    "class-removed": "an abstract class was removed",
    "class-renamed": "an abstract class was renamed",
    "composed-changed": "composed values changed for a reason that isn't compared",
    "config-added": "a primary config was added",
    "config-moved": "a primary config moved to another file",
    "config-removed": "a primary config was removed",
    "config-renamed": "a primary config was renamed",
    "default-added": "a field is no longer required",
    "default-changed": "the default of a field changed",
    "default-option-changed": "the default option of a field changed",
    "default-removed": "a field became required",
    "defaults-list-changed": "a hand-written defaults list changed",
    "docs-changed": "a docstring changed",
    "enum-renamed": "an enum was renamed",
    "experiment-added": "an experiment was added",
    "experiment-moved": "an experiment moved to another group or file",
    "experiment-removed": "an experiment was removed",
    "experiment-renamed": "an experiment was renamed",
    "field-added": "a field was added",
    "field-removed": "a field was removed",
    "field-renamed": "a field was renamed",
    "group-added": "a config group was added, with all its options",
    "group-removed": "a config group was removed, with all its options",
    "group-renamed": "a config group was renamed, with all its options",
    "hydra-changed": "an experiment changed settings of Hydra itself",
    "launcher-changed": "the launcher of an experiment changed",
    "member-added": "a member of an enum was added",
    "member-changed": "the value of a member of an enum changed",
    "member-removed": "a member of an enum was removed",
    "member-renamed": "a member of an enum was renamed",
    "option-added": "an option was added",
    "option-moved": "an option moved to another group or file",
    "option-removed": "an option was removed",
    "option-renamed": "an option or its class was renamed",
    "setting-changed": "a setting of [tool.cngen] changed",
    "store-name-changed": "the name of a class in the store changed, since it became unique or no longer is",
    "sweep-changed": "an experiment sweeps different values",
    "sweep-set": "a sweep was added to an experiment",
    "sweep-unset": "a sweep was removed from an experiment",
    "sweeper-changed": "the sweeper of an experiment changed",
    "type-changed": "the type of a field changed",
    "value-changed": "an experiment sets a field to a different value",
    "value-set": "an experiment sets a field that it didn't set",
    "value-unset": "an experiment no longer sets a field",
}
"""Every kind of change, with its description."""
