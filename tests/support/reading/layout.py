"""Drawn definitions as files: where each stands, and how the files import one another.

Text refers to a name as ``@7@`` (a definition of the tree) or ``@Any@`` (of a library), since how it is
spelled depends on how its file imports it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Folder = tuple[str, ...]  # from the package root: ("cn", "model")
Module = tuple[str, ...]  # ("cn", "model", "base")
Pick = Callable[[list[str]], str]

TOKEN = re.compile(r"@(\w+)@")
LIBRARY = {
    "CN": "cngen",
    "MISSING": "cngen",
    "default": "cngen",
    "patch": "cngen",
    "points": "cngen",
    "ref": "cngen",
    "sweep": "cngen",
    "field": "dataclasses",
    "Enum": "enum",
    "Path": "pathlib",
    "Any": "typing",
    "ClassVar": "typing",
    "Dict": "typing",
    "List": "typing",
    "Optional": "typing",
    "Union": "typing",
}


@dataclass
class Source:
    """A file under construction."""

    folder: Folder
    stem: str
    body: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # what it defines, by token
    through: dict[str, Folder] = field(default_factory=dict)  # packages that tokens come through
    reexports: list[str] = field(default_factory=list)
    future: bool = False

    @property
    def module(self) -> Module:
        return self.folder if self.stem == "__init__" else (*self.folder, self.stem)

    @property
    def path(self) -> str:
        return "/".join((*self.folder, f"{self.stem}.py"))

    @property
    def foreign(self) -> list[str]:
        """The tree's names that this file uses and does not define, each once, in order."""
        tokens = dict.fromkeys(TOKEN.findall("\n".join(self.body)))
        return [t for t in tokens if t not in self.names and t not in LIBRARY]


def home(files: Iterable[Source], token: str) -> Source:
    return next(f for f in files if token in f.names)


def dependencies(files: list[Source], source: Source) -> list[Module]:
    """The modules that a file imports, in order."""
    direct = [source.through.get(t) or home(files, t).module for t in source.foreign]
    return [*(home(files, t).module for t in source.reexports), *direct]


def importable(files: list[Source]) -> bool:
    """Whether Python could import every file first, with no module met half loaded."""
    graph = {f.module: dependencies(files, f) for f in files}
    return all(loads(module, graph, set(), set()) for module in graph)


def loads(
    module: Module, graph: Mapping[Module, list[Module]], loading: set[Module], loaded: set[Module]
) -> bool:
    """Follow Python's import of one module: packages first, then its body from the top."""
    for length in range(1, len(module)):
        package = module[:length]
        known = package not in graph or package in loading | loaded
        if not known and not loads(package, graph, loading, loaded):
            return False
    if module in loading:
        return False
    if module in loaded:
        return True
    loading.add(module)
    if not all(loads(needed, graph, loading, loaded) for needed in graph[module]):
        return False
    loading.remove(module)
    loaded.add(module)
    return True


def placed(
    files: list[Source], candidates: Iterable[Source], token: str, name: str, text: str
) -> None:
    """Append a definition to the first candidate that leaves the tree importable."""
    for source in candidates:
        source.body.append(text)
        source.names[token] = name
        trial = files if source in files else [*files, source]
        if importable(trial):
            files[:] = trial
            return
        source.body.pop()
        del source.names[token]
    raise AssertionError("a new file that nothing imports can always be imported")


def reexport(files: list[Source], folder: Folder, tokens: list[str]) -> bool:
    """Let ``folder/__init__.py`` import names from its files, if no import then runs in a circle."""
    existing = next((f for f in files if f.module == folder), None)
    package = existing or Source(folder, "__init__")
    trial = files if existing else [*files, package]
    package.reexports = [t for t in tokens if t not in package.names]
    if importable(trial):
        files[:] = trial
        return True
    package.reexports = []
    return False


def import_through(files: list[Source], source: Source, token: str) -> None:
    """Let a file take a name from the package that re-exports it, if that can be imported."""
    packages = [f for f in files if token in f.reexports]
    if not packages:
        return
    source.through[token] = packages[0].module
    if not importable(files):
        del source.through[token]


# Text


def rendered(files: list[Source], source: Source, pick: Pick) -> str:
    """The whole file, each name imported in a way that ``pick`` chooses."""
    spelled = source.names | {t: home(files, t).names[t] for t in source.reexports}
    taken = set(spelled.values())
    lines = [reexported(home(files, token), source, token) for token in source.reexports]
    for token in dict.fromkeys(TOKEN.findall("\n".join(source.body))):
        if token not in spelled:
            line, spelled[token] = imported(files, source, token, taken, pick)
            lines.append(line)
            taken.add(spelled[token].split(".")[0])
    future = ["from __future__ import annotations"] if source.future else []
    text = TOKEN.sub(lambda m: spelled[m.group(1)], "\n\n\n".join(source.body))
    return "\n".join([*future, *dict.fromkeys(lines), "", "", text, ""])


def reexported(origin: Source, package: Source, token: str) -> str:
    return f"from {relative(package.folder, origin.module)} import {origin.names[token]}"


def imported(
    files: list[Source], source: Source, token: str, taken: set[str], pick: Pick
) -> tuple[str, str]:
    """An import statement for a name, and how the name is spelled after it."""
    if token in LIBRARY:
        return library_import(token, taken, pick)
    origin = home(files, token)
    name, module = origin.names[token], source.through.get(token) or origin.module
    alias, dotted = unused(f"{name}X", taken), ".".join(module)
    module_alias = unused(f"{module[-1]}_mod", taken)
    ways = {
        "from": (f"from {dotted} import {name}", name),
        "from as": (f"from {dotted} import {name} as {alias}", alias),
        "relative": (f"from {relative(source.folder, module)} import {name}", name),
        "import as": (f"import {dotted} as {module_alias}", f"{module_alias}.{name}"),
        "import": (f"import {dotted}", f"{dotted}.{name}"),
    }
    if len(module) > 1:
        parent = relative(source.folder, module[:-1])
        statement = f"from {parent} import {module[-1]} as {module_alias}"
        ways["module"] = (statement, f"{module_alias}.{name}")
    if any(f.stem == "__init__" and f.module == module[: len(f.module)] for f in files):
        del ways["import"]  # a package that is still being imported has no attributes to go through
    if name in taken:
        del ways["from"], ways["relative"]
    return ways[pick(list(ways))]


def library_import(token: str, taken: set[str], pick: Pick) -> tuple[str, str]:
    module = LIBRARY[token]
    alias, module_alias = unused(f"{token}_", taken), unused(f"{module}_lib", taken)
    ways = {
        "from": (f"from {module} import {token}", token),
        "from as": (f"from {module} import {token} as {alias}", alias),
        "import as": (f"import {module} as {module_alias}", f"{module_alias}.{token}"),
        "import": (f"import {module}", f"{module}.{token}"),
    }
    if token in taken:
        del ways["from"]
    return ways[pick(list(ways))]


def relative(package: Folder, module: Module) -> str:
    """``module`` as ``..group.file``, seen from a file in ``package``."""
    common = 0
    while common < min(len(package), len(module)) and package[common] == module[common]:
        common += 1
    return "." * (len(package) - common + 1) + ".".join(module[common:])


def unused(name: str, taken: set[str]) -> str:
    return name if name not in taken else unused(f"{name}x", taken)
