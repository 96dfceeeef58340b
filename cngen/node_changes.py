"""Two trees -> the declared changes of whole classes, groups, options and enums."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from cngen.changes import Gone, Impact
from cngen.classnames import class_names
from cngen.declarations import Declared, Site, Sites, Trees, called
from cngen.diagnostic import Span
from cngen.model import EnumClass, Node, Tree
from cngen.sweeps import written

SETTINGS = ("base", "hydra", "naming", "output", "resolvers", "roots")
"""The settings that change what a tree compiles to, or where it lies."""


def node_changes(trees: Trees) -> Iterator[Declared]:
    """Classes, groups and enums that came, went, moved or are said otherwise."""
    renamed = dict(_renamed_groups(trees))
    yield from _groups(trees, renamed)
    for node in trees.removed:
        if node.group not in _lost_groups(trees):
            yield _removed(trees, node)
    for node in trees.added:
        if node.group not in _new_groups(trees):
            yield _added(node)
    for old, new in trees.pairs:
        yield from _paired(trees, old, new, renamed)
    yield from _enums(trees)
    yield from _settings(trees)


def _sites(old: Iterable[Node], new: Iterable[Node]) -> Sites:
    return tuple(Site(node.key) for node in old), tuple(Site(node.key) for node in new)


# Came and went


def _added(node: Node) -> Declared:
    what = f"the {_kind(node)} `{node.name}` is new" + _as_option(node)
    return Declared(
        f"{_kind(node, '-')}-added",
        node.name,
        what,
        "",
        called(node),
        Impact.SAFE,
        node.span,
        sites=_sites((), (node,)),
    )


def _removed(trees: Trees, node: Node) -> Declared:
    what = f"the {_kind(node)} `{node.name}` is gone" + _as_option(node)
    return Declared(
        f"{_kind(node, '-')}-removed",
        node.name,
        what,
        called(node),
        "",
        Impact.BREAKING,
        node.span,
        is_old=True,
        gone=tuple(_gone(trees, node, None)),
        sites=_sites((node,), ()),
    )


def _kind(node: Node, space: str = " ") -> str:
    if node.is_experiment:
        return "experiment" if node.option is not None else f"abstract{space}experiment"
    if node.option is None:
        return f"abstract{space}class"
    return "option" if node.group else f"primary{space}config"


def _as_option(node: Node) -> str:
    return f": `{called(node)}`" if node.option is not None else ""


def _gone(trees: Trees, old: Node, new: Node | None) -> Iterator[Gone]:
    """What names an option of the old tree and no longer does."""
    if old.option is None:
        return
    known = trees.new.options(old.group)
    if old.option in known:
        return
    if old.is_experiment or not old.group:
        yield Gone(called(old), called(new) if new is not None and new.option is not None else "")
        return
    becomes = (new.group, new.option) if new is not None and new.option is not None else None
    yield from trees.gone(old.group, old.option, becomes)


# Groups


def _group_names(tree: Tree) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in tree.nodes.values():
        found.setdefault(node.group, []).append(node)
    return found


def _lost_groups(trees: Trees) -> frozenset[str]:
    """The groups of which every class is gone, and more than one was."""
    return _whole_groups(trees.old, trees.new, trees.removed)


def _new_groups(trees: Trees) -> frozenset[str]:
    return _whole_groups(trees.new, trees.old, trees.added)


def _whole_groups(tree: Tree, other: Tree, nodes: tuple[Node, ...]) -> frozenset[str]:
    found = {node.key for node in nodes}
    others = _group_names(other)
    return frozenset(
        group
        for group, held in _group_names(tree).items()
        if group and group not in others and all(node.key in found for node in held)
    )


def _renamed_groups(trees: Trees) -> Iterator[tuple[str, str]]:
    """Groups of which every class is in one new group now, which wasn't there before."""
    olds, news = _group_names(trees.old), _group_names(trees.new)
    for group, nodes in olds.items():
        becomes = {
            trees.new.nodes[key].group
            if (key := trees.matching.nodes.get(n.key, "")) in trees.new.nodes
            else ""
            for n in nodes
        }
        other = becomes.pop() if len(becomes) == 1 else ""
        if group and other and group not in news and other not in olds:
            yield group, other


def _groups(trees: Trees, renamed: Mapping[str, str]) -> Iterator[Declared]:
    for old, new in sorted(renamed.items()):
        nodes = _group_names(trees.new)[new]
        gone = tuple(
            Gone(f"{old}={n.option}", f"{new}={n.option}") for n in nodes if n.option is not None
        )
        yield Declared(
            "group-renamed",
            old,
            f"the group `{old}` is now `{new}`",
            old,
            new,
            Impact.BREAKING,
            nodes[0].span,
            gone=gone,
            sites=_sites(_group_names(trees.old)[old], nodes),
        )
    for group in sorted(_lost_groups(trees)):
        nodes = _group_names(trees.old)[group]
        gone = tuple(g for node in nodes for g in _gone(trees, node, None))
        yield Declared(
            "group-removed",
            group,
            f"the group `{group}` is gone: {_options(nodes)}",
            _options(nodes),
            "",
            Impact.BREAKING,
            nodes[0].span,
            is_old=True,
            gone=gone,
            sites=_sites(nodes, ()),
        )
    for group in sorted(_new_groups(trees)):
        nodes = _group_names(trees.new)[group]
        yield Declared(
            "group-added",
            group,
            f"the group `{group}` is new: {_options(nodes)}",
            "",
            _options(nodes),
            Impact.SAFE,
            nodes[0].span,
            sites=_sites((), nodes),
        )


def _options(nodes: list[Node]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(n.option or n.name for n in nodes))


# Said otherwise


def _paired(trees: Trees, old: Node, new: Node, renamed: Mapping[str, str]) -> Iterator[Declared]:
    yield from _identity(trees, old, new, renamed)
    yield from _bases(trees, old, new)
    yield from _aliases(trees, old, new)
    yield from _engine(trees, old, new)
    if old.doc != new.doc:
        yield _plain(
            "docs-changed",
            new,
            f"the docstring of `{new.name}` changed",
            old.doc or "",
            new.doc or "",
            Impact.SAFE,
        )
    before = written(trees.old, trees.matching.value(old.defaults)) if old.defaults else ""
    after = written(trees.new, new.defaults) if new.defaults else ""
    if before != after:
        message = f"`{new.name}.defaults` {before or 'unset'} -> {after or 'unset'}"
        yield _plain(
            "defaults-list-changed",
            new,
            message,
            before,
            after,
            Impact.BEHAVIOUR,
            f"{new.name}.defaults",
            _sites((old,), (new,)),
        )


def _plain(
    kind: str,
    node: Node,
    message: str,
    old: str,
    new: str,
    impact: Impact,
    subject: str = "",
    sites: Sites = ((), ()),
    gone: tuple[Gone, ...] = (),
) -> Declared:
    return Declared(
        kind, subject or node.name, message, old, new, impact, node.span, gone=gone, sites=sites
    )


def _identity(trees: Trees, old: Node, new: Node, renamed: Mapping[str, str]) -> Iterator[Declared]:
    """Another class name, option, group or file; abstract or no longer."""
    gone = tuple(_gone(trees, old, new))
    is_broken = bool(gone) or class_names(trees.old)[old.key] != class_names(trees.new)[new.key]
    impact = Impact.BREAKING if is_broken else Impact.SAFE
    sites = _sites((old,), (new,))
    if (old.option is None) != (new.option is None):
        message = (
            f"`{new.name}` is abstract now"
            if new.option is None
            else f"`{new.name}` can be chosen now{_as_option(new)}"
        )
        yield _plain(
            "abstract-changed", new, message, called(old), called(new), impact, "", sites, gone
        )
    elif old.name != new.name or (old.option != new.option and new.option is not None):
        was = called(old) if old.name == new.name else old.name
        now = called(new) if old.name == new.name else new.name
        message = f"`{was}` is now `{now}`" + (
            _as_option(new) if old.name != new.name and gone else ""
        )
        yield _plain(f"{_kind(new, '-')}-renamed", new, message, was, now, impact, "", sites, gone)
    elif renamed.get(old.group, old.group) != new.group:
        message = f"`{new.name}` moved from the group `{old.group}` to `{new.group}`"
        yield _plain(
            f"{_kind(new, '-')}-moved",
            new,
            message,
            called(old),
            called(new),
            impact,
            "",
            sites,
            gone,
        )
    elif old.span.file != new.span.file and old.group == new.group:
        message = f"`{new.name}` moved from {old.span.file} to {new.span.file}"
        yield _plain(
            f"{_kind(new, '-')}-moved",
            new,
            message,
            old.span.file,
            new.span.file,
            impact,
            "",
            sites,
            gone,
        )
    elif is_broken and old.group == new.group:
        was, now = class_names(trees.old)[old.key], class_names(trees.new)[new.key]
        message = f"the store calls `{new.name}` `{now}` now, not `{was}`"
        yield _plain("class-renamed", new, message, was, now, impact, "", sites)


def _bases(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    before = [trees.matching.nodes.get(base, base) for base in old.bases]
    if before == list(new.bases):
        return
    lost = {trees.matching.nodes.get(k, k) for k in old.lineage} - set(new.lineage)
    one, other = (
        ", ".join(key.rpartition(".")[2] for key in keys) or "CN" for keys in (old.bases, new.bases)
    )
    yield _plain(
        "bases-changed",
        new,
        f"`{new.name}` inherits from `{other}`, not from `{one}`",
        one,
        other,
        Impact.BREAKING if lost & set(trees.new.nodes) else Impact.SAFE,
        "",
        _sites((old,), (new,)),
    )


def _aliases(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    for group, option in old.aliases:
        if (group, option) not in new.aliases and option not in trees.new.options(group):
            message = f"the alias `{group}={option}` of `{new.name}` is gone"
            becomes = (
                (new.group, new.option) if new.option is not None and new.group == group else None
            )
            gone = tuple(trees.gone(group, option, becomes))
            yield _plain(
                "alias-removed",
                new,
                message,
                f"{group}={option}",
                "",
                Impact.BREAKING,
                "",
                ((), ()),
                gone,
            )
    for group, option in new.aliases:
        if (group, option) not in old.aliases:
            message = f"`{new.name}` has a new alias: `{group}={option}`"
            yield _plain("alias-added", new, message, "", f"{group}={option}", Impact.SAFE)


def _engine(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    for part in fields(old.engine):
        was, now = getattr(old.engine, part.name), getattr(new.engine, part.name)
        if part.name == "settings":
            before = written(trees.old, trees.matching.value(was)) if was is not None else ""
            after = written(trees.new, now) if now is not None else ""
        else:
            before, after = was, now
        if before != after:
            name = "hydra" if part.name == "settings" else part.name
            message = f"`{new.name}`: {name} {before or 'unset'} -> {after or 'unset'}"
            yield _plain(
                f"{name}-changed",
                new,
                message,
                before,
                after,
                Impact.BEHAVIOUR,
                f"{new.name}.{name}",
            )


# Enums and settings


def _enums(trees: Trees) -> Iterator[Declared]:
    before = {new: old for old, new in trees.matching.enums.items()}
    for key, enum in trees.new.enums.items():
        if key in before:
            yield from _members(trees.old.enums[before[key]], enum)


def _members(old: EnumClass, new: EnumClass) -> Iterator[Declared]:
    was, now, span = dict(old.members), dict(new.members), new.span
    if old.name != new.name:
        yield Declared(
            "enum-renamed",
            new.name,
            f"the enum `{old.name}` is now `{new.name}`",
            old.name,
            new.name,
            Impact.BREAKING,
            span,
        )
    for name in sorted({*was, *now}):
        subject = f"{new.name}.{name}"
        if name not in now:
            gone = (Gone(name),)
            yield Declared(
                "member-removed",
                subject,
                f"`{subject}` is gone",
                was[name],
                "",
                Impact.BREAKING,
                span,
                gone=gone,
            )
        elif name not in was:
            yield Declared(
                "member-added", subject, f"`{subject}` is new", "", now[name], Impact.SAFE, span
            )
        elif was[name] != now[name]:
            message = f"`{subject}` {was[name]} -> {now[name]}"
            yield Declared(
                "member-changed", subject, message, was[name], now[name], Impact.BEHAVIOUR, span
            )


def _settings(trees: Trees) -> Iterator[Declared]:
    for name in SETTINGS:
        was, now = (str(_plain_setting(getattr(t.settings, name))) for t in (trees.old, trees.new))
        if was != now:
            key = "root" if name == "roots" else name
            message = f"the setting `{key}` {was} -> {now}"
            yield Declared(
                "setting-changed",
                f"tool.cngen.{key}",
                message,
                was,
                now,
                Impact.SAFE,
                Span("pyproject.toml", 0, 0),
            )


def _plain_setting(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value
