"""Nodes -> what they set of Hydra itself: launcher, sweeper and their settings."""

from collections.abc import Sequence
from dataclasses import replace

from cngen.model.tree import Engine, Node, Tree
from cngen.model.values import Scalar, Table, Value


def leaves_settings(tree: Tree, node: Node, base: Node) -> bool:
    """Whether a class has a different launcher or sweeper than its base, which has settings for that one."""
    inherited = engine_of(tree, base)
    return without_settings(inherited, node.engine) != inherited


def engine_of(tree: Tree, node: Node) -> Engine:
    """What a node and its bases set in Hydra."""
    return merged_engine([tree.nodes[key].engine for key in node.lineage])


def merged_engine(engines: Sequence[Engine]) -> Engine:
    """Several engines as one, the nearest first: its words win."""
    found = Engine()
    for engine in reversed(engines):
        below = without_settings(found, engine)
        found = Engine(
            engine.launcher or below.launcher,
            engine.sweeper or below.sweeper,
            _merged_settings(below.settings, engine.settings),
        )
    return found


def without_settings(below: Engine, above: Engine) -> Engine:
    """An engine without its settings for plugins that another engine replaces."""
    gone = [
        kind
        for kind, old, new in (
            ("launcher", below.launcher, above.launcher),
            ("sweeper", below.sweeper, above.sweeper),
        )
        if new and new != old
    ]
    if not gone or not isinstance(below.settings, Table):
        return below
    items = tuple(
        (k, v) for k, v in below.settings.items if not (isinstance(k, Scalar) and k.value in gone)
    )
    return replace(below, settings=replace(below.settings, items=items))


def _merged_settings(below: Value | None, above: Value | None) -> Value | None:
    if not isinstance(below, Table) or not isinstance(above, Table):
        return below if above is None else above
    items = dict(below.items)
    for key, value in above.items:
        items[key] = _merged_settings(items.get(key), value) or value
    return Table(tuple(items.items()), above.span)
