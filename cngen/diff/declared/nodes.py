"""Two trees -> the declared changes of whole classes: added, removed, moved, or changed apart from fields."""

from collections.abc import Iterable, Iterator, Mapping

from cngen.compose.defaults import effective
from cngen.compose.experiments import experiments
from cngen.compose.places import at, state
from cngen.diff.changes import Gone, Impact
from cngen.diff.command_lines import field_gone, option_gone
from cngen.diff.declared.groups import new_groups, removed_groups, renamed_groups
from cngen.diff.trees import (
    Declared,
    Trees,
    called,
    called_as,
    chosen_now,
    class_sites,
    in_root,
    inherited_changes,
)
from cngen.model.naming import class_names
from cngen.model.printing import notation
from cngen.model.tree import Node, Tree
from cngen.model.values import Missing, Value


def node_changes(trees: Trees) -> Iterator[Declared]:
    """The changes of classes, without those that are reported for a whole group."""
    removed, added = removed_groups(trees), new_groups(trees)
    renamed = renamed_groups(trees)
    yield from (_removed(trees, node) for node in trees.removed if node.group not in removed)
    yield from (_added(node) for node in trees.added if node.group not in added)
    for old, new in trees.pairs:
        yield from _bases(trees, old, new)
        yield from _identity(trees, old, new, renamed)
        yield from _aliases(trees, old, new)
        yield from _engine(trees, old, new)
        yield from _docs(old, new)
        yield from _defaults_list(trees, old, new)


def _kind(node: Node) -> str:
    """What a class is for a command line."""
    if node.option is None:
        return "class"
    return "experiment" if node.is_experiment else "option" if node.group else "config"


def _what(node: Node) -> str:
    kind = _kind(node)
    named = f": `{called(node)}`" if node.option is not None else ""
    return f"{'primary config' if kind == 'config' else kind} `{node.name}` {{}}{named}"


def _added(node: Node) -> Declared:
    return Declared(
        kind=f"{_kind(node)}-added",
        subject=node.name,
        message=_what(node).format("was added"),
        impact=Impact.SAFE,
        span=node.span,
        new=called(node),
        sites=class_sites((), (node,)),
    )


def _removed(trees: Trees, node: Node) -> Declared:
    return Declared(
        kind=f"{_kind(node)}-removed",
        subject=node.name,
        message=_what(node).format("was removed") + _now(node, _other(trees, node)),
        impact=Impact.BREAKING,
        span=node.span,
        old=called(node),
        is_old=True,
        sites=class_sites((node,), ()),
        gone=gone(trees, node, None),
    )


def gone(trees: Trees, old: Node, new: Node | None) -> tuple[Gone, ...]:
    """The choices of a class of the old tree that stop working."""
    return option_gone(trees, old, old.group, old.option, new) if old.option is not None else ()


# What a class is called, and where it is


def _identity(trees: Trees, old: Node, new: Node, renamed: Mapping[str, str]) -> Iterator[Declared]:
    lost = gone(trees, old, new)
    names = class_names(trees.old)[old.key], class_names(trees.new)[new.key]
    found = _renamed(trees, old, new, renamed)
    if found is not None:
        kind, message, was, becomes = found
        other = _other(trees, old)
        yield Declared(
            kind=kind,
            subject=new.name,
            message=message + _now(old, other),
            impact=Impact.BREAKING
            if lost or names[0] != names[1]
            else Impact.BEHAVIOUR
            if other is not None
            else Impact.SAFE,
            span=new.span,
            old=was,
            new=becomes,
            sites=class_sites((old,), (new,)),
            gone=lost,
        )


def _other(trees: Trees, old: Node) -> Node | None:
    """The other class that the option of a class chooses now."""
    return chosen_now(trees, old, old.group, old.option) if old.option is not None else None


def _now(old: Node, other: Node | None) -> str:
    return f"; `{called(old)}` now chooses `{other.name}`" if other is not None else ""


def _renamed(
    trees: Trees, old: Node, new: Node, renamed: Mapping[str, str]
) -> tuple[str, str, str, str] | None:
    """The kind, the message, and what was and is: abstract, a name, an option, a group or a file."""
    kind, name = _kind(new), f"`{new.name}`"
    if old.option is not None and new.option is None:
        return "abstract-changed", f"{name} is now abstract", called(old), called(new)
    if old.option is None and new.option is not None:
        message = f"{name} is no longer abstract: choose it with `{called(new)}`"
        return "abstract-changed", message, called(old), called(new)
    if old.name != new.name:
        end = f": `{called(new)}`" if old.option != new.option else ""
        return f"{kind}-renamed", f"`{old.name}` was renamed to {name}{end}", old.name, new.name
    if old.group != new.group:
        if renamed.get(old.group) == new.group:
            return None
        message = f"{name} moved from group `{old.group}` to `{new.group}`"
        return f"{kind}-moved", message, called(old), called(new)
    if old.option != new.option:
        message = f"`{called(old)}` was renamed to `{called(new)}`"
        return f"{kind}-renamed", message, called(old), called(new)
    return _moved(trees, old, new)


def _moved(trees: Trees, old: Node, new: Node) -> tuple[str, str, str, str] | None:
    """The same for a class that a command line names as before."""
    kind, name = _kind(new), f"`{new.name}`"
    names = class_names(trees.old)[old.key], class_names(trees.new)[new.key]
    if names[0] != names[1]:
        message = f"{name} is now named `{names[1]}` in the store (was `{names[0]}`)"
        return "store-name-changed", message, *names
    files = old.span.file, new.span.file
    if in_root(trees.old, files[0]) != in_root(trees.new, files[1]):
        return f"{kind}-moved", f"{name} moved from `{files[0]}` to `{files[1]}`", *files
    return None


# What a class declares besides its fields


def _bases(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    if [trees.matching.nodes.get(base, base) for base in old.bases] == list(new.bases):
        return
    typed = (
        key for key in old.lineage if not trees.old.nodes[key].is_experiment
    )  # others have no type
    lost = {trees.matching.nodes.get(key, key) for key in typed} - set(new.lineage)
    less, more = inherited_changes(trees, old, new)
    required = [name for name in more if _is_required(trees.new, new, name)]
    needed = _needed(trees, old, new)
    was, becomes = _names(old), _names(new)
    yield Declared(
        kind="bases-changed",
        subject=new.name,
        message=f"bases of `{new.name}` changed: `{was}` -> `{becomes}`"
        + _listed("; removed fields: ", less)
        + _listed("; new required fields: ", required)
        + _listed(f"; `{called(new)}` now needs the keys ", needed),
        impact=Impact.BREAKING if lost or required or needed else Impact.SAFE,
        span=new.span,
        old=was,
        new=becomes,
        sites=class_sites((old,), (new,)),
        gone=tuple(gone for name in less for gone in field_gone(trees, old, name)),
    )


def _needed(trees: Trees, old: Node, new: Node) -> tuple[str, ...]:
    """The keys that an experiment sets and the primary config over which it was composed doesn't have."""
    primary = trees.now(old.primary) if old.is_experiment and new.is_experiment else None
    if primary is None or primary.key == new.primary:
        return ()
    experiment, whole = experiments(trees.new)[new.key], state(trees.new, primary)
    paths = [change.path for change in experiment.all_changes]
    paths += [axis.path for axis in experiment.all_axes]
    lacking = (".".join(path) for path in paths if at(trees.new, whole, path) is None)
    points = {name for name, _ in new.points}
    return tuple(dict.fromkeys(key for key in lacking if key not in points))


def _is_required(tree: Tree, node: Node, name: str) -> bool:
    field = node.field(name)
    value = effective(tree, field) if field is not None else None
    return value is None or isinstance(value, Missing)


def _listed(words: str, names: Iterable[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names)
    return f"{words}{shown}" if shown else ""


def _names(node: Node) -> str:
    return ", ".join(key.rpartition(".")[2] for key in node.bases) or "CN"


def _aliases(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    for group, option in old.aliases:
        if (group, option) not in new.aliases:
            alias = called_as(new, group, option)
            lost = option_gone(trees, old, group, option, new if new.group == group else None)
            other = chosen_now(trees, old, group, option)
            end = f"; it now chooses `{other.name}`" if other is not None else ""
            mild = Impact.SAFE if other is None else Impact.BEHAVIOUR
            yield Declared(
                kind="alias-removed",
                subject=new.name,
                message=f"alias `{alias}` of `{new.name}` was removed{end}",
                impact=Impact.BREAKING if lost else mild,
                span=new.span,
                old=alias,
                gone=lost,
            )
    for group, option in new.aliases:
        if (group, option) not in old.aliases:
            alias = called_as(new, group, option)
            message = f"alias `{alias}` of `{new.name}` was added"
            yield Declared("alias-added", new.name, message, Impact.SAFE, new.span, new=alias)


def _engine(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    """The settings of Hydra itself, and its plugins for the jobs."""
    before, after = old.engine, new.engine
    settings = _texts(trees, before.settings, after.settings)
    parts = {
        "launcher": (before.launcher, after.launcher),
        "sweeper": (before.sweeper, after.sweeper),
        "hydra": settings,
    }
    for name, (was, becomes) in parts.items():
        if was != becomes:
            subject = f"{new.name}.{name}"
            yield Declared(
                kind=f"{name}-changed",
                subject=subject,
                message=changed(subject, was, becomes),
                impact=Impact.BEHAVIOUR,
                span=new.span,
                old=was,
                new=becomes,
            )


def _docs(old: Node, new: Node) -> Iterator[Declared]:
    if old.doc != new.doc:
        yield Declared(
            kind="docs-changed",
            subject=new.name,
            message=f"docstring of `{new.name}` changed",
            impact=Impact.SAFE,
            span=new.span,
            old=old.doc or "",
            new=new.doc or "",
        )


def _defaults_list(trees: Trees, old: Node, new: Node) -> Iterator[Declared]:
    was, becomes = _texts(trees, old.defaults, new.defaults)
    if was != becomes:
        subject = f"{new.name}.defaults"
        yield Declared(
            kind="defaults-list-changed",
            subject=subject,
            message=changed(subject, was, becomes),
            impact=Impact.BEHAVIOUR,
            span=new.span,
            old=was,
            new=becomes,
            sites=class_sites((old,), (new,)),
        )


def _texts(trees: Trees, old: Value | None, new: Value | None) -> tuple[str, str]:
    before = trees.matching.value(old) if old is not None else None
    return _text(trees.new, before), _text(trees.new, new)


def _text(tree: Tree, value: Value | None) -> str:
    return notation(tree, value) if value is not None else ""


def changed(subject: str, was: str, becomes: str) -> str:
    """The message on a changed value; an empty text means none."""
    if not was:
        return f"`{subject}` is now `{becomes}`"
    return (
        f"`{subject}`: `{was}` -> `{becomes}`"
        if becomes
        else f"`{subject}` is no longer set (was `{was}`)"
    )
