"""Tree -> the values in it that concern keys, each with the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.places import Path, at, state
from cngen.compose.steps import Axis, changes_of, steps
from cngen.model.tree import Node, Tree
from cngen.model.values import EnumMember, Instance, Interpolation, Items, Scalar, Table, Value
from cngen.text.quoting import quote


@dataclass(frozen=True, slots=True)
class Link:
    """A node, and the keys that lead from it to the next one, or to a value."""

    node: str
    path: Path


@dataclass(frozen=True, slots=True)
class Written:
    """A value where it is: the first link is in a config of its own or wherever its node is held.

    `writer` is the node in whose body it was found.
    """

    links: tuple[Link, ...]
    value: Value
    writer: Node

    @property
    def path(self) -> Path:
        """The keys from the first node to the value."""
        return tuple(key for link in self.links for key in link.path)

    def pinned(self, path: Path) -> str | None:
        """The node that is written at a place above the value; None if it may be another."""
        for number in range(1, len(self.links)):
            if Written(self.links[:number], self.value, self.writer).path == path:
                return self.links[number].node
        return None


_PARTS = Interpolation | Instance | Items | Table


def written(tree: Tree) -> Iterator[Written]:
    """Every part of a value that concerns keys: instances, lists, dicts and interpolations.

    Inherited defaults come once for each node that has them.
    """
    for node in tree.nodes.values():
        root = node.primary if node.is_experiment else node.key
        for field in node.fields:
            is_own = field.name in node.declared or not node.is_experiment
            if is_own and isinstance(field.default, _PARTS):
                yield from _parts((Link(root, (field.name,)),), field.default, node)
        if node.engine.settings is not None:
            yield from _parts((Link(root, ("hydra",)),), node.engine.settings, node)
        if node.primary:
            yield from _swept(tree, node, root)


def _swept(tree: Tree, node: Node, root: str) -> Iterator[Written]:
    axes = [step for step in steps(tree, node) if isinstance(step, Axis)]
    if not axes:
        return
    whole = state(tree, node)
    for axis in axes:
        for change in changes_of(tree, whole, axis):
            place = at(tree, whole, change.path)
            if place is None:
                continue
            path, value = change.path, change.value
            if place.is_key:
                key = Scalar(path[-1], quote(path[-1]), value.span)
                path, value = path[:-1], Table(((key, value),), value.span)
            yield from _parts(_links(tree, whole, root, path), value, node)


def _links(tree: Tree, whole: Instance, root: str, path: Path) -> tuple[Link, ...]:
    """The way to a place in a whole config, through the nodes that are there."""
    links = [Link(root, ())]
    for number, key in enumerate(path, 1):
        links[-1] = Link(links[-1].node, (*links[-1].path, key))
        place = at(tree, whole, path[:number]) if number < len(path) else None
        if place is not None and isinstance(place.value, Instance):
            links.append(Link(place.value.node, ()))
    return tuple(links)


def _parts(links: tuple[Link, ...], value: Value, writer: Node) -> Iterator[Written]:
    if not isinstance(value, _PARTS):
        return
    yield Written(links, value, writer)
    match value:
        case Instance(node, arguments):
            for argument in arguments:
                yield from _parts((*links, Link(node, (argument.name,))), argument.value, writer)
        case Items(items=items):
            for number, item in enumerate(items):
                yield from _parts(_inside(links, str(number)), item, writer)
        case Table(items=pairs):
            for key, item in pairs:
                yield from _parts(_inside(links, key_text(key)), item, writer)


def _inside(links: tuple[Link, ...], key: str) -> tuple[Link, ...]:
    return (*links[:-1], Link(links[-1].node, (*links[-1].path, key)))


def key_text(key: Value) -> str:
    """A key of a dict as a part of a path: of a member of an enum the name."""
    if isinstance(key, EnumMember):
        return key.member
    return str(key.value) if isinstance(key, Scalar) else ""
