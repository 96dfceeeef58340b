"""The keys of Hydra's own config: those of the installed Hydra."""

from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hydra.conf import HydraConf

from cngen.hydra.keys import HYDRA_KEYS, LIST, OPEN, PLAIN, lacking, paths_to


def keys_of(written: Any) -> object:
    """What stands below a type: the keys of a dataclass, those of a list, any, or none."""
    if get_origin(written) is Union:
        (written,) = (a for a in get_args(written) if a is not type(None))
    if is_dataclass(written):
        hints = get_type_hints(written)
        return {f.name: keys_of(hints[f.name]) for f in fields(written)}
    if get_origin(written) is list:
        item = get_args(written)[0]
        return OPEN if item is Any or is_dataclass(item) else LIST
    return OPEN if written is Any or get_origin(written) is dict else PLAIN


def test_the_table_is_hydras_own_schema() -> None:
    assert keys_of(HydraConf) == HYDRA_KEYS


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("runtim.cwd", 0),
        ("runtime.cw", 1),
        ("run.dir.x", 2),
        ("overrides.task.x", 2),
        ("overrides.task.0", None),
        ("runtime.choices.model", None),
        ("launcher.anything.at.all", None),
        ("job", None),
    ],
)
def test_where_a_key_leads_to_nothing(key: str, number: int | None) -> None:
    found = lacking(tuple(key.split(".")))
    assert (found.number if found is not None else None) == number


def test_where_a_name_is_a_key() -> None:
    assert paths_to("choices") == (("runtime", "choices"),)
    assert ("job", "name") in paths_to("name")
