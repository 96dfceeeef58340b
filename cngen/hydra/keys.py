"""The keys of Hydra's own config, `hydra.conf.HydraConf` of 1.3, which the compiler doesn't import."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

PLAIN, LIST, OPEN = "plain", "list", "open"
"""A value without keys, one with numbers as keys, and one that may have any."""

Keys: TypeAlias = "str | Mapping[str, Keys]"

HYDRA_KEYS: Mapping[str, Keys] = {
    "defaults": OPEN,
    "mode": PLAIN,
    "searchpath": LIST,
    "run": {"dir": PLAIN},
    "sweep": {"dir": PLAIN, "subdir": PLAIN},
    "hydra_logging": OPEN,
    "job_logging": OPEN,
    "sweeper": OPEN,
    "launcher": OPEN,
    "callbacks": OPEN,
    "help": {"app_name": PLAIN, "header": PLAIN, "footer": PLAIN, "template": PLAIN},
    "hydra_help": {"hydra_help": PLAIN, "template": PLAIN},
    "output_subdir": PLAIN,
    "overrides": {"hydra": LIST, "task": LIST},
    "job": {
        "name": PLAIN,
        "chdir": PLAIN,
        "override_dirname": PLAIN,
        "id": PLAIN,
        "num": PLAIN,
        "config_name": PLAIN,
        "env_set": OPEN,
        "env_copy": LIST,
        "config": {"override_dirname": {"kv_sep": PLAIN, "item_sep": PLAIN, "exclude_keys": LIST}},
    },
    "runtime": {
        "version": PLAIN,
        "version_base": PLAIN,
        "cwd": PLAIN,
        "config_sources": OPEN,
        "output_dir": PLAIN,
        "choices": OPEN,
    },
    "verbose": OPEN,
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """The first part of a key that Hydra's config doesn't have, and the keys that are there instead."""

    number: int
    known: tuple[str, ...]


def lacking(parts: tuple[str, ...]) -> Lacking | None:
    """Where a key leads to nothing; None if it leads to something, or may."""
    keys: Keys = HYDRA_KEYS
    for number, part in enumerate(parts):
        if keys == OPEN:
            return None
        if isinstance(keys, str):
            return None if keys == LIST and part.isdecimal() else Lacking(number, ())
        if part not in keys:
            return Lacking(number, tuple(keys))
        keys = keys[part]
    return None


def paths_to(name: str, keys: Keys = HYDRA_KEYS) -> tuple[tuple[str, ...], ...]:
    """The places at which a name is a key."""
    if isinstance(keys, str):
        return ()
    below = (((key, *path) for path in paths_to(name, inner)) for key, inner in keys.items())
    own = [(name,)] if name in keys else []
    return (*own, *(path for found in below for path in found))
