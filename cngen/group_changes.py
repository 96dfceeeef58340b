"""Two trees -> the declared changes of whole config groups, enums and settings."""

from collections.abc import Iterator, Mapping

from cngen.changes import Gone, Impact
from cngen.composed import below, composed, configs
from cngen.declarations import Declared, Site, Trees, class_sites, in_root
from cngen.diagnostic import Span
from cngen.experiments import Place
from cngen.model import EnumClass, EnumType, Instance, Node, Tree, Type, UnionType

SETTINGS = {
    "base": "base",
    "hydra": "hydra",
    "naming": "naming",
    "output": "output",
    "roots": "root",
}
"""The settings that change what a tree compiles to, or where it lies, with their keys."""


def group_changes(trees: Trees) -> Iterator[Declared]:
    """Groups that came, went or have another name; enums; settings."""
    renamed = renamed_groups(trees)
    for old, new in sorted(renamed.items()):
        if not _is_below(old, new, renamed):
            yield _renamed(trees, {k: v for k, v in renamed.items() if _is_in(k, old)}, old)
    for group in sorted(removed_groups(trees)):
        yield _removed(trees, group)
    for group in sorted(new_groups(trees)):
        yield _added(trees, group)
    yield from _enums(trees)
    yield from _settings(trees)


# Groups


def _by_group(tree: Tree) -> dict[str, list[Node]]:
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
        message=f"the group `{old}` is now `{new}`",
        impact=Impact.BREAKING,
        span=news[0].span,
        old=old,
        new=new,
        sites=class_sites(olds, news),
        gone=tuple(
            gone
            for node in news
            if node.key in before and (option := before[node.key].option) is not None
            for gone in _lost(trees, before[node.key], option, node)
        ),
    )


def _removed(trees: Trees, group: str) -> Declared:
    nodes = _by_group(trees.old)[group]
    return Declared(
        kind="group-removed",
        subject=group,
        message=f"the group `{group}` is gone: {_options(nodes)}",
        impact=Impact.BREAKING,
        span=nodes[0].span,
        old=_options(nodes),
        is_old=True,
        sites=class_sites(nodes, ()),
        gone=tuple(
            gone
            for node in nodes
            if node.option is not None
            for gone in _lost(trees, node, node.option, None)
        ),
    )


def _added(trees: Trees, group: str) -> Declared:
    nodes = _by_group(trees.new)[group]
    return Declared(
        kind="group-added",
        subject=group,
        message=f"the group `{group}` is new: {_options(nodes)}",
        impact=Impact.SAFE,
        span=nodes[0].span,
        new=_options(nodes),
        sites=class_sites((), nodes),
    )


def _lost(trees: Trees, node: Node, option: str, becomes: Node | None) -> Iterator[Gone]:
    if node.is_experiment:
        instead = f"+{becomes.group}={becomes.option}" if becomes is not None else ""
        yield Gone(f"+{node.group}={option}", instead)
    else:
        yield from trees.gone(node.group, option, becomes)


def _options(nodes: list[Node]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(n.option or n.name for n in nodes))


# Enums


def _enums(trees: Trees) -> Iterator[Declared]:
    for before, after in trees.matching.enums.items():
        old, new = trees.old.enums[before], trees.new.enums[after]
        if old.name != new.name:
            yield Declared(
                kind="enum-renamed",
                subject=new.name,
                message=f"the enum `{old.name}` is now `{new.name}`",
                impact=Impact.BREAKING,
                span=new.span,
                old=old.name,
                new=new.name,
                sites=((Site(old.key),), (Site(new.key),)),
            )
        if old.members != new.members:
            yield from _members(trees, old, new)


def _members(trees: Trees, old: EnumClass, new: EnumClass) -> Iterator[Declared]:
    was, becomes = dict(old.members), dict(new.members)
    renamed = trees.matching.members.get(old.key, {})
    for name, now in sorted(renamed.items()):
        message = f"`{old.name}.{name}` is now `{new.name}.{now}`"
        yield Declared(
            kind="member-renamed",
            subject=f"{new.name}.{now}",
            message=message,
            impact=Impact.BREAKING,
            span=new.span,
            old=name,
            new=now,
            sites=((Site(old.key, name),), (Site(new.key, now),)),
            gone=_member_keys(trees, old, name, now),
        )
    for name in sorted({*was, *becomes} - {*renamed, *renamed.values()}):
        if was.get(name) != becomes.get(name):
            yield _member(trees, (old, new), name, was.get(name, ""), becomes.get(name, ""))


def _member(
    trees: Trees, enums: tuple[EnumClass, EnumClass], name: str, was: str, becomes: str
) -> Declared:
    (old, new), subject = enums, f"{enums[1].name}.{name}"
    if not becomes:
        kind, impact, message = "removed", Impact.BREAKING, f"`{subject}` is gone"
    elif not was:
        kind, impact, message = "added", Impact.SAFE, f"`{subject}` is new"
    else:
        kind, impact = "changed", Impact.BEHAVIOUR
        message = f"`{subject}`: `{was}` -> `{becomes}`"
    lost = _member_keys(trees, old, name, "") if not becomes else ()
    return Declared(f"member-{kind}", subject, message, impact, new.span, was, becomes, gone=lost)


def _member_keys(trees: Trees, enum: EnumClass, name: str, now: str) -> tuple[Gone, ...]:
    """The ways to say a member that is gone, and what it is called now."""
    return tuple(
        Gone(f"{key}={name}", f"{key}={now}" if now else "")
        for key in _keys_of(trees.old, enum.key)
    )


def _keys_of(tree: Tree, enum: str) -> tuple[str, ...]:
    """The keys of composed primary configs that hold a member of an enum."""
    found: set[str] = set()

    def walk(holder: Instance | Place, prefix: str) -> None:
        for name, place in below(tree, holder).items():
            if _is_enum(place.type, enum):
                found.add(prefix + name)
            walk(place, f"{prefix}{name}.")

    for node in configs(tree).values():
        if not node.group:
            walk(composed(tree, node), "")
    return tuple(sorted(found))


def _is_enum(written: Type, enum: str) -> bool:
    if isinstance(written, UnionType):
        return any(_is_enum(member, enum) for member in written.members)
    return written == EnumType(enum)


# Settings


def _settings(trees: Trees) -> Iterator[Declared]:
    for name, key in SETTINGS.items():
        was, becomes = (_shown(getattr(t.settings, name)) for t in (trees.old, trees.new))
        if name == "output" and in_root(trees.old, was) == in_root(trees.new, becomes):
            continue  # it lies in the root, and goes where that goes
        if was != becomes:
            message = f"the setting `{key}`: `{was}` -> `{becomes}`"
            # Code imports the store from where it lies.
            impact = Impact.BREAKING if name in ("output", "roots") else Impact.SAFE
            span = Span("pyproject.toml", 0, 0)
            yield Declared("setting-changed", key, message, impact, span, was, becomes)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
