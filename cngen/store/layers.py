"""Entries, overrides and values -> a dict that is composed over a config at its root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cngen.compose.defaults import command_key
from cngen.model.tree import Engine, Node
from cngen.store.text import Text
from cngen.text.quoting import quote


@dataclass(slots=True)
class Delta:
    """New entries and overrides of a defaults list, and values by their place."""

    added: dict[str, str] = field(default_factory=dict)
    overridden: dict[str, str] = field(default_factory=dict)
    values: dict[str, Text] = field(default_factory=dict)


def put_entry(entries: dict[str, str], keyword: str, group: str, package: str, option: str) -> None:
    """Set what is chosen somewhere, replacing what was chosen before."""
    key = quote(f"{keyword}/{command_key(group, package)}")
    entries.pop(key, None)
    entries[key] = option


def entries_of(found: Mapping[str, str]) -> list[Text]:
    return [{key: option} for key, option in found.items()]


def reference(node: Node, group: str) -> str:
    name = str(node.option)
    return quote(name if node.group == group else f"/{node.group}/{name}")


def layer(
    entries: Sequence[Text],
    delta: Delta,
    points: Sequence[Text] = (),
    last: Sequence[Text] = (),
    hydra: Mapping[str, Text] | None = None,
) -> Text:
    """A dict with its defaults list; its values stand over what they change and below its points."""
    overrides = [*entries_of(delta.overridden), *last]
    own = quote("_self_")
    listed = [*entries, own, *points, *overrides] if points else [*entries, *overrides, own]
    stored: dict[str, Text] = {quote("defaults"): listed} if len(listed) > 1 else {}
    stored.update(delta.values)
    stored.update({quote("hydra"): dict(hydra)} if hydra else {})
    return stored


def engine_entries(engine: Engine, root: str = "/") -> list[Text]:
    """The entries that choose Hydra's plugins."""
    chosen = {"launcher": engine.launcher, "sweeper": engine.sweeper}
    return [
        {quote(f"override {root}hydra/{kind}"): quote(name)}
        for kind, name in chosen.items()
        if name
    ]
