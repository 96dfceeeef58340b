"""Defaults lists written by hand compose what they read as, or are reported: each of them with real Hydra."""

from pathlib import Path

import pytest
from hydra import compose
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue

from cngen.diagnostics import Diagnostic
from cngen.lint.check import understand
from cngen.project.files import Worktree
from cngen.project.settings import load_settings
from cngen.store.lower import lower
from cngen.store.render import render
from tests.support.hand_lists import CASES, Case
from tests.support.reading.composer import store_of
from tests.support.reading.folders import written

pytestmark = pytest.mark.hydra

ASIDE = ("CN004",)
"""Findings about the modules of the cases: they all import the same."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_list_composes_as_it_reads_or_is_reported(case: Case) -> None:
    with written(case.tree()) as folder:
        found = stored(folder)
        with store_of(folder):
            assert outcome(case) == case.outcome
    assert {_said(diagnostic) for diagnostic in found} == set(case.found), found


def stored(folder: Path) -> list[Diagnostic]:
    """Write the store, whatever is found."""
    settings = load_settings(folder)
    understood = understand(settings, Worktree(folder))
    (folder / "cn/_generated_store.py").write_text(render(lower(understood.tree), "cn"))
    return [d for d in understood.diagnostics if d.code not in ASIDE]


def _said(found: Diagnostic) -> str:
    return f"{found.code} {found.span.file.removeprefix('cn/').removesuffix('.py')}"


def outcome(case: Case) -> str:
    """What Hydra makes of it."""
    overrides = list(case.command)
    try:
        config = compose(case.config, overrides=overrides)
    except (HydraException, ValueError, RecursionError):
        return "refused"
    lost = _lost(case, overrides, config)
    if lost:
        return f"loses {'; '.join(lost)}"
    try:
        return repr(OmegaConf.to_object(config))
    except MissingMandatoryValue:
        return "open"


def _lost(case: Case, overrides: list[str], config: DictConfig) -> list[str]:
    """The packages at which there isn't the class that the list merges there last."""
    loader = GlobalHydra.instance().hydra.config_loader  # type: ignore[union-attr]
    listed = loader.compute_defaults_list(case.config, overrides, RunMode.RUN).defaults
    chosen: dict[str, type] = {}
    for default in listed:
        path = str(default.config_path).removesuffix(".yaml")
        if path.partition("/")[0] != "hydra":
            kind = OmegaConf.get_type(ConfigStore.instance().load(f"{path}.yaml").node)
            if kind not in (dict, None):
                chosen[default.package or ""] = kind  # type: ignore[assignment]
    return [
        f"{package or 'root'}: {kind.__name__} became {became.__name__}"
        for package, kind in chosen.items()
        if (became := _type_at(config, package)) is not kind
    ]


def _type_at(config: DictConfig, package: str) -> type:
    held = OmegaConf.select(config, package) if package else config
    return (OmegaConf.get_type(held) if OmegaConf.is_config(held) else None) or type(held)
