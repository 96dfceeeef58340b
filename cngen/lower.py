"""Tree -> Store: dataclasses and ConfigStore calls as Python text, ready to print."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cngen.composition import (
    Choice,
    choices,
    divided_dicts,
    entry_key,
    is_composed,
    normal,
    value_is_none,
)
from cngen.emission import Emitter, quote, storable
from cngen.model import (
    Computed,
    Field,
    Instance,
    Missing,
    Node,
    Table,
    Tree,
    mentioned_nodes,
)
from cngen.naming import camel, option_name

WIDTH = 100
"""Store calls longer than this are broken, one entry a line."""

RESERVED = frozenset(
    {
        "Any",
        "ConfigStore",
        "DictConfig",
        "II",
        "MISSING",
        "OmegaConf",
        "Path",
        "SI",
        "cs",
        "dataclass",
        "field",
    }
    | {"open_dict", "bool", "bytes", "dict", "float", "int", "list", "str", "tuple", "type"}
)
"""Names that the store uses itself."""

OTHER_TYPE = "  # type: ignore[assignment, unused-ignore]"
"""Behind a field whose source class, an extra base, has it in the source's own classes."""


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
    lines: tuple[Line, ...]


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


def lower(tree: Tree, naming: str) -> Store:
    """The store of a tree without errors."""
    names = class_names(tree)
    factories = _Factories()
    emitter = Emitter(tree, names, factories.name, divided_dicts(tree))
    classes = tuple(_dataclass(tree, emitter, node, later) for node, later in _in_order(tree))
    calls = _calls(tree, emitter, _Variations(tree, names, naming))
    body = "\n".join((*(f"{f.annotation} {f.default}" for c in classes for f in c.lines), *calls))
    enums = [enum for key, enum in sorted(tree.enums.items()) if names[key] in _words(body)]
    return Store(
        imports=_imports(body, calls),
        project_imports=_project_imports(
            [(enum.module, enum.name, names[enum.key]) for enum in enums]
            + [
                (n.module, n.name, f"_{names[n.key]}")
                for n in tree.nodes.values()
                if n.behaviour is not None
            ]
        ),
        exported=tuple(
            sorted({c.name for c in classes} | {names[enum.key] for enum in enums}, key=_isort)
        ),
        factories=tuple(factories.found),
        classes=classes,
        calls=calls,
        has_lists=any("_node(" in call for call in calls),
    )


# Names


def class_names(tree: Tree) -> Mapping[str, str]:
    """The name of each node and enum in the store: its own, with its group before it if that is taken."""
    taken: dict[str, list[str]] = {name: [""] for name in RESERVED}
    for key in (*tree.nodes, *tree.enums):
        taken.setdefault(key.rpartition(".")[2], []).append(key)
    names = {}
    for key, node in tree.nodes.items():
        names[key] = node.name if len(taken[node.name]) == 1 else camel(node.group) + node.name
    for key, enum in tree.enums.items():
        names[key] = (
            enum.name
            if len(taken[enum.name]) == 1
            else camel(enum.module.rpartition(".")[2]) + enum.name
        )
    return names


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
            if f.name in written_fields(node)
            for m in mentioned_nodes(f.type)
        }
        for other in sorted(mentioned - {key}):
            visit(other)
        active.discard(key)
        order[key] = frozenset(m for m in mentioned if m not in order)

    for key in sorted(
        tree.nodes,
        key=lambda k: (tree.nodes[k].group == "", tree.nodes[k].group, tree.nodes[k].span),
    ):
        visit(key)
    return ((tree.nodes[key], later) for key, later in order.items())


def written_fields(node: Node) -> frozenset[str]:
    """The fields that a node's dataclass spells out.

    With behaviour all of them: the source class stands before the other bases, and its annotations
    would hide the inherited ones.
    """
    return node.declared if node.behaviour is None else frozenset(f.name for f in node.fields)


def _dataclass(tree: Tree, emitter: Emitter, node: Node, later: frozenset[str]) -> Dataclass:
    names = emitter.names
    bases = [names[base] for base in node.bases]
    if node.behaviour is not None:
        bases.insert(0, f"_{names[node.key]}")
    custom = node.behaviour.custom if node.behaviour is not None else frozenset()
    options = [
        f"{option}=False"
        for option, method in (("repr", "__repr__"), ("eq", "__eq__"))
        if method in custom
    ]
    if "__hash__" in custom and "__eq__" not in custom:
        options.append("eq=False")
    shown = written_fields(node)
    return Dataclass(
        name=names[node.key],
        bases=tuple(bases),
        options=", ".join(["kw_only=True", *options]),
        source=node.span.file,
        doc=node.doc,
        lines=tuple(_line(emitter, node, f, later) for f in node.fields if f.name in shown),
    )


def _line(emitter: Emitter, node: Node, field: Field, later: frozenset[str]) -> Line:
    written = storable(field.type)
    annotation = emitter.type(written)
    if later & set(mentioned_nodes(written)):
        annotation = quote(annotation)
    differs = node.behaviour is not None and (
        written != field.type or bool(mentioned_nodes(written))
    )
    comment = OTHER_TYPE if differs else ""
    return Line(field.name, annotation, emitter.default(node.key, field), comment)


# Store calls


@dataclass(frozen=True, slots=True)
class _Variation:
    name: str
    group: str
    instance: Instance


class _Variations:
    """Names every node that is written in place with other values: `<option>.<owner>`.

    The first of an option in an owner has that name; a later, different one adds its field; equal
    ones share a name.
    """

    def __init__(self, tree: Tree, names: Mapping[str, str], naming: str) -> None:
        self._tree = tree
        self._naming = naming
        self._names = names
        self._known: dict[tuple[str, Instance], str] = {}
        self._taken: set[tuple[str, str]] = set()
        self.used: dict[tuple[str, str], _Variation] = {}
        for node in tree.nodes.values():
            own = [choice for choice in choices(tree, node) if choice.owner == node.key]
            self._name_all(own, node.key, "")

    def option(self, choice: Choice) -> str | None:
        """What stands behind the key of an entry."""
        if choice.value is None:
            return None
        if isinstance(choice.value, Missing):
            return "???"
        instance = normal(self._tree, choice.value)
        name = self._known.get((choice.owner, instance)) if instance.arguments else None
        if name is None:
            return self._tree.nodes[instance.node].option
        self.used[choice.group, name] = _Variation(
            name, choice.group, Instance(instance.node, instance.arguments, instance.span)
        )
        return name

    def _name_all(self, found: Sequence[Choice], owner: str, path: str) -> None:
        for choice in found:
            if not isinstance(choice.value, Instance):
                continue
            instance = normal(self._tree, choice.value)
            node = self._tree.nodes[instance.node]
            if not instance.arguments:
                continue
            if (owner, instance) not in self._known:
                short = f"{node.option}.{option_name(self._names[owner], '', self._naming)}"
                is_taken = (choice.group, short) in self._taken
                name = f"{short}.{path}{choice.package}" if is_taken else short
                self._taken.add((choice.group, name))
                self._known[owner, instance] = name
            inner = [c for c in choices(self._tree, node, instance) if _is_given(c, instance)]
            self._name_all(inner, owner, f"{path}{choice.package}.")

    def inner(self, owner: str, variation: Instance) -> tuple[Choice, ...]:
        """The choices of a variation; those that it gives itself belong to the same owner."""
        node = self._tree.nodes[variation.node]
        return tuple(
            Choice(c.package, c.group, c.value, owner) if _is_given(c, variation) else c
            for c in choices(self._tree, node, variation)
        )

    def owner(self, name: str, instance: Instance) -> str:
        """The owner under which a variation was named."""
        return next(
            owner for (owner, known), n in self._known.items() if n == name and known == instance
        )


def _is_given(choice: Choice, instance: Instance) -> bool:
    return instance.get(choice.package.partition(".")[0]) is not None


def _calls(tree: Tree, emitter: Emitter, variations: _Variations) -> tuple[str, ...]:
    """The store calls, sorted by group and option with the root folder last."""
    calls: dict[tuple[bool, str, str], str] = {}
    for node in tree.nodes.values():
        places = [(node.group, node.option)] if node.option is not None else []
        for group, option in (*places, *node.aliases):
            calls[not group, group, option] = _call(
                group, option, _node(tree, emitter, variations, node, group)
            )
    waiting = dict(variations.used)
    while waiting:
        for place, variation in waiting.items():
            group, name = place
            calls[not group, group, name] = _call(
                group, name, _variation(tree, emitter, variations, variation)
            )
        waiting = {p: v for p, v in variations.used.items() if (not p[0], *p) not in calls}
    return tuple(text for _, text in sorted(calls.items()))


def _call(group: str, name: str, node: str) -> str:
    place = f"group={quote(group)}, name={quote(name)}" if group else f"name={quote(name)}"
    call = f"cs.store({place}, node={node})"
    return call if "\n" in call or len(call) <= WIDTH else _broken(place, node)


def _broken(place: str, node: str) -> str:
    return f"cs.store(\n    {place},\n    node={node},\n)"


def _node(tree: Tree, emitter: Emitter, variations: _Variations, node: Node, group: str) -> str:
    """The stored form of a node: its dataclass, with its defaults list attached."""
    name = emitter.names[node.key]
    if node.defaults is not None:
        return f"_node({name}, {emitter.value(node.defaults)})"
    entries = [_entry(group, choice, variations) for choice in choices(tree, node)]
    values = emitter.divided_values(node.key)
    return _stored(name, entries, values) if entries or values else name


def _stored(name: str, entries: Sequence[str], values: Sequence[tuple[str, str]]) -> str:
    """A dataclass with its defaults list and the values that aren't its defaults."""
    return (
        f"_node({name}, {_list(entries)}{''.join(f', {field}={value}' for field, value in values)})"
    )


def _list(entries: Sequence[str]) -> str:
    """A defaults list for a dataclass: `_self_` first, or the option chosen would lose its type."""
    return f"[{', '.join((quote('_self_'), *entries))}]"


def _entry(group: str, choice: Choice, variations: _Variations, prefix: str = "") -> str:
    option = variations.option(choice)
    if not choice.group:
        return quote(f"/{option}@{choice.package}")
    return f"{{{quote(prefix + entry_key(group, choice))}: {quote(option) if option is not None else 'None'}}}"


def _variation(tree: Tree, emitter: Emitter, variations: _Variations, variation: _Variation) -> str:
    """A dict over the plain option, or the whole node where a dict can't say it."""
    instance, group = variation.instance, variation.group
    node = tree.nodes[instance.node]
    before = {(c.group, c.package): c for c in choices(tree, node)}
    after = {
        (c.group, c.package): c
        for c in variations.inner(variations.owner(variation.name, instance), instance)
    }
    values = _plain_values(emitter, node, instance)
    if not _is_overlay(tree, node, instance, before, after):
        entries = [_entry(group, choice, variations) for choice in after.values()]
        merged = dict(emitter.divided_values(node.key)) | dict(values)
        return _stored(emitter.names[node.key], entries, list(merged.items()))
    added = [_entry(group, c, variations) for place, c in after.items() if place not in before]
    changed = [
        _entry(
            group,
            after.get(place, Choice(c.package, c.group, None, c.owner)),
            variations,
            "override ",
        )
        for place, c in before.items()
        if place not in after or normal_value(tree, after[place]) != normal_value(tree, c)
    ]
    listed = ", ".join([quote(node.option or ""), *added, *changed, quote("_self_")])
    items = "".join(f", {quote(name)}: {value}" for name, value in values)
    return f'{{"defaults": [{listed}]{items}}}'


def normal_value(tree: Tree, choice: Choice) -> object:
    """What a choice chooses, comparable."""
    return normal(tree, choice.value) if isinstance(choice.value, Instance) else choice.value


def _plain_values(emitter: Emitter, node: Node, instance: Instance) -> list[tuple[str, str]]:
    """The fields that a variation sets itself, without those that its defaults list chooses."""
    found = []
    for argument in instance.arguments:
        field = node.field(argument.name)
        if field is None:
            continue
        if not is_composed(field, argument.value):
            found.append((field.name, emitter.held(field, argument.value)))
        elif value_is_none(argument.value):
            found.append((field.name, "None"))
    return found


def _is_overlay(
    tree: Tree,
    node: Node,
    instance: Instance,
    before: Mapping[tuple[str, str], Choice],
    after: Mapping[tuple[str, str], Choice],
) -> bool:
    """Whether a dict that is merged over the plain option gives the variation.

    It doesn't where a dict has to replace another (Hydra merges them), where an entry of the root
    folder changes (only groups can be overridden), and where a node gives way to something else.
    """
    for argument in instance.arguments:
        field = node.field(argument.name)
        default = field.default if field is not None else None
        if (
            field is not None
            and isinstance(default, Table)
            and default.items
            and not is_composed(field, argument.value)
        ):
            return False
        if (
            field is not None
            and is_composed(field, default)
            and not is_composed(field, argument.value)
        ):
            return False
    for place, choice in {**before, **after}.items():
        is_changed = (
            place not in before or place not in after or before[place].value != choice.value
        )
        if is_changed and (not choice.group or isinstance(choice.value, Missing)):
            return False
    packages = {package: group for group, package in before}
    return all(packages.get(package, group) == group for group, package in after)


# Imports


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


def _imports(body: str, calls: Sequence[str]) -> tuple[str, ...]:
    words = _words(body)
    needs_node = any("_node(" in call for call in calls)
    found = ["from dataclasses import dataclass" + (", field" if "field(" in body else "")]
    if "Path" in words:
        found.append("from pathlib import Path")
    found.append("from typing import Any")
    omegaconf = [n for n in ("II", "MISSING", "SI") if n in words] + (
        ["DictConfig", "OmegaConf", "open_dict"] if needs_node else []
    )
    found += ["", "from hydra.core.config_store import ConfigStore"]
    if omegaconf:
        found.append(f"from omegaconf import {', '.join(sorted(omegaconf, key=_isort))}")
    return tuple(found)


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
