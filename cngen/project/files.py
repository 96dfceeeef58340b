"""A project's files, wherever they lie: on disk, with edits that nobody wrote yet, or in git.

Every path leads from the project's folder and has forward slashes; `.` is that folder.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from cngen.diagnostics import CngenError


class Folder(NamedTuple):
    """The names in a folder. `links` lead to folders elsewhere; any other link is one of `files`."""

    folders: tuple[str, ...]
    links: tuple[str, ...]
    files: tuple[str, ...]


class NotHere(CngenError):
    """What is read is part of a project, but this machine lacks it, or may not read it."""


class UnreadableFolder(NotHere):
    """A folder is there, and what is in it can't be read."""


class LeadsOut(UnreadableFolder):
    """A link leads out of the repository, where nothing is read or written."""


class Files(Protocol):
    """Where the sources and the settings of one project are read."""

    def is_file(self, path: str) -> bool:
        """Whether a file is there, or a link to one."""
        ...

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there, or a link to one."""
        ...

    def read(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            CngenError: it can't be read, or its name isn't text.
        """
        ...

    def folder(self, path: str) -> Folder:
        """What is in a folder, or in the one that a link leads to.

        Raises:
            Unreadable: it can't be read.
            NotHere: a clone lacks what it holds.
        """
        ...


@dataclass(frozen=True, slots=True)
class Worktree:
    """The files on disk, below the folder `project`."""

    project: Path

    def is_file(self, path: str) -> bool:
        place = self._inside(path)
        return place is not None and place.is_file()

    def is_folder(self, path: str) -> bool:
        place = self._inside(path)
        return place is not None and place.is_dir()

    def _inside(self, path: str) -> Path | None:
        try:
            return inside(self.project, path)
        except LeadsOut:
            return None

    def read(self, path: str) -> bytes:
        check_name(path)
        try:
            return read_regular(self.project, path)
        except OSError as error:
            raise CngenError(f"can't read `{path}`: {error.strerror}") from error

    def folder(self, path: str) -> Folder:
        try:
            with os.scandir(inside(self.project, path)) as entries:
                return self._sorted(entries)
        except OSError as error:
            raise UnreadableFolder(f"can't read the folder `{path}`: {error.strerror}") from error

    def _sorted(self, entries: Iterator[os.DirEntry[str]]) -> Folder:
        folders, links, files = [], [], []
        for entry in entries:
            if not _leads_to_folder(entry):
                files.append(entry.name)
            elif entry.is_symlink():
                links.append(entry.name)
            else:
                folders.append(entry.name)
        return Folder(tuple(sorted(folders)), tuple(sorted(links)), tuple(sorted(files)))


LARGEST = 1 << 26
"""Bytes of a file; no source, store or baseline has as many."""

_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")


def inside(project: Path, path: str) -> Path:
    """Where a path below a project leads after every link, as long as it stays in the repository.

    Without a repository around it, it has to stay in the project. What git keeps for itself is outside.

    Raises:
        LeadsOut: it leads elsewhere.
    """
    home = Path(os.path.realpath(project))
    real = Path(os.path.realpath(home / path))
    top, name = (home, "project") if real.is_relative_to(home) else _repository(home)
    if not real.is_relative_to(top):
        raise LeadsOut(f"`{path}` is a link out of the {name}")
    if any(part.lower() == ".git" for part in real.relative_to(top).parts):
        raise LeadsOut(f"`{path}` is inside the folder of git itself")
    return real


def _repository(home: Path) -> tuple[Path, str]:
    """The top of the working tree around a project, else the project itself; and what it is."""
    for folder in (home, *home.parents):
        if os.path.lexists(folder / ".git"):
            return folder, "repository"
    return home, "project"


def read_regular(project: Path, path: str) -> bytes:
    """What a regular file below a project holds, or one in the repository to which a link leads.

    Raises:
        CngenError: it is something else, lies elsewhere, or is larger than any file that is meant.
        OSError: it can't be read.
    """
    real = inside(project, path)
    found = real.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise no_file(path)
    if found.st_size > LARGEST:
        raise _too_large(path)
    # Should it have become another thing since: nothing is waited for, and no link followed.
    handle = os.open(real, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _FLAGS))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise no_file(path)
        pieces: list[bytes] = []
        while piece := file.read(1 << 20):
            pieces.append(piece)
            if len(pieces) > LARGEST >> 20:
                raise _too_large(path)
    return b"".join(pieces)


def _too_large(path: str) -> CngenError:
    return CngenError(f"can't read `{path}`: it is larger than {LARGEST >> 20} MB")


def _leads_to_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


@dataclass(frozen=True, slots=True)
class Edited:
    """Some files with other contents, by path."""

    files: Files
    contents: Mapping[str, bytes]

    def is_file(self, path: str) -> bool:
        return self.files.is_file(path)

    def is_folder(self, path: str) -> bool:
        return self.files.is_folder(path)

    def read(self, path: str) -> bytes:
        data = self.contents.get(path)
        return self.files.read(path) if data is None else data

    def folder(self, path: str) -> Folder:
        return self.files.folder(path)


MOST_PATHS = 50_000
"""How many files and folders may be below a root."""


def python_files(files: Files, root: str) -> Iterator[str]:
    """The paths below `root` of its Python files; hidden ones and those of caches aren't sources.

    Links to folders aren't followed, so that no circle of them is endless.

    Raises:
        CngenError: a folder can't be read, or there are too many: a git tree of a few objects may have
            billions of paths.
    """
    waiting, seen = [""], 0
    while waiting:
        inside = waiting.pop()
        found = files.folder(join(root, inside))
        seen += 1 + len(found.files)
        if seen > MOST_PATHS:
            raise CngenError(f"`{root}` contains more than {MOST_PATHS} files and folders")
        waiting += (
            join(inside, n) for n in found.folders if n != "__pycache__" and not n.startswith(".")
        )
        for name in found.files:
            if name.endswith(".py") and not name.startswith("."):
                yield join(inside, name)


def join(folder: str, name: str) -> str:
    """A path below a folder, which may be the project's own."""
    if folder in ("", "."):
        return name or "."
    return f"{folder}/{name}" if name else folder


def check_name(path: str) -> None:
    """Refuse a path that no message and no generated comment could name.

    Raises:
        CngenError: it holds bytes that aren't UTF-8.
    """
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise CngenError(f"the file name {path!a} isn't valid text") from error


def no_file(path: str, verb: str = "read") -> CngenError:
    """The error that a folder, or something odder, has the name of a file."""
    return CngenError(f"can't {verb} `{path}`: it isn't a file")
