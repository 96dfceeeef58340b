"""`[tool.cngen]` in pyproject.toml -> one frozen Settings."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cngen.diagnostics import CngenError, did_you_mean
from cngen.project.files import Files, LeadsOut, NotHere, UnreadableFolder, Worktree, join

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT_NAME = "pyproject.toml"
STORE_NAME = "_generated_store.py"
HYDRAS = ("1.3", "1.4")
MOST_FOLDERS = 100_000
"""How many folders are searched for the one named `cn`, before the project has to name its root."""

_NAMINGS = ("snake", "lower")
_FIRST = {"hydra-core": (1, 4), "omegaconf": (2, 4)}
_REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)")
_LOWEST = re.compile(r"(?:>=?|===?|~=)\s*(\d{1,9})(?:\.(\d{1,9}))?")
_NOT_SEARCHED = frozenset({"__pycache__", "node_modules", "site-packages", "build", "dist"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the sources lie and how they are read.

    `project` is the folder of pyproject.toml; `roots` and `output` are relative to it, with
    forward slashes. `base` holds the qualified names of the classes that count as `CN`. `command` is
    how the application is started, `max_jobs` how many jobs one experiment may make.

    `select` and `ignore` hold codes of rules, or their beginnings; `per_file_ignores` pairs patterns of
    files (as in .gitignore) with such codes. `baseline` is a file of findings that are passed over.

    `resolvers` are the names that the application registers for `${name:...}`. `hydra` is the version
    that the store is for. `has_src_package` means that the folder `src` is a package, so that its name is
    part of the names of modules. `given` are the keys that pyproject.toml sets.
    """

    project: Path
    roots: tuple[str, ...]
    output: str
    base: tuple[str, ...] = ("cngen.CN",)
    naming: str = "snake"
    command: str = "python train.py"
    max_jobs: int = 1000
    select: tuple[str, ...] = ("CN",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    baseline: str = ""
    resolvers: tuple[str, ...] = ()
    hydra: str = HYDRAS[0]
    has_src_package: bool = False
    given: frozenset[str] = field(default=frozenset(), compare=False)


class NoRoot(CngenError):
    """The project has no config tree: none of its roots is there."""


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a pyproject.toml, else `start`."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / PROJECT_NAME).is_file():
            return candidate
    return folder


def load_settings(project: Path, files: Files | None = None, *, strict: bool = True) -> Settings:
    """Read the settings of the project in folder `project`, from `files` if they aren't those on disk.

    Unless `strict`, keys that nobody knows are passed over: those of a tree of another time may be for
    another version.

    Raises:
        NoRoot: there is no config tree.
        CngenError: pyproject.toml can't be read, a key or value is wrong, or which root isn't clear.
    """
    files = files or Worktree(project)
    document = _read_document(files)
    table = _own_table(document)
    if strict:
        _refuse_unknown(table)
    values = {key: read(key, table[key]) for key, read in _READERS.items() if key in table}
    roots = values.pop("root", None) or (_only_root(files),)
    _refuse_missing(files, roots)
    output = values.pop("output", f"{roots[0]}/{STORE_NAME}".removeprefix("./"))
    values.setdefault("hydra", _pinned_hydra(document))
    return Settings(
        project=project,
        roots=roots,
        output=output,
        has_src_package=files.is_file("src/__init__.py"),
        given=frozenset(table),
        **{key.replace("-", "_"): value for key, value in values.items()},
    )


def _read_document(files: Files) -> Mapping[str, Any]:
    if not (files.is_file(PROJECT_NAME) or _is_listed(files)):
        return {}
    data = files.read(PROJECT_NAME)
    try:
        return tomllib.loads(data.decode().replace("\r\n", "\n").replace("\r", "\n"))
    except (ValueError, RecursionError) as error:  # numbers of too many digits are mere ValueErrors
        raise CngenError(f"can't read {PROJECT_NAME}: {_one_line(error)}") from error


def _is_listed(files: Files) -> bool:
    """Whether there is a pyproject.toml that is none, or a link that leads nowhere good."""
    try:
        return any(PROJECT_NAME in names for names in files.folder("."))
    except UnreadableFolder:
        return False


def _refuse_unknown(table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in _READERS:
            hint = did_you_mean(key, tuple(_READERS))
            raise CngenError(
                f"unknown setting `{key}` in [tool.cngen]" + (f": {hint}" if hint else "")
            )


def _refuse_missing(files: Files, roots: Sequence[str]) -> None:
    missing = [root for root in roots if not files.is_folder(root)]
    for root in missing:
        _refuse_link(files, root)
    if missing:
        message = f"the root folder `{missing[0]}` doesn't exist"
        raise NoRoot(message) if len(missing) == len(roots) else CngenError(message)


def _refuse_link(files: Files, root: str) -> None:
    try:
        files.folder(root)
    except LeadsOut as error:
        raise CngenError(f"the root folder {error}") from error
    except NotHere:
        return  # reported for all that are missing


def _own_table(document: Mapping[str, Any]) -> Mapping[str, Any]:
    table = document.get("tool", {})
    table = table.get("cngen", {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise CngenError("[tool.cngen] must be a table")
    return table


def _one_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _strings(key: str, value: object) -> tuple[str, ...]:
    """A string or a list of them, never empty."""
    items = [value] if isinstance(value, str) else value
    if isinstance(items, list) and items and all(isinstance(item, str) and item for item in items):
        return tuple(items)
    raise CngenError(f"setting `{key}` must be a string or a list of strings")


def _path(key: str, value: object) -> str:
    return path_inside(f"setting `{key}`", value)


def path_inside(name: str, value: object) -> str:
    """A path inside the project, in its shortest spelling; `name` is the flag or setting for messages.

    Raises:
        CngenError: it is no path, or leads elsewhere.
    """
    if not isinstance(value, str) or not value or "\0" in value:
        raise CngenError(f"{name} must be a path")
    path = PurePosixPath(os.path.normpath(value).replace(os.sep, "/"))
    if path.is_absolute() or ".." in path.parts:
        raise CngenError(f"{name} must be inside the project: `{value}`")
    return str(path)


def _roots(key: str, value: object) -> tuple[str, ...]:
    return tuple(_path(key, item) for item in _strings(key, value))


def _output(key: str, value: object) -> str:
    path = _path(key, value)
    if not path.endswith(".py"):
        raise CngenError(f"setting `{key}` must name a .py file: `{path}`")
    return path


def _naming(key: str, value: object) -> str:
    if value not in _NAMINGS:
        raise CngenError(f"setting `{key}` must be one of {', '.join(_NAMINGS)}")
    return str(value)


def _hydra(key: str, value: object) -> str:
    if value not in HYDRAS:
        versions = " or ".join(f'"{version}"' for version in HYDRAS)
        raise CngenError(f"setting `{key}` must be {versions}")
    return str(value)


def _command(key: str, value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise CngenError(f"setting `{key}` must be a command")


def _names(key: str, value: object) -> tuple[str, ...]:
    return () if value == [] else _strings(key, value)


def _codes(key: str, value: object) -> tuple[str, ...]:
    return tuple(code.upper() for code in _names(key, value))


def _patterns(key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise CngenError(f"setting `{key}` must be a table of patterns and codes")
    return tuple((pattern, _codes(f"{key}.{pattern}", codes)) for pattern, codes in value.items())


def _count(key: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise CngenError(f"setting `{key}` must be a number above zero")


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "root": _roots,
    "output": _output,
    "base": _strings,
    "naming": _naming,
    "command": _command,
    "max-jobs": _count,
    "select": _codes,
    "ignore": _codes,
    "per-file-ignores": _patterns,
    "baseline": _path,
    "resolvers": _names,
    "hydra": _hydra,
}


def _pinned_hydra(document: Mapping[str, Any]) -> str:
    """The version that the project asks for: 1.4 where no older one is allowed.

    What is always installed decides, else extras and dependency groups, if they agree.
    """
    always, *others = (_needs_new(requirements) for requirements in _requirements(document))
    pins = [always] if always is not None else [needs for needs in others if needs is not None]
    return HYDRAS[bool(pins) and all(pins)]


def _requirements(document: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The project's dependencies, then each of its extras and dependency groups."""
    project = document.get("project")
    project = project if isinstance(project, dict) else {}
    tables = (project.get("optional-dependencies"), document.get("dependency-groups"))
    extras = (extra for table in tables if isinstance(table, dict) for extra in table.values())
    for requirements in (project.get("dependencies"), *extras):
        yield requirements if isinstance(requirements, list) else []


def _needs_new(requirements: list[Any]) -> bool | None:
    """Whether these ask for Hydra 1.4 or OmegaConf 2.4 at least; None where they name neither.

    A package may be named several times, for different versions of Python.
    """
    found: dict[str, list[bool]] = {}
    for text in requirements:
        match = _REQUIREMENT.match(text) if isinstance(text, str) else None
        name = re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""
        if match and name in _FIRST:
            lowest = ((int(n), int(m or 0)) for n, m in _LOWEST.findall(match[2]))
            found.setdefault(name, []).append(any(v >= _FIRST[name] for v in lowest))
    return any(all(pins) for pins in found.values()) if found else None


def _only_root(files: Files) -> str:
    """The one folder named `cn` below the project, for a project without configuration."""
    found = sorted(_folders_named(files, "cn"))
    if len(found) == 1:
        return found[0]
    end = "below the project: set `root` in [tool.cngen]"
    if not found:
        raise NoRoot(f"no folder named `cn` {end}")
    raise CngenError(f"several folders named `cn` ({', '.join(found)}) {end}")


def _folders_named(files: Files, name: str) -> Iterator[str]:
    """Such folders and links to folders, the outermost alone, where somebody's own code may lie."""
    waiting, seen = [""], 0
    while waiting:
        path = waiting.pop()
        seen += 1
        if seen > MOST_FOLDERS:
            raise CngenError(
                f"more than {MOST_FOLDERS:,} folders in the project: set `root` in [tool.cngen]"
            )
        try:
            found = files.folder(path or ".")
        except UnreadableFolder:
            continue
        if "pyvenv.cfg" in found.files:
            continue
        if name in (*found.folders, *found.links):
            yield join(path, name)
        waiting += (
            join(path, n)
            for n in found.folders
            if n != name and n not in _NOT_SEARCHED and not n.startswith(".")
        )
