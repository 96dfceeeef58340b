"""`[tool.cngen]` in pyproject.toml -> one frozen Settings."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cngen.diagnostic import did_you_mean
from cngen.errors import CngenError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

STORE_NAME = "_generated_store.py"
HYDRAS = ("1.3", "1.4")
_NAMINGS = ("snake", "lower")
_FIRST = {"hydra-core": (1, 4), "omegaconf": (2, 4)}
_REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)")
_LOWEST = re.compile(r"(?:>=?|===?|~=)\s*(\d+)(?:\.(\d+))?")
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
    that the store is for.
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


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a pyproject.toml, else `start`."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "pyproject.toml").is_file():
            return candidate
    return folder


def load_settings(project: Path) -> Settings:
    """Read the settings of the project in folder `project`.

    Raises:
        CngenError: pyproject.toml can't be read, a key or value is wrong, or no root is found.
    """
    document = _read_document(project / "pyproject.toml")
    table = _own_table(document)
    for key in table:
        if key not in _READERS:
            hint = did_you_mean(key, tuple(_READERS))
            raise CngenError(
                f"unknown setting `{key}` in [tool.cngen]" + (f": {hint}" if hint else "")
            )
    values = {key: read(key, table[key]) for key, read in _READERS.items() if key in table}
    roots = values.pop("root", None) or (_only_root(project),)
    for root in roots:
        if not (project / root).is_dir():
            raise CngenError(f"the root folder `{root}` doesn't exist")
    output = values.pop("output", f"{roots[0]}/{STORE_NAME}".removeprefix("./"))
    values.setdefault("hydra", _pinned_hydra(document))
    given = {key.replace("-", "_"): value for key, value in values.items()}
    return Settings(project=project, roots=roots, output=output, **given)


def _read_document(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CngenError(f"can't read {path.name}: {_one_line(error)}") from error


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
    """A path inside the project, in its shortest spelling; `name` says what was given.

    Raises:
        CngenError: it is no path, or leads elsewhere.
    """
    if not isinstance(value, str) or not value:
        raise CngenError(f"{name} must be a path")
    path = PurePosixPath(os.path.normpath(value).replace(os.sep, "/"))
    if path.is_absolute() or ".." in path.parts:
        raise CngenError(f"{name} must lie inside the project: `{value}`")
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
    said = [always] if always is not None else [needs for needs in others if needs is not None]
    return HYDRAS[bool(said) and all(said)]


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
    return any(all(said) for said in found.values()) if found else None


def _only_root(project: Path) -> str:
    """The one folder named `cn` below the project, for a project without configuration."""
    found: list[str] = []
    for folder, names, files in os.walk(project):
        if "pyvenv.cfg" in files:
            names.clear()
        names[:] = sorted(n for n in names if n not in _NOT_SEARCHED and not n.startswith("."))
        if "cn" in names:
            found.append(Path(folder, "cn").relative_to(project).as_posix())
            names.remove("cn")
    if len(found) == 1:
        return found[0]
    what = (
        f"several folders named `cn` ({', '.join(sorted(found))})"
        if found
        else "no folder named `cn`"
    )
    raise CngenError(f"{what} below the project: set `root` in [tool.cngen]")
