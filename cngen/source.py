"""Settings -> the source files, as decoded text; the only reader of the user's tree."""

import io
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tokenize import detect_encoding

from cngen.diagnostic import Diagnostic, Edit, Span
from cngen.errors import CngenError
from cngen.settings import Settings


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path relative to the project, dotted module name, and bytes.

    `group` is the config group of its folder (empty in the root folder, with slashes below), or
    None for a file outside the roots, which is read only for the names that the tree imports from it.
    """

    path: str
    module: str
    group: str | None
    data: bytes


def read_worktree(settings: Settings) -> tuple[Source, ...]:
    """Every Python file below the roots except the generated store, sorted by path.

    Raises:
        CngenError: a file can't be read.
    """
    found: list[Source] = []
    for root in settings.roots:
        for path in _python_files(settings.project / root):
            relative = path.relative_to(settings.project).as_posix()
            if relative == settings.output:
                continue
            folder = path.parent.relative_to(settings.project / root).as_posix()
            group = "" if folder == "." else folder
            found.append(
                Source(relative, module_name(relative, settings), group, _read(path, relative))
            )
    return tuple(sorted(found, key=lambda source: source.path))


def read_module(settings: Settings, module: str) -> Source | None:
    """The project's own file for a dotted module name outside the roots, or None."""
    stem = module.replace(".", "/")
    for base in ("", "src/"):
        for relative in (f"{base}{stem}.py", f"{base}{stem}/__init__.py"):
            path = settings.project / relative
            if relative != settings.output and path.is_file():
                return Source(relative, module, None, _read(path, relative))
    return None


def module_name(path: str, settings: Settings) -> str:
    """The dotted name under which a project's file is imported.

    A leading `src` folder that is no package is where imports start, not part of the name.
    """
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[0] == "src" and not (settings.project / "src" / "__init__.py").exists():
        parts.pop(0)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def _python_files(root: Path) -> list[Path]:
    found: list[Path] = []
    for folder, names, files in os.walk(root, onerror=_refuse):
        names[:] = sorted(n for n in names if n != "__pycache__" and not n.startswith("."))
        found.extend(
            Path(folder, name)
            for name in files
            if name.endswith(".py") and not name.startswith(".")
        )
    return found


def _refuse(error: OSError) -> None:
    raise CngenError(f"can't read the folder `{Path(error.filename or '').name}`: {error.strerror}")


def _read(path: Path, relative: str) -> bytes:
    try:
        relative.encode()
        if not path.is_file() and path.exists():
            raise CngenError(f"can't read `{relative}`: it isn't a file")
        return path.read_bytes()
    except OSError as error:
        raise CngenError(f"can't read `{relative}`: {error.strerror}") from error
    except UnicodeEncodeError as error:
        raise CngenError(f"the file name {relative!a} isn't text") from error


def decode(source: Source) -> str | Diagnostic:
    """The text as Python reads it: coding cookie and BOM honoured, line ends as `\\n`."""
    try:
        encoding, _ = detect_encoding(io.BytesIO(source.data).readline)
        text = source.data.decode(encoding)
    except (SyntaxError, LookupError, ValueError):
        hint = "save it as UTF-8, or declare its coding in the first line"
        return Diagnostic(
            Span(source.path, 0, 0),
            "CN002",
            "the file isn't UTF-8 and declares no coding that fits",
            hint,
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def written(source: Source) -> str:
    """The text of a source that can be decoded, with its BOM and its line ends."""
    encoding, _ = detect_encoding(io.BytesIO(source.data).readline)
    mark = "\ufeff" if encoding == "utf-8-sig" else ""
    return mark + source.data.decode(encoding)


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """A file's bytes with stretches of its decoded text replaced; its coding and line ends stay.

    Edits don't overlap. New lines get the line end of the file's first line.
    """
    encoding, _ = detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    mark, text = text[: text.startswith("\ufeff")], text.removeprefix("\ufeff")
    ends = list(re.finditer("\r\n|\r|\n", text))
    line_end = ends[0][0] if ends else "\n"
    longer = [
        match.start() - number for number, match in enumerate(m for m in ends if m[0] == "\r\n")
    ]
    for edit in sorted(edits, reverse=True):
        start, end = (at + bisect_left(longer, at) for at in edit.span[1:])
        text = text[:start] + edit.text.replace("\n", line_end) + text[end:]
    return (mark + text).encode(encoding)


def line_starts(text: str) -> tuple[int, ...]:
    """The offset at which each line of a decoded text begins."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


def position(starts: tuple[int, ...], offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1; columns count characters."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
