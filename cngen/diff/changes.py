"""What a change does to the configuration: values that every format of `cngen diff` shows."""

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

    `is_old` tells that it is in the tree before the change: what is gone is no longer in the other.
    `path` leads from the project's folder.
    """

    path: str
    line: int
    column: int
    is_old: bool = False


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
    """How many jobs a config runs before and after; None where a sweeper searches.

    Where both are the same, some of the jobs are otherwise.
    """

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
        """Every config that composes otherwise, or runs other jobs."""
        touched = {config for effect in self.effects for config in effect.configs}
        return tuple(sorted(touched | {jobs.config for jobs in self.jobs}))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two trees, which are called `base` and `head`.

    `configs` are all primary configs and experiments of both. `notes` say what couldn't be compared,
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
        """Every config that some change lets compose otherwise, or run another number of jobs."""
        return tuple(sorted({config for change in self.changes for config in change.configs}))


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of some impacts; SAFE if there are none."""
    found = set(impacts)
    return next((impact for impact in Impact if impact in found), Impact.SAFE)


KINDS = {
    "abstract-changed": "a class became an option, or no longer is one",
    "alias-added": "an option can be chosen under one more name",
    "alias-removed": "an option can no longer be chosen under one of its names",
    "bases-changed": "a class inherits from others",
    "class-added": "a new abstract class",
    "class-moved": "an abstract class is in another group or file",
    "class-removed": "an abstract class is gone",
    "class-renamed": "an abstract class has another name",
    "composed-otherwise": "keys differ, and no declaration that is compared tells why",
    "config-added": "a new primary config",
    "config-moved": "a primary config is in another file",
    "config-removed": "a primary config is gone",
    "config-renamed": "a primary config has another name",
    "default-added": "a field need not be given any more",
    "default-changed": "a field has another default",
    "default-option-changed": "a field holds another option by default",
    "default-removed": "a field must be given now",
    "defaults-list-changed": "a defaults list that is written by hand changed",
    "docs-changed": "a docstring changed",
    "enum-renamed": "an enum has another name",
    "experiment-added": "a new experiment",
    "experiment-moved": "an experiment is in another group or file",
    "experiment-removed": "an experiment is gone",
    "experiment-renamed": "an experiment has another name",
    "field-added": "a new field",
    "field-removed": "a field is gone",
    "field-renamed": "a field has another name",
    "group-added": "a new group with all its options",
    "group-removed": "a group is gone with all its options",
    "group-renamed": "a group with all its options has another name",
    "hydra-changed": "an experiment sets Hydra's own settings otherwise",
    "launcher-changed": "an experiment has another launcher",
    "member-added": "an enum has a new member",
    "member-changed": "a member of an enum has another value",
    "member-removed": "an enum lost a member",
    "member-renamed": "a member of an enum has another name",
    "option-added": "a new option",
    "option-moved": "an option is in another group or file",
    "option-removed": "an option is gone",
    "option-renamed": "an option, or its class, has another name",
    "setting-changed": "a setting of [tool.cngen] changed",
    "store-name-changed": "a class is called otherwise in the store, since its name is no longer unique or is now",
    "sweep-changed": "an experiment sweeps other values",
    "sweep-set": "an experiment sweeps one more place",
    "sweep-unset": "an experiment sweeps one place less",
    "sweeper-changed": "an experiment has another sweeper",
    "type-changed": "a field has another type",
    "value-changed": "an experiment sets a field to another value",
    "value-set": "an experiment sets one more field",
    "value-unset": "an experiment sets one field less",
}
"""Every kind of change, and what it is about."""
