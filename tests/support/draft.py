"""A clean tree -> the same with a mistake in it: random places, and what is written there.

`§` stands before the place at which the mistake has to be found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from random import Random
from typing import TypeVar

from cngen.compose.defaults import effective
from cngen.diagnostics import Diagnostic
from cngen.lint.check import check_tree
from cngen.lint.rules import all_rules
from cngen.model.tree import Node, Tree
from cngen.model.types import ScalarType, Type, node_dict_type, node_type
from cngen.model.values import Instance, Scalar, Table, Value
from cngen.project.settings import load_settings
from tests.support.project import write_project

MARK = "§"

VOCABULARY = ("CN", "MISSING", "default", "interval", "patch", "points", "ref", "sweep")
OTHERS = {
    "Any": "typing",
    "ClassVar": "typing",
    "Enum": "enum",
    "InitVar": "dataclasses",
    "Literal": "typing",
    "Path": "pathlib",
    "Sequence": "collections.abc",
    "dataclass": "dataclasses",
    "field": "dataclasses",
    "functools": "",
    "os": "",
    "random": "",
    "time": "",
}
"""What plants use beside cngen and the tree, each with its module."""

WORDS = ("amber", "bronze", "copper", "indigo", "jade", "ochre", "umber", "violet")

_STRING = re.compile(r"\"\"\".*?\"\"\"|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
_NAME = re.compile(r"(?<![\w.])[A-Za-z]\w*")

T = TypeVar("T")


@dataclass(frozen=True)
class Leaf:
    """A field of the primary config as it is composed, or of a node in it, by its path."""

    path: tuple[str, ...]
    type: Type
    value: Value | None
    node: str


@dataclass(frozen=True)
class Clean:
    """A tree without findings. `package` is how its sources name the root, `leaves` what `Run` holds."""

    root: str
    folder: Path
    files: dict[str, str]
    tree: Tree
    before: tuple[Diagnostic, ...]
    leaves: tuple[Leaf, ...]

    @property
    def package(self) -> str:
        return self.root.replace("/", ".")

    @property
    def run(self) -> Node:
        return self.tree.nodes[f"{self.package}.run.Run"]

    @property
    def nodes(self) -> list[Node]:
        """Nodes that only hold values: in a group, and no experiments."""
        return [n for n in self.tree.nodes.values() if n.group and not n.is_experiment]

    @property
    def options(self) -> list[Node]:
        return [n for n in self.nodes if n.option is not None]

    @property
    def experiments(self) -> list[Node]:
        return [n for n in self.tree.nodes.values() if n.is_experiment]

    @property
    def held(self) -> set[str]:
        """The nodes that `Run` holds by default, and their bases."""
        return {key for leaf in self.leaves for key in self.tree.nodes[leaf.node].lineage}


def clean(source: Path, root: str, folder: Path) -> Clean:
    """The tree at `source / root`, copied into a folder."""
    files = {
        path.relative_to(source).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((source / root).rglob("*.py"))
        if path.name != "_generated_store.py"
    }
    write_project(folder, files, f'root = "{root}"\n')
    every = tuple(rule.code for rule in all_rules())
    checked = check_tree(replace(load_settings(folder), select=every))
    assert checked.tree is not None
    run = checked.tree.nodes[f"{root.replace('/', '.')}.run.Run"]
    leaves = tuple(_leaves(checked.tree, Instance(run.key, (), run.span), ()))
    return Clean(root, folder, files, checked.tree, checked.diagnostics, leaves)


def _leaves(tree: Tree, whole: Instance, path: tuple[str, ...]) -> Iterator[Leaf]:
    node = tree.nodes[whole.node]
    for held in node.fields:
        given = whole.get(held.name)
        value = given if given is not None else effective(tree, held)
        yield Leaf((*path, held.name), held.type, value, node.key)
        if isinstance(value, Instance):
            yield from _leaves(tree, value, (*path, held.name))
        for key, item in value.items if isinstance(value, Table) else ():
            if isinstance(key, Scalar) and isinstance(item, Instance):
                yield from _leaves(tree, item, (*path, held.name, str(key.value)))


@dataclass
class Draft:
    """The texts of a clean tree while a mistake is planted in them."""

    clean: Clean
    random: Random
    files: dict[str, str] = field(default_factory=dict)
    word: str = ""

    def __post_init__(self) -> None:
        self.files = dict(self.clean.files)
        self.word = self.one(WORDS)

    @property
    def root(self) -> str:
        return self.clean.root

    @property
    def name(self) -> str:
        """The name of the class that is planted."""
        return self.word.capitalize()

    # What is chosen at random

    def one(self, items: "list[T] | tuple[T, ...]") -> T:
        return self.random.choice(items)

    def some(self, items: list[T], number: int) -> list[T]:
        return self.random.sample(items, number)

    def leaf(self, *types: str) -> Leaf:
        """A plain value that `Run` composes."""
        wanted = [ScalarType(t) for t in types or ("int", "float")]
        return self.one([leaf for leaf in self.clean.leaves if leaf.type in wanted])

    def options(self, node: Node) -> list[Node]:
        """What a field of a node's type may hold."""
        options = self.clean.tree.options(node.group).values()
        return [n for n in options if self.clean.tree.is_a(n.key, node.key)]

    def annotated(self, is_dict: bool = True) -> list[Node]:
        """The nodes that are types of fields, or of what their dicts hold."""
        tree, found = self.clean.tree, set()
        for node in tree.nodes.values():
            for held in node.fields:
                written = node_type(held.type) or (node_dict_type(held.type) if is_dict else None)
                found |= {written.node} if written is not None else set()
        return [node for key, node in tree.nodes.items() if key in found]

    # What is written

    def write(self, path: str, text: str) -> str:
        """A new file, with what it needs to import."""
        assert path not in self.files
        self.files[path] = text
        self.need(path, text)
        return path

    def append(self, path: str, text: str) -> str:
        """A class at the end of a file."""
        if path not in self.files:
            return self.write(path, text)
        self.files[path] = f"{self.files[path].rstrip()}\n\n\n{text}"
        self.need(path, text)
        return path

    def beside(self, node: Node) -> str:
        """A file in the group of a node: one of the tree, or a new one."""
        folder = str(PurePosixPath(node.span.file).parent)
        here = [p for p in self.clean.files if str(PurePosixPath(p).parent) == folder]
        return self.one(
            [*(p for p in here if not p.endswith("__init__.py")), f"{folder}/{self.word}.py"]
        )

    def any_file(self) -> str:
        return self.one([node.span.file for node in self.clean.tree.nodes.values()])

    def option(self, base: Node, head: str, body: str = "pass", path: str = "") -> None:
        """A class that inherits from a node, in its group. `head` is `Name(keywords)` without the base."""
        name, _, keywords = head.partition("(")
        keywords = f", {keywords[:-1]}" if keywords else ""
        text = f"class {name}({base.name}{keywords}):\n    {body}\n"
        self.append(path or self.beside(base), text)

    def body(self, node: Node, text: str, last: bool = False) -> None:
        """Lines at a random place of a class's body."""
        path = node.span.file
        lines = self.files[path].split("\n")
        start = (
            next(i for i, line in enumerate(lines) if re.match(rf"class {node.name}\W", line)) + 1
        )
        end = next((i for i in range(start, len(lines)) if re.match(r"\S", lines[i])), len(lines))
        while not lines[end - 1].strip():
            end -= 1
        places = [i for i in range(start, end) if re.match(r"    [a-z]\w*( =|:|\W)", lines[i])]
        at = end if last else self.one([*places, end])
        lines[at:at] = [f"    {line}" if line else "" for line in text.split("\n")]
        self.files[path] = "\n".join(lines)
        self.need(path, text)

    def primary(self, body: str) -> None:
        """Another primary config."""
        text = f"class {self.name}(CN):\n    seed: int = 1\n    {body}\n"
        self.append(self.one([f"{self.root}/run.py", f"{self.root}/{self.word}.py"]), text)

    def experiment(
        self, *lines: str, keywords: str = "", before: str = "", base: str = "Run", mark: str = ""
    ) -> str:
        """An experiment over `Run`, in a file of the tree or in a new one; `before` is code above it."""
        body = "\n    ".join(lines)
        text = f"{before}class {mark}{self.name}({base}{keywords}):\n    {body}\n"
        files = sorted({node.span.file for node in self.clean.experiments})
        new = [f"{self.root}/{group}/{self.word}.py" for group in ("exp", "trials", "exp/long")]
        return self.append(self.one([*files, *new]), text)

    def change(self, line: str, edit: Callable[[str], str], path: str = "") -> None:
        """A random line of the tree that a pattern matches, written otherwise."""
        pattern = re.compile(line)
        found = [
            (name, number)
            for name in ([path] if path else sorted(self.files))
            for number, text in enumerate(self.files[name].split("\n"))
            if pattern.search(text)
        ]
        name, number = self.one(found)
        lines = self.files[name].split("\n")
        lines[number] = edit(lines[number])
        self.files[name] = "\n".join(lines)
        self.need(name, lines[number])

    def need(self, path: str, text: str) -> None:
        """Import what a text names, if its file doesn't have it yet."""
        classes = {
            key.rpartition(".")[2]: key for key in (*self.clean.tree.nodes, *self.clean.tree.enums)
        }
        code = re.sub(r"#.*", "", _STRING.sub("", text.replace(MARK, "")))
        for name in dict.fromkeys(_NAME.findall(code)):
            module = "cngen" if name in VOCABULARY else OTHERS.get(name)
            if name in classes:
                module = classes[name].rpartition(".")[0]
            if module is not None and not self._has(path, name):
                line = f"from {module} import {name}" if module else f"import {name}"
                self._import(path, line)

    def take(self, path: str, source: str, name: str) -> None:
        """Import in one file what is planted in another."""
        module = source.removesuffix(".py").replace("/", ".")
        self._import(path, f"from {module} import {name}")

    def _has(self, path: str, name: str) -> bool:
        known = rf"^(?:(?:from|import) .*\b{name}\b|class {MARK}?{name}\W)"
        return re.search(known, self.files[path], re.MULTILINE) is not None

    def _import(self, path: str, line: str) -> None:
        lines = self.files[path].split("\n")
        found = [i for i, text in enumerate(lines) if re.match(r"(from|import) ", text)]
        if found:
            lines.insert(self.one([found[0], found[-1] + 1]), line)
        else:
            first = next(
                (
                    i
                    for i, text in enumerate(lines)
                    if re.match(r"(class|@|if|def|\W?[A-Z_]+ =)", text)
                ),
                0,
            )
            lines[first:first] = [line, "", ""]
        self.files[path] = "\n".join(lines)

    def patched(self, path: tuple[str, ...], value: str) -> str:
        """What an experiment writes to have a value at a path."""
        for name in reversed(path[1:]):
            value = f"patch({name}={value})"
        return f"{path[0]} = {value}"
