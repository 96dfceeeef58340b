"""Composes a tree's generated store with Hydra, in this process, and leaves nothing behind."""

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.plugins import Plugins
from omegaconf import OmegaConf

from .interpreter import ROOT, imports_from

STORE = f"{ROOT}._generated_store"
HYDRAS_OWN = ("hydra", "_dummy_empty_config_.yaml")


@contextmanager
def store_of(folder: Path) -> Iterator[None]:
    """Register ``folder/cn/_generated_store.py`` in a ConfigStore that holds Hydra's own nodes alone.

    Hydra gets an empty config folder: ``initialize(config_path=None)`` would look for its caller in
    the source of every module, those of the tree included.
    """
    with imports_from(folder, {}), fresh_config_store(), TemporaryDirectory() as empty:
        importlib.import_module(STORE)
        with initialize_config_dir(empty, version_base="1.3"):
            yield


@contextmanager
def fresh_config_store() -> Iterator[None]:
    """Hydra's plugins register nodes when they are first discovered: before the snapshot, not after."""
    Plugins.instance()
    GlobalHydra.instance().clear()
    store = ConfigStore.instance()
    before = store.repo
    store.repo = {name: copied(before[name]) for name in HYDRAS_OWN}
    try:
        yield
    finally:
        store.repo = before


def copied(entry: object) -> object:
    """Nested dicts anew, so that a store that adds to one of Hydra's groups adds to a copy."""
    return {k: copied(v) for k, v in entry.items()} if isinstance(entry, dict) else entry


def composed(overrides: Sequence[str] = (), config: str = "run") -> object:
    """The objects that a command line means; call it inside ``store_of``."""
    return OmegaConf.to_object(compose(config, overrides=list(overrides)))
