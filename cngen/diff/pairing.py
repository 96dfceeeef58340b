"""Two trees -> their matching: by name, by option, then by what the classes hold."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace

from cngen.compose.places import Path, at, state
from cngen.diagnostics import Span
from cngen.diff.matching import Matching
from cngen.diff.renames import renamed_fields, renamed_members
from cngen.diff.shapes import left, matched, nearest
from cngen.model.tree import Node, Tree
from cngen.model.values import Argument, Patch, Sweep, Value


def match(old: Tree, new: Tree) -> Matching:
    """Match two trees."""
    nodes = _matched_nodes(old, new)
    enums = matched(
        old.enums.values(),
        new.enums.values(),
        (lambda e: e.key, lambda e: e.name, lambda e: e.members),
    )
    found = Matching(
        {one.key: other.key for one, other in nodes},
        {one.key: other.key for one, other in enums},
        members={one.key: renamed_members(one, other) for one, other in enums},
        patched=_patched(old),
    )
    found = replace(found, fields=renamed_fields(old, new, found))
    return replace(found, words=_renamed_everywhere(old, found))


def _renamed_everywhere(old: Tree, found: Matching) -> Mapping[str, str]:
    """The renamed fields that a reference must mean, though it doesn't name their class."""
    names: dict[str, set[str]] = {}
    renamed = {name for own in found.fields.values() for name in own}
    for node in old.nodes.values() if renamed else ():
        for own in node.fields:
            if own.name in renamed:
                names.setdefault(own.name, set()).add(found.field(node.key, own.name))
    return {name: now.pop() for name, now in names.items() if len(now) == 1}


def _matched_nodes(old: Tree, new: Tree) -> list[tuple[Node, Node]]:
    """By qualified name, by option, then by what they hold."""
    signs: tuple[Callable[[Node], Hashable | None], ...] = (
        lambda n: n.key,
        lambda n: (n.group, n.option, n.name),
        lambda n: (n.group, n.option) if n.option is not None else None,
    )
    found = matched(old.nodes.values(), new.nodes.values(), signs)
    one, other = left(old.nodes.values(), new.nodes.values(), found)
    found += nearest(one, other)
    return found


# What patches change


def _patched(tree: Tree) -> Mapping[Span, frozenset[str]]:
    """The nodes with the fields that the patches in bodies change, by where each field is named."""
    found: dict[Span, frozenset[str]] = {}
    for node in tree.nodes.values():
        whole = state(tree, node)
        for name, value in node.written:
            for argument, path in _arguments(value, (name,)):
                place = at(tree, whole, path)
                if place is not None and not place.is_key:
                    known = found.get(argument.span, frozenset())
                    found[argument.span] = known | {place.holder}
    return found


def _arguments(value: Value, path: Path) -> Iterator[tuple[Argument, Path]]:
    """Every value that the patches at a path set, with its own path."""
    if isinstance(value, Sweep):
        for one in value.values:
            yield from _arguments(one, path)
    elif isinstance(value, Patch):
        for argument in value.arguments:
            inside = (*path, argument.name)
            yield argument, inside
            yield from _arguments(argument.value, inside)
