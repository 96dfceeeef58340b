"""Tree -> every interpolation that is written, and where its keys lead from each place where it can end up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cngen.compose.keys import Found, Keys
from cngen.compose.places import Path
from cngen.compose.spots import Spot
from cngen.compose.written import Written, written
from cngen.diagnostics import Span
from cngen.hydra.interpolations import Key, Reference, references
from cngen.model.tree import Tree, per_tree
from cngen.model.values import Interpolation
from cngen.syntax.facts import Assign, Call, ClassDef, Constant, Dict, Expr, Sequence, Statement


@dataclass(frozen=True, slots=True)
class Use:
    """One interpolation as written, what it names, and where it is: inherited ones in many nodes."""

    text: str
    span: Span
    names: tuple[Reference, ...]
    places: tuple[Written, ...]

    @property
    def label(self) -> str:
        """The field in messages: `Run.width`."""
        own = (p for p in self.places if p.path[0] in p.writer.declared)
        place = next(own, self.places[0])
        last = place.links[-1]
        if place.writer.is_experiment or last is place.links[0]:
            return f"{place.writer.name}.{'.'.join(place.path)}"
        return f"{last.node.rpartition('.')[2]}.{'.'.join(last.path)}"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a key leads from one place.

    The key is looked up in the node `start`, from a part of it if `path` begins with more than the key's
    own parts. `place` is one of the places that mean this.
    """

    start: str
    path: Path
    found: Found
    place: Written


Way: TypeAlias = tuple[tuple[Path, str], ...]
"""Steps from where a key is looked up, each with the node to which it leads."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """One key of one interpolation, with what it means at every place; several for an inherited one."""

    use: Use
    key: Key
    targets: tuple[Destination, ...]

    @property
    def failing(self) -> tuple[Destination, ...]:
        """The places from which it leads nowhere."""
        return tuple(target for target in self.targets if not target.found.spot)


@per_tree
def uses(tree: Tree) -> tuple[Use, ...]:
    """Every interpolation of a tree, in the order of the sources."""
    return tuple(_uses(_written(tree)))


@per_tree
def _written(tree: Tree) -> tuple[Written, ...]:
    return tuple(written(tree))


def _uses(found: Iterable[Written]) -> Iterator[Use]:
    places: dict[tuple[Span, str], list[Written]] = {}
    for part in found:
        if isinstance(part.value, Interpolation):
            places.setdefault((part.value.span, part.value.text), []).append(part)
    for (span, text), stands in sorted(places.items(), key=lambda item: item[0]):
        yield Use(text, span, references(text), tuple(stands))


@per_tree
def resolved(tree: Tree) -> tuple[Resolved, ...]:
    """Every key that can be judged. Those that are in no config can't, nor can Hydra's own in its settings."""
    found = uses(tree)
    if not found:
        return ()
    keys = keys_of(tree)
    return tuple(
        Resolved(use, name, targets)
        for use in found
        for name in use.names
        if isinstance(name, Key)
        if (targets := _targets(tree, keys, use, name))
    )


@per_tree
def keys_of(tree: Tree) -> Keys:
    """The keys of the configs of a tree."""
    return Keys(tree, _written(tree))


def _targets(tree: Tree, keys: Keys, use: Use, key: Key) -> tuple[Destination, ...]:
    """The places that count.

    A base whose subclasses have the key may be no option that anybody chooses, and a node of the root
    folder that others hold no config that anybody composes.
    """
    found: dict[tuple[str, Path], Destination] = {}
    for place in use.places:
        is_hydras = place.path[0] == "hydra" == key.parts[0] and not key.level
        if keys.holders.is_mounted(place.links[0].node) and not is_hydras:
            for start, path, way in _starts(keys, place, key):
                known = found.get((start, path))
                if known is None or not known.found.spot:
                    leads = _found(keys, (start, path, way), place, key)
                    found[start, path] = Destination(start, path, leads, place)
    targets = tuple(found.values())
    if not key.level:
        alone = [t for t in targets if t.found.spot or not keys.holders.roots.get(t.start)]
        targets = tuple(alone) or targets
    bases = {base for t in targets if t.found.spot for base in tree.nodes[t.start].lineage[1:]}
    return tuple(t for t in targets if t.found.spot or t.start not in bases)


def _found(keys: Keys, lead: tuple[str, Path, Way], place: Written, key: Key) -> Found:
    start, path, way = lead
    if not path:
        return Found(Spot(), 0)
    if way and not place.writer.is_experiment:
        found = keys.find_along(start, path, _nodes_on(way))
        if not found.spot:
            return found
    is_inside = 0 < key.level <= len(place.path)
    if is_inside or place.writer.is_experiment:
        return keys.find(start, path)
    return keys.find_around(start, path, place.links[0].node, place.path[0])


def _nodes_on(way: Way) -> dict[Path, str]:
    found, path = dict[Path, str](), Path()
    for step, node in way:
        path = (*path, *step)
        found[path] = node
    return found


def _starts(keys: Keys, place: Written, key: Key) -> Iterator[tuple[str, Path, Way]]:
    """The nodes in which a key is looked up, with its path in each; an empty one is outside of the config.

    An interpolation that is on, or below, that path makes some of the nodes there known.
    """
    holder = place.links[0].node
    if not key.level:
        if place.writer.is_experiment:
            yield holder, key.parts, ()
        else:
            for root in keys.holders.roots:
                if keys.holders.stands_in(root, holder, place.path[0]):
                    yield root, key.parts, _down(place) if root == holder else ()
    elif keys.held.field(holder, place.path[0]) is not None:
        yield from _relative(keys, place, key)


def _down(place: Written) -> Way:
    return tuple(
        (above.path, below.node) for above, below in zip(place.links, place.links[1:], strict=False)
    )


def _relative(keys: Keys, place: Written, key: Key) -> Iterator[tuple[str, Path, Way]]:
    up, way, below = key.level, Way(), ""
    for link in reversed(place.links):
        way = _beyond(link.path, below, up, way, key)
        if up <= len(link.path):
            yield link.node, (*link.path[:-up], *key.parts), way
            return
        up, below = up - len(link.path), link.node
    waiting = [(below, up, place.path[0], way)]
    seen = set[tuple[str, int, Way]]()
    while waiting:
        node, up, field, way = waiting.pop()
        if keys.holders.roots.get(node) is False:
            yield node, (), ()
        for holder, path in keys.holders.of(node, field):
            if below in keys.holders.composed and holder not in keys.holders.composed:
                continue
            longer = _beyond(path, node, up, way, key)
            state = (holder, up - len(path), longer)
            if up <= len(path):
                yield holder, (*path[:-up], *key.parts), longer
            elif state not in seen:
                seen.add(state)
                waiting.append((holder, up - len(path), "", longer))


def _beyond(path: Path, node: str, up: int, way: Way, key: Key) -> Way:
    """A way with the step before it, from `up` levels below the start; none where the key goes elsewhere."""
    start = max(up - len(path), 0)
    is_on = path[-up:] == key.parts[start:up]
    return ((path, node), *way) if is_on and node else ()


# Source text


def text_at(tree: Tree, use: Use, start: int) -> int | None:
    """Where a character of an interpolation is in its file; None unless it is written as one plain literal."""
    module = tree.modules.get(use.span.file)
    wanted = (use.span.start, use.span.end)
    found = (e for s in (module.body if module is not None else ()) for e in _expressions(s))
    expression = next((e for e in found if (e.start, e.end) == wanted), None)
    if isinstance(expression, Call) and len(expression.args) == 1:
        expression = expression.args[0]
    if not isinstance(expression, Constant) or not isinstance(expression.value, str):
        return None
    text = expression.value
    is_plain = expression.end - expression.start == len(text) + len("''")
    if is_plain and text == use.text:
        return expression.start + 1 + start
    if is_plain and "${" + text + "}" == use.text:
        return expression.start + 1 + start - len("${")
    return None


def _expressions(statement: Statement) -> Iterator[Expr]:
    """The expressions in which a value of a field can be written."""
    if isinstance(statement, ClassDef):
        for inner in statement.body:
            yield from _expressions(inner)
    elif isinstance(statement, Assign) and statement.value is not None:
        yield from _inner(statement.value)


def _inner(expression: Expr) -> Iterator[Expr]:
    yield expression
    match expression:
        case Call(args=args, keywords=keywords):
            below: tuple[Expr, ...] = (*args, *(keyword.value for keyword in keywords))
        case Sequence(items=items):
            below = items
        case Dict(items=pairs):
            below = tuple(value for _, value in pairs)
        case _:
            below = ()
    for item in below:
        yield from _inner(item)
