"""`[tool.cngen]` in pyproject.toml -> one frozen Settings."""

import os
import sys
from collections.abc import Callable, Mapping
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
_NAMINGS = ("snake", "lower")
_NOT_SEARCHED = frozenset({"__pycache__", "node_modules", "site-packages", "build", "dist"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the sources lie and how they are read.

    `project` is the folder of pyproject.toml; `roots` and `output` are relative to it, with
    forward slashes. `base` holds the qualified names of the classes that count as `CN`. `command` is
    how the application is started, `max_jobs` how many jobs one experiment may make.

    `select` and `ignore` hold codes of rules, or their beginnings; `per_file_ignores` pairs patterns of
    files (as in .gitignore) with such codes. `baseline` is a file of findings that are passed over.

    `resolvers` are the names that the application registers for `${name:...}`.
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
    table = _read_table(project / "pyproject.toml")
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
    given = {key.replace("-", "_"): value for key, value in values.items()}
    return Settings(project=project, roots=roots, output=output, **given)


def _read_table(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CngenError(f"can't read {path.name}: {_one_line(error)}") from error
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
    """A path inside the project, in its shortest spelling."""
    if not isinstance(value, str) or not value:
        raise CngenError(f"setting `{key}` must be a path")
    path = PurePosixPath(os.path.normpath(value).replace(os.sep, "/"))
    if path.is_absolute() or ".." in path.parts:
        raise CngenError(f"setting `{key}` must lie inside the project: `{value}`")
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


def _command(key: str, value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise CngenError(f"setting `{key}` must be a command")


def _names(key: str, value: object) -> tuple[str, ...]:
    return () if value == [] else _strings(key, value)


def _patterns(key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise CngenError(f"setting `{key}` must be a table of patterns and codes")
    return tuple((pattern, _names(f"{key}.{pattern}", codes)) for pattern, codes in value.items())


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
    "select": _names,
    "ignore": _names,
    "per-file-ignores": _patterns,
    "baseline": _path,
    "resolvers": _names,
}


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
