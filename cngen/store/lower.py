"""Tree -> Store: dataclasses and ConfigStore calls as Python text, ready to print."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cngen.compose.defaults import divided, with_source
from cngen.hydra.fitting import narrows
from cngen.model.naming import class_names
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import mentioned_nodes
from cngen.model.values import Computed
from cngen.store.calls import store_calls
from cngen.store.emission import Emitter
from cngen.text.escaping import one_line
from cngen.text.quoting import quote

_NAME = re.compile(r"(?<![.\w])\w+")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_LITERAL = re.compile(rf"Literal\[(?:{_STRING.pattern}|[^\]\"'])*\]")

OTHER_TYPE = "  # type: ignore[assignment, unused-ignore]"
"""Behind a field whose source class, an extra base, has it in the source's own classes."""

OPEN_TYPE = "  # type: ignore[type-arg, unused-ignore]"
"""Behind a class whose source class has parameters for types, which are left open."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a dataclass."""

    name: str
    annotation: str
    default: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Dataclass:
    name: str
    bases: tuple[str, ...]
    options: str
    source: str
    doc: str | None
    kept: tuple[str, ...]
    lines: tuple[Line, ...]
    comment: str = ""
    is_restored: bool = False


@dataclass(frozen=True, slots=True)
class Factory:
    """A function that computes one value when the store is imported."""

    name: str
    imports: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Store:
    """The module, in the order of its parts. `imports` are whole statements, `calls` those of the store."""

    imports: tuple[str, ...]
    project_imports: tuple[str, ...]
    exported: tuple[str, ...]
    factories: tuple[Factory, ...]
    classes: tuple[Dataclass, ...]
    calls: tuple[str, ...]
    has_lists: bool
    has_parts: bool
    has_restored: bool


def lower(tree: Tree) -> Store:
    """The store of a tree without errors."""
    names = class_names(tree)
    factories = _Factories()
    emitter = Emitter(tree, names, factories.name, divided(tree))
    sourced = with_source(tree)
    classes = tuple(
        _dataclass(emitter, node, later, node.key in sourced) for node, later in _in_order(tree)
    )
    calls = store_calls(tree, emitter)
    used = _used(classes, calls) | ({"Any"} if factories.found else set())
    used |= {"Any"} if used & {"_node", "_part"} or any(c.is_restored for c in classes) else set()
    enums = [enum for enum in tree.enums.values() if names[enum.key] in used]
    own_bases = {names[key] for key, node in tree.nodes.items() if node.is_base}
    sources = [tree.nodes[key] for key in tree.nodes if key in sourced]
    return Store(
        imports=_imports(used),
        project_imports=_project_imports(
            [(enum.module, enum.name, names[enum.key]) for enum in enums]
            + [(node.module, node.name, f"_source_{names[node.key]}") for node in sources]
        ),
        exported=tuple(
            sorted(
                {*(c.name for c in classes), *(names[e.key] for e in enums)} - own_bases, key=_isort
            )
        ),
        factories=tuple(factories.found),
        classes=classes,
        calls=calls,
        has_lists="_node" in used,
        has_parts="_part" in used,
        has_restored=any(c.is_restored for c in classes),
    )


# Computed values


class _Factories:
    """Gives each computed value a function, in the order in which they are met."""

    def __init__(self) -> None:
        self.found: list[Factory] = []
        self._names: dict[tuple[object, ...], str] = {}

    def name(self, value: Computed) -> str:
        key = (value.span, value.text)
        if key not in self._names:
            self._names[key] = f"_computed_{len(self.found) + 1}"
            text = value.text.strip()
            self.found.append(
                Factory(self._names[key], tuple(line for _, line in value.imports), text)
            )
        return self._names[key]


# Dataclasses


def _in_order(tree: Tree) -> Iterable[tuple[Node, frozenset[str]]]:
    """Bases and the types of fields first; with each node those named in it that come later."""
    order: dict[str, frozenset[str]] = {}
    active: set[str] = set()

    def visit(key: str, bases_only: bool = False) -> None:
        if key in order or key in active:
            return
        active.add(key)
        node = tree.nodes[key]
        for base in node.bases:
            visit(base)
        mentioned = {
            m
            for f in node.fields
            if f.name in written_fields(tree, node)
            for m in mentioned_nodes(f.type)
        }
        for other in sorted(mentioned - {key}):
            visit(other)
        active.discard(key)
        order[key] = frozenset(m for m in mentioned if m not in order)

    for key in sorted(
        (key for key, node in tree.nodes.items() if not node.is_experiment),
        key=lambda k: (tree.nodes[k].group == "", tree.nodes[k].group, tree.nodes[k].span),
    ):
        visit(key)
    return ((tree.nodes[key], later) for key, later in order.items())


def written_fields(tree: Tree, node: Node) -> frozenset[str]:
    """The fields that a node's dataclass spells out: its own, and those that it wouldn't inherit as they are.

    With a source class all of them: it is before the other bases, and its annotations
    would hide the inherited ones.
    """
    if node.key in with_source(tree):
        return frozenset(f.name for f in node.fields)
    return node.declared.union(f.name for f in node.fields if not _is_brought(tree, node, f))


def _is_brought(tree: Tree, node: Node, field: Field) -> bool:
    """Whether a dataclass inherits a field as it is: the nearest base that has it brings it, declared or not."""
    held = (tree.nodes[key].field(field.name) for key in node.lineage[1:])
    nearest = next((f for f in held if f is not None), None)
    return nearest is not None and (nearest.type, nearest.default) == (field.type, field.default)


def _dataclass(emitter: Emitter, node: Node, later: frozenset[str], has_source: bool) -> Dataclass:
    names = emitter.names
    bases = [names[base] for base in node.bases]
    if has_source:
        bases.insert(0, f"_source_{names[node.key]}")
    custom = node.behaviour.custom if node.behaviour is not None else frozenset()
    options = [
        f"{option}=False"
        for option, method in (("repr", "__repr__"), ("eq", "__eq__"))
        if method in custom
    ]
    # OmegaConf takes a class with parameters for types for a generic list or dict.
    hidden = ("__orig_bases__ = ()",) if has_source and node.is_generic else ()
    kept = ("__hash__",) if "__hash__" in custom and "__eq__" not in custom else ()
    shown = written_fields(emitter.tree, node)
    return Dataclass(
        name=names[node.key],
        bases=tuple(bases),
        options=", ".join(["kw_only=True", *options]),
        source=one_line(node.span.file),
        doc=node.doc if node.doc is None or _is_text(node.doc) else None,
        kept=(
            *hidden,
            *(f"{name} = _source_{names[node.key]}.{name}{OTHER_TYPE}" for name in kept),
        ),
        comment=OPEN_TYPE if hidden else "",
        is_restored=_is_hooked(emitter.tree, node),
        lines=tuple(
            _line(emitter, node, f, later, has_source) for f in node.fields if f.name in shown
        ),
    )


def _is_hooked(tree: Tree, node: Node) -> bool:
    """Whether a source class behind a dataclass may have made another dataclass of it already."""
    found = (tree.nodes[key].behaviour for key in node.lineage if key in with_source(tree))
    return any(behaviour is not None and behaviour.is_hooked for behaviour in found)


def _is_text(doc: str) -> bool:
    """Whether Python can make it a docstring: lone surrogates can't be encoded."""
    try:
        doc.encode()
    except UnicodeEncodeError:
        return False
    return True


def _line(
    emitter: Emitter, node: Node, field: Field, later: frozenset[str], has_source: bool
) -> Line:
    written = emitter.stored(field.type)
    annotation = emitter.type(written)
    if later & set(mentioned_nodes(written)):
        annotation = quote(annotation)
    differs = has_source and (written != field.type or bool(mentioned_nodes(written)))
    comment = OTHER_TYPE if differs or _is_retyped(emitter.tree, node, field) else ""
    return Line(field.name, annotation, emitter.default(node.key, field), comment)


def _is_retyped(tree: Tree, node: Node, field: Field) -> bool:
    """Whether a base's dataclass has another type for a field, which type checkers don't like."""
    inherited = (tree.nodes[key].field(field.name) for key in node.lineage[1:])
    return any(old is not None and not narrows(tree, field.type, old.type) for old in inherited)


# Imports


def _used(classes: Sequence[Dataclass], calls: Sequence[str]) -> frozenset[str]:
    """The names that the module's code mentions, those inside string values not counted."""
    code = "\n".join((*(line.default for c in classes for line in c.lines), *calls))
    annotations = "\n".join(line.annotation for c in classes for line in c.lines)
    annotations = _LITERAL.sub("Literal", annotations)
    return frozenset(_NAME.findall(_STRING.sub("", code) + annotations))


def _imports(used: frozenset[str]) -> tuple[str, ...]:
    """What the store takes from the standard library, Hydra and OmegaConf."""
    helpers = {"DictConfig", "OmegaConf"} if used & {"_node", "_part"} else set()
    helpers |= {"open_dict"} if "_node" in used else set()
    modules = {
        "dataclasses": {"dataclass"} | ({"field"} & used),
        "pathlib": {"Path"} & used,
        "typing": {"Any", "Literal"} & used,
        "hydra.core.config_store": {"ConfigStore"},
        "omegaconf": ({"II", "MISSING", "SI"} & used) | helpers,
    }
    lines = [
        f"from {module} import {', '.join(sorted(names, key=_isort))}"
        for module, names in modules.items()
        if names
    ]
    lines.insert(next(n for n, line in enumerate(lines) if "hydra" in line), "")
    return tuple(lines)


def _isort(name: str) -> tuple[bool, bool, list[tuple[bool, int, str]]]:
    """Constants, then classes, then the rest, numbers in them by value: the order of import sorters."""
    parts = [
        (not part.isdigit(), int(part) if part.isdigit() else 0, part)
        for part in re.split(r"(\d+)", name)
        if part
    ]
    return (not (name.isupper() and len(name) > 1), not name[:1].isupper(), parts)


def _project_imports(found: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """One statement a module; each name as (module, name, name in the store)."""
    modules: dict[str, list[str]] = {}
    for module, name, bound in sorted(set(found)):
        modules.setdefault(module, []).append(name if bound == name else f"{name} as {bound}")
    return tuple(f"from {module} import {', '.join(names)}" for module, names in modules.items())
