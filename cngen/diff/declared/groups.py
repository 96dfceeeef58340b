"""Two trees -> the declared changes of whole config groups, and of settings."""

from collections.abc import Iterator, Mapping

from cngen.diagnostics import Span
from cngen.diff.changes import Impact
from cngen.diff.command_lines import option_gone
from cngen.diff.trees import Declared, Trees, class_sites, in_root
from cngen.model.tree import Node, Tree, per_tree

SETTINGS = {
    "base": "base",
    "hydra": "hydra",
    "naming": "naming",
    "output": "output",
    "roots": "root",
}
"""The settings that change what a tree compiles to, or where it lies, with their keys."""


def group_changes(trees: Trees) -> Iterator[Declared]:
    """Groups that came, went or have another name; settings."""
    renamed = renamed_groups(trees)
    for old, new in sorted(renamed.items()):
        if not _is_below(old, new, renamed):
            yield _renamed(trees, {k: v for k, v in renamed.items() if _is_in(k, old)}, old)
    for group in sorted(removed_groups(trees)):
        yield _removed(trees, group)
    for group in sorted(new_groups(trees)):
        yield _added(trees, group)
    yield from _settings(trees)


# Groups


@per_tree
def _by_group(tree: Tree) -> Mapping[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in tree.nodes.values():
        found.setdefault(node.group, []).append(node)
    return found


def removed_groups(trees: Trees) -> frozenset[str]:
    """The groups of which every class is gone."""
    return _whole_groups(trees.old, trees.new, trees.removed)


def new_groups(trees: Trees) -> frozenset[str]:
    """The groups of which every class is new."""
    return _whole_groups(trees.new, trees.old, trees.added)


def _whole_groups(tree: Tree, other: Tree, nodes: tuple[Node, ...]) -> frozenset[str]:
    found, others = {node.key for node in nodes}, _by_group(other)
    return frozenset(
        group
        for group, held in _by_group(tree).items()
        if group and group not in others and all(node.key in found for node in held)
    )


def renamed_groups(trees: Trees) -> Mapping[str, str]:
    """Groups of which every class is in one new group now, which wasn't there before."""
    olds, news = _by_group(trees.old), _by_group(trees.new)
    known = trees.matching.nodes
    found: dict[str, str] = {}
    for group, nodes in olds.items():
        becomes = {trees.new.nodes[known[n.key]].group if n.key in known else "" for n in nodes}
        other = becomes.pop() if len(becomes) == 1 else ""
        if group and other and group not in news and other not in olds:
            found[group] = other
    return found


def _is_in(group: str, folder: str) -> bool:
    return f"{group}/".startswith(f"{folder}/")


def _is_below(old: str, new: str, renamed: Mapping[str, str]) -> bool:
    """Whether a group has another name only because one that it lies in has."""
    return any(
        other != old and _is_in(old, other) and new == becomes + old[len(other) :]
        for other, becomes in renamed.items()
    )


def _renamed(trees: Trees, groups: Mapping[str, str], old: str) -> Declared:
    """A group with another name, and the groups below it."""
    new = groups[old]
    held, holds = _by_group(trees.old), _by_group(trees.new)
    moved = {k: v for k, v in groups.items() if k == old or _is_below(k, v, {old: new})}
    olds = [node for group in sorted(moved) for node in held[group]]
    news = [node for group in sorted(moved.values()) for node in holds[group]]
    before = {
        trees.matching.nodes[node.key]: node for node in olds if node.key in trees.matching.nodes
    }
    return Declared(
        kind="group-renamed",
        subject=new,
        message=f"group `{old}` was renamed to `{new}`",
        impact=Impact.BREAKING,
        span=news[0].span,
        old=old,
        new=new,
        sites=class_sites(olds, news),
        gone=tuple(
            gone
            for node in news
            if node.key in before and (option := before[node.key].option) is not None
            for gone in option_gone(trees, before[node.key], before[node.key].group, option, node)
        ),
    )


def _removed(trees: Trees, group: str) -> Declared:
    nodes = _by_group(trees.old)[group]
    return Declared(
        kind="group-removed",
        subject=group,
        message=f"group `{group}` was removed: {_options(nodes)}",
        impact=Impact.BREAKING,
        span=nodes[0].span,
        old=_options(nodes),
        is_old=True,
        sites=class_sites(nodes, ()),
        gone=tuple(
            gone
            for node in nodes
            if node.option is not None
            for gone in option_gone(trees, node, node.group, node.option, None)
        ),
    )


def _added(trees: Trees, group: str) -> Declared:
    nodes = _by_group(trees.new)[group]
    return Declared(
        kind="group-added",
        subject=group,
        message=f"group `{group}` was added: {_options(nodes)}",
        impact=Impact.SAFE,
        span=nodes[0].span,
        new=_options(nodes),
        sites=class_sites((), nodes),
    )


def _options(nodes: list[Node]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(n.option or n.name for n in nodes))


# Settings


def _settings(trees: Trees) -> Iterator[Declared]:
    for name, key in SETTINGS.items():
        was, becomes = (_shown(getattr(t.settings, name)) for t in (trees.old, trees.new))
        if name == "output" and in_root(trees.old, was) == in_root(trees.new, becomes):
            continue  # it lies in the root, and goes where that goes
        if was != becomes:
            message = f"setting `{key}`: `{was}` -> `{becomes}`"
            # Code imports the store from where it lies.
            impact = Impact.BREAKING if name in ("output", "roots") else Impact.SAFE
            span = Span("pyproject.toml", 0, 0)
            yield Declared("setting-changed", key, message, impact, span, was, becomes)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
