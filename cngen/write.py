"""Text -> the store's file: replaced at once, only if it changed, or left as it was."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from difflib import unified_diff
from io import StringIO
from pathlib import Path

from cngen.errors import CngenError
from cngen.escaping import is_plain


def read_store(path: Path) -> str | None:
    """The text of the store with `\\n` line ends, None if there is none.

    Raises:
        CngenError: the file is there but can't be read.
    """
    data = _read(path)
    if data is None:
        return None
    return data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def written_store(path: Path) -> str | None:
    """The text of the store with its own line ends, None if there is none.

    Raises:
        CngenError: the file is there but can't be read, or isn't UTF-8.
    """
    data = _read(path)
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError as error:
        message = f"`{path.name}` isn't UTF-8, so no patch can mend it: run `cngen build`"
        raise CngenError(message) from error


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CngenError(f"can't read `{path.name}`: {error.strerror}") from error


def write_store(path: Path, text: str) -> bool:
    """Write the store if its text differs; whether it did.

    The text goes to a file beside it, which then takes its place: whatever interrupts this, the
    old store or the new one is there, whole.

    Raises:
        CngenError: the store can't be written; the old one is untouched.
    """
    if read_store(path) == text:
        return False
    _put(path, text.encode())
    return True


def write_sources(contents: Mapping[Path, bytes]) -> None:
    """Put other contents in the places of sources, each at once.

    Raises:
        CngenError: one is read-only, and none is written; or it can't be written, and is untouched.
    """
    for path in contents:
        if path.exists() and not os.access(path, os.W_OK):
            raise CngenError(f"can't write `{path.name}`: it is read-only")
    for path, data in contents.items():
        _put(path, data)


def _put(path: Path, data: bytes) -> None:
    path = Path(os.path.realpath(path))  # through a link, which stays one
    try:
        _replace(path, data)
    except OSError as error:
        raise CngenError(f"can't write `{path.name}`: {error.strerror}") from error


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        else:
            new.chmod(0o666 & ~_umask())
        new.replace(path)
    except BaseException:
        new.unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def difference(old: str | None, new: str, name: str) -> str:
    """A unified diff from a file as it is to what it should be; None if there is none yet."""
    before = "/dev/null" if old is None else quoted(f"a/{name}")
    lines = unified_diff(_lines(old or ""), _lines(new), before, quoted(f"b/{name}"))
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def quoted(name: str) -> str:
    """A name in a patch as git writes it: one that would not stay in its line is quoted, byte by byte."""
    if is_plain(name) and not {'"', "\\"} & set(name):
        return name
    data = name.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(b) if b in _PLAIN else f"\\{b:03o}" for b in data) + '"'


_PLAIN = frozenset(range(0x20, 0x7F)) - set(b'"\\')


def _lines(text: str) -> list[str]:
    """Where a patch sees lines: other than Python, at no form feed or the like."""
    return StringIO(text, newline="\n").readlines()
