"""Settings -> the source files, as decoded text."""

import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import PurePosixPath
from tokenize import detect_encoding
from unicodedata import normalize

from cngen import codes
from cngen.diagnostics import Diagnostic, Edit, Span
from cngen.project.files import Files, join, python_files
from cngen.project.settings import Settings


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


def read_sources(settings: Settings, files: Files) -> tuple[Source, ...]:
    """Every Python file below the roots except the generated store, sorted by path.

    Raises:
        CngenError: a file can't be read.
    """
    found: list[Source] = []
    for root in settings.roots:
        for inside in python_files(files, root):
            path = join(root, inside)
            if path != settings.output:
                group = inside.rpartition("/")[0]
                found.append(Source(path, module_name(path, settings), group, files.read(path)))
    return tuple(sorted(found, key=lambda source: source.path))


def read_module(settings: Settings, files: Files, module: str) -> Source | None:
    """The project's own file for a dotted module name outside the roots, or None."""
    stem = module.replace(".", "/")
    for base in ("", "src/"):
        for path in (f"{base}{stem}.py", f"{base}{stem}/__init__.py"):
            if path != settings.output and files.is_file(path):
                return Source(path, module, None, files.read(path))
    return None


def module_name(path: str, settings: Settings) -> str:
    """The dotted name under which a project's file is imported.

    A leading `src` folder that is no package is where imports start, not part of the name. A dot in the
    name of a file or folder is a colon there: it divides nothing, and no import finds the file.
    """
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[0] == "src" and not settings.has_src_package:
        parts.pop(0)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(part.replace(".", ":") for part in parts)


def not_a_name(module: str) -> str | None:
    """The part of a module's name for which no import statement has a word, None if all are names.

    Python looks for the normal form of a name, whatever the file is called.
    """
    parts = module.split(".")
    return next((p for p in parts if iskeyword(p) or not _is_name(p)), None)


def unimportable(span: Span, name: str, module: str) -> Diagnostic:
    """The finding that the store would import a name from a module that no import statement can name."""
    message = f"the store would import `{name}` from `{module}`, which isn't a valid module name"
    hint = "rename the file or folder to a valid Python identifier"
    return codes.UNIMPORTABLE_MODULE.found(span, message, hint)


def _is_name(part: str) -> bool:
    return part.isidentifier() and normalize("NFKC", part) == part


def decode(source: Source) -> str | Diagnostic:
    """The text as Python reads it: coding cookie and BOM honoured, line ends as `\\n`."""
    try:
        encoding, _ = detect_encoding(io.BytesIO(source.data).readline)
        text = source.data.decode(encoding)
    except (SyntaxError, LookupError, ValueError):
        hint = "save it as UTF-8, or declare its encoding in the first line"
        return codes.UNDECODABLE_FILE.found(
            Span(source.path, 0, 0),
            "the file isn't UTF-8 and declares no other encoding",
            hint,
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def coding_of(data: bytes) -> str:
    """The coding of a file that can be decoded, as its first lines declare it."""
    return detect_encoding(io.BytesIO(data).readline)[0]


def raw_text(source: Source) -> str:
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
