"""Two trees of which one or both have errors -> two that can be compared.

What can't be read in one of them is taken to be as it is in the other, so that nothing of it counts as
changed. What that conceals is noted where the comparison meets it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cngen.model.tree import Field, Node, Tree
from cngen.model.types import mentioned
from cngen.model.values import Points, Unreadable, Value, every_instance, outermost
from cngen.reading.names import File
from cngen.syntax.facts import Assign, ClassDef, Expr, Import, Statement, free_names


@dataclass(frozen=True, slots=True)
class Gaps:
    """What healthy files need of files that can't be parsed: classes by their bases, and fields by class."""

    classes: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)


def gaps(files: Iterable[File], unparsed: frozenset[str]) -> Gaps:
    """The gaps that modules leave which can't be parsed."""
    known = {file.source.module: file for file in files}
    lost: dict[str, frozenset[str]] = {}
    waiting = bool(unparsed)
    while waiting:
        found = {m: frozenset(_lost_names(f, unparsed, lost)) for m, f in known.items()}
        waiting, lost = found != lost, found
    classes: set[str] = set()
    fields: dict[str, frozenset[str]] = {}
    for module, names in lost.items():
        for statement in known[module].module.body if names else ():
            if isinstance(statement, ClassDef):
                key = f"{module}.{statement.name}"
                fields[key] = frozenset(s.target for s in _needing(statement.body, names))
                if statement.name in names:
                    classes.add(key)
    return Gaps(frozenset(classes), fields)


def _lost_names(
    file: File, unparsed: frozenset[str], lost: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """The names of a file that stand for something in a module that can't be parsed, or need it."""
    before = lost.get(file.source.module, frozenset())
    yield from before
    for statement in file.module.body:
        match statement:
            case Import(name="*"):
                yield from lost.get(file.absolute(statement), ())
            case Import():
                if _is_lost(statement, file.modules(statement), unparsed, lost):
                    yield statement.bound
            case ClassDef() if any(free_names(base) & before for base in statement.bases):
                yield statement.name
    yield from (s.target for s in _needing(file.module.body, before))


def _is_lost(
    statement: Import,
    modules: tuple[str, ...],
    unparsed: frozenset[str],
    lost: Mapping[str, frozenset[str]],
) -> bool:
    """Whether an import names a module that can't be parsed or lacks names, or such a name of it."""
    whole = modules[-1]
    is_above = any(module.startswith(f"{whole}.") for module in unparsed)
    is_name = statement.name in lost.get(modules[0], ())
    return is_above or is_name or bool(lost.get(whole)) or not unparsed.isdisjoint(modules)


def _needing(body: Iterable[Statement], names: frozenset[str]) -> Iterator[Assign]:
    """The assignments that mention one of some names."""
    for statement in body:
        if isinstance(statement, Assign):
            parts: tuple[Expr | None, ...] = (statement.annotation, statement.value)
            if any(part is not None and free_names(part) & names for part in parts):
                yield statement


def unknown_nodes(
    old: Tree, new: Tree, broken: frozenset[str], classes: frozenset[str]
) -> frozenset[str]:
    """The nodes in broken files and those of some classes, and all that inherit from one."""
    nodes = (*old.nodes.values(), *new.nodes.values())
    found = {node.key for node in nodes if node.span.file in broken or node.key in classes}
    return frozenset(found | {n.key for n in nodes if found & set(n.lineage)})


@dataclass(frozen=True, slots=True)
class Files:
    """The paths of the files of a tree, and of those with errors."""

    paths: frozenset[str]
    broken: frozenset[str]


def supplemented(
    tree: Tree, other: Tree, unknown: frozenset[str], files: Files, found: Gaps
) -> Tree:
    """A tree with what can't be read in it as it is in another one.

    `files` are its own. The `unknown` nodes are left without
    fields, by which a node with errors may hold itself without end.
    """
    lost = {k for k, enum in other.enums.items() if enum.span.file in files.broken}
    enums = {**tree.enums, **{key: other.enums[key] for key in sorted(lost)}}
    kept = {k: n for k, n in other.nodes.items() if k in unknown and n.span.file in files.paths}
    missing = frozenset(unknown | lost) - {*tree.nodes, *tree.enums}
    there = {**kept, **tree.nodes}
    nodes = {
        key: _hollow(node, frozenset(there))
        if key in unknown
        else _supplemented(node, other.nodes.get(key), missing, found, unknown)
        for key, node in there.items()
    }
    return replace(tree, nodes=nodes, enums=enums)


def _hollow(node: Node, there: frozenset[str]) -> Node:
    """The node by name alone, without bases that aren't there."""
    return replace(
        node,
        fields=(),
        points=(),
        written=(),
        bases=tuple(key for key in node.bases if key in there),
        lineage=tuple(key for key in node.lineage if key in there),
        primary=node.primary if node.primary in there else "",
    )


def _supplemented(
    node: Node,
    twin: Node | None,
    missing: frozenset[str],
    found: Gaps,
    unknown: frozenset[str],
) -> Node:
    node = replace(node, points=tuple(p for p in node.points if not _runs(p[1], unknown)))
    if twin is None:
        return node
    lost = frozenset(name for key in node.lineage for name in found.fields.get(key, ()))
    fields = tuple(
        _field(own, twin.field(own.name), missing, own.name in lost) for own in node.fields
    )
    own_lost = found.fields.get(node.key, frozenset())
    written = tuple(_values(node.written, twin.written, own_lost))
    points = tuple(_values(node.points, twin.points, own_lost))
    return replace(node, fields=fields, written=written, points=points)


def _runs(points: Value, unknown: frozenset[str]) -> bool:
    """Whether points go through an experiment of which too little is known."""
    named = points.experiments if isinstance(points, Points) else ()
    return any(i.node in unknown for value in named for i in every_instance(value))


def _field(own: Field, twin: Field | None, missing: frozenset[str], is_gap: bool) -> Field:
    """The field, with type and default of its twin where its own need what is missing."""
    if twin is None:
        return own
    is_lost = is_gap or (own.type != twin.type and not missing.isdisjoint(mentioned(twin.type)))
    is_unread = is_gap or (own.default is not None and _is_unread(own.default))
    return replace(
        own,
        type=twin.type if is_lost else own.type,
        default=twin.default if is_unread else own.default,
    )


def _values(
    own: Iterable[tuple[str, Value]], twin: Iterable[tuple[str, Value]], lost: frozenset[str]
) -> Iterator[tuple[str, Value]]:
    """The declarations of each name, and those of the twin for lost names."""
    values, others = dict(own), dict(twin)
    for name in dict.fromkeys((*values, *(n for n in others if n in lost))):
        is_lost = name in others and (name in lost or _is_unread(values[name]))
        yield name, others[name] if is_lost else values[name]


def _is_unread(value: Value) -> bool:
    return next(outermost(value, (Unreadable,)), None) is not None
