"""Draws ``cn/`` trees as text: everything that sections 1 to 3 of the specification allow, and valid.

Classes are drawn one after the other, and refer only to those before them: so defaults have no cycle,
and inheritance has none. An attribute name has one type in the whole tree, so that any two classes
may be bases of a third.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TypeVar

from hypothesis import strategies as st

from .interpreter import ROOT
from .layout import (
    Folder,
    Source,
    import_through,
    placed,
    reexport,
    rendered,
)

T = TypeVar("T")

LARGEST_DEFAULT = 12  # nodes in one default: what is composed grows with their product
FOLDERS = ("model", "head", "optimizer", "sched", "obs_mode", "data")
STEMS = ("base", "core", "more", "extra2")
PRIMARY = ("Run", "Debug", "Trial")
ROOT_STEMS = ("shared", "parts")
CLASSES = tuple(
    stem + suffix
    for suffix in ("", "Small", "Wide", "Two")
    for stem in ("Mlp", "SGD", "Cosine", "PerView", "RP_SAC", "AWACMulti", "Linear", "Vit", "Octo")
)
ENUMS = ("Mode", "Color", "Stage")
CONSTANTS = ("KEYS", "SIZES", "LIMIT", "PREFIX", "TABLE")
PLAIN_NAMES = ("lr", "width", "steps", "name", "betas", "tags", "mode", "opts", "extra")
NODE_NAMES = (*FOLDERS, "teacher", "ema", "first", "keys", "heads", "stack", "inner_most", "views")
DOCSTRINGS = ('"""A node."""', '"""Says "quoted" things.\n\n    And more: {braces}, 50%.\n    """')

INT, FLOAT, STR = ("0", "7", "-4", "1_000"), ("0.5", "1e-3", "-2.5", "3"), ('"a"', "'it\"s'", '""')
ODD = ('"a,b=c [x]"', "'''two\nlines'''", '"caf\\u00e9 \\\\ \\t"', '"1e3"', '"null"', '"a" "b"')
TEXTS = (*STR, *ODD)
FOLDED = ("int(5e2)", "2 ** 3", "3 * 4 + 1", "10 // 3", "-(2 + 1)", "(1 + 2) * 3", "7 % 4")
PLAIN_TYPES: dict[str, tuple[str, ...]] = {
    "int": (*INT, *FOLDED),
    "float": (*FLOAT, "1 / 4", "3e-4 * 2", "float(3)"),
    "bool": ("True", "False"),
    "str": (*TEXTS, '"a" + "b"', '"ab" * 2'),
    "int | None": ("None", *INT),
    "@Optional@[float]": ("None", *FLOAT),
    "str | None": ("None", *TEXTS),
    "int | str": (*INT, *TEXTS),
    "@Union@[float, bool]": ("0.5", "True"),
    "@Path@": ('@Path@("a/b")', '@Path@(".")'),
    "list[int]": ("[]", "[1, -2]", "[1] + [2, 3]", "[2 ** 2] * 2"),
    "@List@[str]": ("[]", '["a", "b,c"]'),
    "list[float]": ("[0.9, 0.99]", "[1, 2.5]"),
    "list[list[int]]": ("[[1], [2, 3]]", "[[]]", "[]"),
    "list[int | str]": ('[1, "a"]',),
    "list[int] | None": ("None", "[1, 2]"),
    "dict[str, int]": ("{}", '{"a": 1}', '{"b": 2, "c-d": 3}'),
    "@Dict@[str, float]": ("{}", '{"a": 1, "b": 0.5}'),
    "dict[int, str]": ('{1: "a", 2: "b"}', "{}"),
    "dict[str, list[int]]": ('{"a": [1, 2]}', "{}"),
    "dict[str, @Any@]": ('{"a": [1, {"b": None}], "c": "x"}', '{"a": 1}'),
    "@Any@": ("None", "3", '"x"', "0.5", "True", "[1, 'a']", '{"a": [1]}'),
}
# Constants by name: the type, and what can be computed from one.
CONSTANT_TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "KEYS": ("@List@[str]", ("{}", '{} + ["z"]', '["y"] + {}')),
    "SIZES": ("list[int]", ("{}", "{} + [9]")),
    "LIMIT": ("int", ("{}", "{} * 2", "-{}", "{} + 1")),
    "PREFIX": ("str", ("{}", '{} + "-x"')),
    "TABLE": ("dict[str, int]", ("{}",)),
}


ANNOTATIONS = {
    "node": ("{}",),
    "optional": ("{} | None", "@Optional@[{}]"),
    "dict": ("dict[str, {}]", "@Dict@[str, {}]"),
    "list": ("list[{}]", "@List@[{}]"),
}
MEMBERS = {
    "calc_double": ("@property", "def calc_double(self) -> int:", "    return 2 * self.{name}"),
    "calc_total": ("def calc_total(self) -> int:", "    return {more}self.{name}"),
    "calc_level": (
        "LEVEL: @ClassVar@[int] = 3",
        "def calc_level(self) -> int:",
        "    return self.LEVEL",
    ),
    "__post_init__": ("def __post_init__(self) -> None:", "    assert str(self.{name})"),
}
KEYS = (("left", "right"), ("right", "a_b"), ("a_b", "left"))
OPTIONS = ("octo-base", "best", "tiny_2")


@dataclass(frozen=True)
class Value:
    """What is written as a default, and what it opens below itself."""

    text: str = ""  # "" for no default at all
    size: int = 1
    open_nodes: bool = False  # a node is missing somewhere in it


@dataclass(frozen=True)
class FieldType:
    """What an attribute name holds, in the whole tree."""

    annotation: str
    values: tuple[str, ...] = ()  # of a plain field
    kind: str = ""  # of a node field: node, optional, dict or list
    top: "Node | None" = None


@dataclass(eq=False)
class Node:
    """A class that is being drawn."""

    token: str
    name: str
    folder: Folder
    abstract: bool
    shadow: type  # a plain class with the same bases: Python itself says what the MRO is
    fields: dict[str, Value] = field(default_factory=dict)  # inherited ones included
    declared: set[str] = field(default_factory=set)
    option: str = ""  # written as a class keyword

    def instance(self, arguments: dict[str, Value]) -> Value:
        parts = (self.fields | arguments).values()
        text = f"@{self.token}@({', '.join(f'{k}={v.text}' for k, v in arguments.items())})"
        return Value(text, 1 + sum(v.size for v in parts), any(v.open_nodes for v in parts))


def inherited(shadow: type, nodes: Sequence[Node]) -> dict[str, Value]:
    """Fields as Python finds attributes: each from the nearest base that declares it."""
    by_shadow = {n.shadow: n for n in nodes}
    found: dict[str, Value] = {}
    for base in reversed(shadow.__mro__[1:-1]):
        node = by_shadow[base]
        found |= {name: value for name, value in node.fields.items() if name in node.declared}
    return found


class Writer:
    """Draws one tree, definition by definition."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.files: list[Source] = []
        self.nodes: list[Node] = []
        self.tops: dict[Folder, Node] = {}
        self.types: dict[str, FieldType] = {}
        self.constants: dict[str, list[str]] = {}  # type -> expressions
        self.numbers = count()

    # Drawing

    def token(self) -> str:
        return str(next(self.numbers))

    def pick(self, values: Sequence[T]) -> T:
        return self.draw(st.sampled_from(values))

    def rarely(self, one_in: int) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    # The tree

    def tree(self) -> dict[str, str]:
        """A whole tree: paths and texts."""
        self.classes()
        return self.text()

    def classes(self) -> None:
        """Groups with their top classes, then more classes anywhere, then the primary config."""
        folders = self.folders()
        for folder in folders:
            self.definitions(folder)
            self.tops[folder] = self.node(folder, self.top_name(folder), [])
        for _ in range(self.number(0, 12)):
            folder = self.pick([*folders, (ROOT,)])
            self.definitions(folder)
            self.node(folder, self.free_name(folder), self.bases(folder))
        run = self.node((ROOT,), "Run", self.bases((ROOT,)), stem="run")
        if self.rarely(3):
            self.node((ROOT,), "Debug", [run], stem="run")

    def folders(self) -> list[Folder]:
        """One to five groups, up to three deep."""
        found: list[Folder] = []
        for _ in range(self.number(1, 5)):
            parents = [(ROOT,), *(f for f in found if len(f) < 4)]
            folder = (*self.pick(parents), self.pick(FOLDERS))
            if folder not in found:
                found.append(folder)
        return found

    def text(self) -> dict[str, str]:
        for folder in self.tops:
            if self.rarely(3):
                names = {n.name: n.token for n in self.nodes if n.folder == folder}
                reexport(self.files, folder, list(names.values()))
        for source in self.files:
            source.future = self.rarely(5)
            for token in source.foreign:
                if self.rarely(2):
                    import_through(self.files, source, token)
        texts = {s.path: rendered(self.files, s, self.pick) for s in self.files}
        if self.rarely(2):
            packages = {s.folder[:n] for s in self.files for n in range(1, len(s.folder) + 1)}
            texts = {f"{'/'.join(p)}/__init__.py": "" for p in sorted(packages)} | texts
        return texts

    def place(self, folder: Folder, token: str, name: str, text: str, stem: str = "") -> None:
        """Put a definition in a file of its folder that may import what it needs."""
        here = [f for f in self.files if f.folder == folder and f.stem != "run"]
        new = [Source(folder, s) for s in self.stems(folder) if s not in [f.stem for f in here]]
        candidates = [*new, *here] if self.rarely(3) else [*here, *new]
        if stem:
            candidates = [f for f in self.files if f.stem == stem] or [Source(folder, stem)]
        placed(self.files, [*candidates, Source(folder, f"own_{token}")], token, name, text)

    def stems(self, folder: Folder) -> tuple[str, ...]:
        if folder == (ROOT,):
            return ROOT_STEMS
        return ("__init__", *STEMS) if self.rarely(3) else STEMS

    # Enums and constants

    def definitions(self, folder: Folder) -> None:
        """Now and then an enum or a constant, in a file of the folder."""
        if self.rarely(4):
            self.enum(folder)
        if self.rarely(4):
            self.constant(folder)

    def enum(self, folder: Folder) -> None:
        taken = set(chain.from_iterable(f.names.values() for f in self.files))
        names = [n for n in ENUMS if n not in taken]
        if names:
            text = f'class {names[0]}(@Enum@):\n    FULL = "full"\n    HALF_OFF = 2'
            token = self.token()
            self.place(folder, token, names[0], text)
            self.types[f"{names[0].lower()}_kind"] = self.enum_type(f"@{token}@")

    def enum_type(self, name: str) -> FieldType:
        full, half = f"{name}.FULL", f"{name}.HALF_OFF"
        written = {
            name: (full, half),
            f"{name} | None": ("None", half),
            f"list[{name}]": (f"[{full}, {half}]", "[]"),
            f"dict[str, {name}]": (f'{{"a": {half}}}',),
        }
        annotation = self.pick(list(written))
        return FieldType(annotation, written[annotation])

    def constant(self, folder: Folder) -> None:
        taken = set(chain.from_iterable(f.names.values() for f in self.files))
        names = [n for n in CONSTANTS if n not in taken]
        if names:
            name = self.pick(names)
            annotation, uses = CONSTANT_TYPES[name]
            declared = self.pick([name, f"{name}: {annotation}"])
            text = f"{declared} = {self.pick(self.plain_values(annotation))}"
            token = self.token()
            self.place(folder, token, name, text)
            self.constants.setdefault(annotation, []).extend(u.format(f"@{token}@") for u in uses)

    # Classes

    def top_name(self, folder: Folder) -> str:
        like_folder = "".join(part.capitalize() for part in folder[-1].split("_"))
        taken = any(n.name == like_folder for n in self.nodes)
        return self.free_name(folder) if taken or self.rarely(3) else like_folder

    def free_name(self, folder: Folder) -> str:
        """A name that no class has; now and then one that a class of another group has."""
        taken = [n.name for n in self.nodes]
        here = [n.name for n in self.nodes if n.folder == folder]
        elsewhere = [n.name for n in self.nodes if folder != (ROOT,) != n.folder]
        reused = [name for name in elsewhere if name in CLASSES and name not in here]
        if reused and self.rarely(8):
            return self.pick(reused)
        return self.pick([n for n in CLASSES if n not in taken])

    def bases(self, folder: Folder) -> list[Node]:
        """Bases that keep every option of a group below the group's top class.

        A node in a group that inherits from one in the root folder would be an experiment.
        """
        related = [n for n in self.nodes if n.folder == folder]
        others = [n for n in self.nodes if n.folder != (ROOT,)] if self.rarely(4) else []
        if folder == (ROOT,):
            first = [self.pick(related)] if related and self.rarely(3) else []
        else:
            first = [self.pick(related)]
        second = [self.pick(related)] if related and self.rarely(2) else []
        for node in [*second, *([self.pick(others)] if others else [])]:
            first = consistent([*first, node]) or consistent([node, *first]) or first
        return first

    def node(self, folder: Folder, name: str, bases: list[Node], stem: str = "") -> Node:
        """Draw one class and put it into a file."""
        shadow = type(name, tuple(b.shadow for b in bases) or (object,), {})
        primary = stem == "run"
        node = Node(self.token(), name, folder, not primary and self.rarely(4), shadow)
        node.fields = inherited(shadow, self.nodes)
        header = self.header(node, bases)
        lines = self.docstring() + self.overrides(node) + self.new_fields(node, primary)
        lines += self.reference(node) if name == "Run" else []
        lines += self.behaviour(node)
        text = "\n    ".join([f"class {name}({header}):", *(lines or ["pass"])])
        self.place(folder, node.token, name, text, stem)
        self.nodes.append(node)
        return node

    def header(self, node: Node, bases: list[Node]) -> str:
        keywords = ["abstract=True"] if node.abstract else []
        taken = [n.option for n in self.nodes if n.folder == node.folder]
        names = [n for n in OPTIONS if n not in taken]
        if names and node.name not in PRIMARY and self.rarely(8):
            node.option = self.pick(names)
            keywords.append(f'name="{node.option}"')
        return ", ".join([*([f"@{b.token}@" for b in bases] or ["@CN@"]), *keywords])

    def docstring(self) -> list[str]:
        return [self.pick(DOCSTRINGS)] if self.rarely(4) else []

    def overrides(self, node: Node) -> list[str]:
        """New defaults for inherited fields, with and without their type."""
        lines: list[str] = []
        for name in list(node.fields):
            if self.rarely(3):
                lines += self.written(node, name, annotated=self.rarely(3))
        return lines

    def new_fields(self, node: Node, primary: bool) -> list[str]:
        names = [self.plain_name() for _ in range(self.number(0, 3))]
        names += [self.node_name(top) for top in self.node_types(node, primary)]
        is_top = node.folder not in (*self.tops, (ROOT,))
        if is_top and "inner" not in self.types and self.rarely(4):
            self.types["inner"] = FieldType(f"@{node.token}@ | None", kind="optional", top=node)
            names.append("inner")
        lines: list[str] = []
        for name in dict.fromkeys(names):
            if name and name not in node.fields:
                lines += self.written(node, name, annotated=True)
        return lines

    def written(self, node: Node, name: str, *, annotated: bool) -> list[str]:
        """One field as its class writes it; nothing where no default can be drawn."""
        kind = self.types[name]
        new = name not in node.fields  # a default that a base has can't be taken back
        plain = None if kind.kind else self.plain_value(kind, annotated, new)
        value = plain or self.node_value(kind, annotated and new)
        if value is None:
            return []
        node.fields[name] = value
        node.declared.add(name)
        quote = '"' if kind.top is node else ""
        annotation = f": {quote}{kind.annotation}{quote}" if annotated else ""
        return [f"{name}{annotation} = {value.text}" if value.text else f"{name}{annotation}"]

    def reference(self, node: Node) -> list[str]:
        """Now and then a field of Run that follows another one."""
        names = [n for n in node.fields if self.types[n].annotation == "int"]
        if not names or not self.rarely(2):
            return []
        self.types["linked"] = FieldType("int", INT)
        text = f'@ref@("{self.pick(names)}")'
        node.fields["linked"] = Value(text, 0)
        node.declared.add("linked")
        return [f"linked: int = {text}"]

    # Plain fields

    def plain_name(self) -> str:
        """An attribute for plain values, which gets its type when it is first drawn."""
        names = [*PLAIN_NAMES, *(n for n, kind in self.types.items() if not kind.kind)]
        name = self.pick(list(dict.fromkeys(names)))
        if name not in self.types:
            annotation = self.pick(["int", *PLAIN_TYPES]) if not self.rarely(3) else "int"
            self.types[name] = FieldType(annotation, PLAIN_TYPES[annotation])
        return name

    def plain_values(self, annotation: str) -> list[str]:
        return [*PLAIN_TYPES[annotation], *self.constants.get(annotation, ())]

    def plain_value(self, kind: FieldType, annotated: bool, new: bool) -> Value:
        """A default in one of the ways to write it; now and then none."""
        text = self.pick([*kind.values, *self.constants.get(kind.annotation, ())])
        ways = [text, text, text, text, f"@default@({text})", *["@MISSING@"] * new]
        if annotated:
            ways += [*[""] * new, f"@field@(default_factory=lambda: {text})"]
            ways += [f"@field@(default={text})"] * ("[" not in kind.annotation + text)
        return Value(self.pick(ways), 0)

    # Node fields

    def node_types(self, node: Node, primary: bool) -> list[Node]:
        """The classes that a node's new fields are annotated with."""
        tops = [*self.tops.values(), *(n for n in self.nodes if n.folder == (ROOT,))]
        if primary:
            return [top for top in tops if not self.rarely(6) and top.name != "Run"]
        return [self.pick(tops) for _ in range(self.number(0, 2))] if tops else []

    def node_name(self, top: Node) -> str:
        """An attribute for nodes of a class: named like its group, or like anything else."""
        fitting = [n for n, kind in self.types.items() if kind.top is top]
        free = [n for n in NODE_NAMES if n not in self.types]
        like_group = [n for n in free if n == top.folder[-1]]
        names = like_group or [*fitting, *free[:1]] if not self.rarely(3) else [*fitting, *free]
        name = self.pick(names) if names else ""
        if name and name not in self.types:
            kind = self.pick(["node", "node", "optional", "dict", "list"])
            annotation = self.pick(ANNOTATIONS[kind]).format(f"@{top.token}@")
            self.types[name] = FieldType(annotation, (), kind, top)
        return name

    def candidates(self, kind: FieldType) -> list[Node]:
        """The classes that may stand in a field: concrete, of its group, below its annotation."""
        assert kind.top is not None
        top = kind.top
        found = [n for n in self.nodes if n.folder == top.folder and n.name not in PRIMARY]
        found = [n for n in found if not n.abstract and issubclass(n.shadow, top.shadow)]
        found = [n for n in found if n.instance({}).size <= LARGEST_DEFAULT]
        return [n for n in found if not n.instance({}).open_nodes] if kind.kind == "list" else found

    def node_value(self, kind: FieldType, new: bool, depth: int = 0) -> Value | None:
        found = self.candidates(kind)
        if kind.kind == "optional" and (not found or not self.rarely(3)):
            return Value("None", 0)
        if kind.kind in ("dict", "list"):
            return self.several(kind, found, depth)
        if not found:
            return None
        if new and depth == 0 and kind.kind == "node" and self.rarely(3):
            return self.without_default(kind, found)
        return self.wrapped(self.one(kind, found, depth), new, depth)

    def without_default(self, kind: FieldType, found: list[Node]) -> Value:
        """``x: Model``, which means the annotated class itself if that can be chosen."""
        assert kind.top is not None
        if kind.top in found and self.rarely(2):
            return Value("", kind.top.instance({}).size, kind.top.instance({}).open_nodes)
        closed = any(not n.instance({}).open_nodes for n in found)
        if kind.top.folder == (ROOT,) or not closed:  # nothing could be chosen on a command line
            return found[0].instance({})
        return Value("@MISSING@" if kind.top in found else self.pick(["", "@MISSING@"]), 1, True)

    def one(self, kind: FieldType, found: list[Node], depth: int) -> Value:
        """An instance, a variation of it, or the class that stands for it."""
        node = self.pick(found)
        plain = node.instance({})
        if depth < 2 and self.rarely(2):
            varied = node.instance(self.arguments(node, depth))
            if not (kind.kind == "list" and varied.open_nodes):
                return varied
        return Value(f"@{node.token}@", plain.size, plain.open_nodes) if self.rarely(4) else plain

    def arguments(self, node: Node, depth: int) -> dict[str, Value]:
        if not node.fields:
            return {}
        nodes = [n for n in node.fields if self.types[n].kind]
        names = [self.pick(nodes)] if nodes and self.rarely(2) else [self.pick(list(node.fields))]
        names += [self.pick(list(node.fields))] if self.rarely(2) else []
        arguments: dict[str, Value] = {}
        for name in dict.fromkeys(names):
            kind = self.types[name]
            plain = None if kind.kind else Value(self.argument(kind), 0)
            value = plain or self.node_value(kind, False, depth + 1)
            if value is not None:
                arguments[name] = value
        return arguments

    def argument(self, kind: FieldType) -> str:
        return self.pick(kind.values)

    def several(self, kind: FieldType, found: list[Node], depth: int) -> Value:
        members = [self.one(kind, found, depth) for _ in range(self.number(0, 2))] if found else []
        texts = [m.text for m in members]
        if kind.kind == "dict":
            texts = [f'"{key}": {text}' for key, text in zip(self.pick(KEYS), texts, strict=False)]
        brackets = "{}" if kind.kind == "dict" else "[]"
        text = brackets[0] + ", ".join(texts) + brackets[1]
        return Value(text, sum(m.size for m in members), any(m.open_nodes for m in members))

    def wrapped(self, value: Value, new: bool, depth: int) -> Value:
        """The same default in one of the other ways to write it."""
        ways = [value.text] * 3
        if depth == 0:
            ways.append(f"@default@({value.text})")
        if depth == 0 and new:
            factory = value.text if value.text.endswith("@") else f"lambda: {value.text}"
            ways.append(f"@field@(default_factory={factory})")
        return Value(self.pick(ways), value.size, value.open_nodes)

    # Behaviour

    def behaviour(self, node: Node) -> list[str]:
        """Methods, a property, a check after construction: what a node does rather than holds."""
        numbers = [n for n in node.fields if self.types[n].annotation == "int"]
        extends = "calc_total" in dir(node.shadow)
        if not numbers or not self.rarely(2 if extends else 3):
            return []
        name = self.pick(numbers)
        more = "super().calc_total() + " if extends else ""
        chosen = "calc_total" if extends else self.pick(list(MEMBERS))
        setattr(node.shadow, chosen, None)
        return [line.format(name=name, more=more) for line in MEMBERS[chosen]]


def consistent(bases: list[Node]) -> list[Node] | None:
    """The bases, if Python can put them in one order."""
    try:
        type("Trial", tuple(n.shadow for n in bases), {})
    except TypeError:
        return None
    return bases


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """A whole ``cn/`` tree: paths and texts."""
    return Writer(draw).tree()
