"""The object store of git, read by one `git cat-file --batch`."""

import os
import re
import subprocess
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cngen.diagnostics import CngenError
from cngen.project.files import NotHere

MOST_LINKS = 40
"""How many links in one path a system follows before it calls them a circle."""

_FOUND = re.compile(rb"([0-9a-f]{40,}) (commit|tree|blob|tag) (\d+)\n")
QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    # Objects that a partial clone lacks aren't fetched: that would write into it. Older gits know only
    # the second, which leaves no way to a remote.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
OF_ONE_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
_FETCH = "if the clone is partial, run `git fetch --refetch --no-filter`"
UNSHALLOW = "run `git fetch --unshallow`, or set `fetch-depth: 0` for actions/checkout"


class Object(NamedTuple):
    id: str
    kind: str
    data: bytes


class Objects:
    """One `git cat-file --batch`, which is asked for one object after the other."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._known: dict[str, Object] = {}
        self._process = subprocess.Popen(
            _command("cat-file", "--batch"),
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _end, self._process)

    def find(self, name: str, shown: str) -> Object | None:
        """The object with this id or under any other of git's names for it, or None.

        It is None for one that a clone lacks, too, unless git ends over it. Messages call it `shown`.

        Raises:
            CngenError: git can't read it.
        """
        if name in self._known:
            return self._known[name]
        try:
            found = self._ask(os.fsencode(name))
        except OSError as error:
            raise missing(shown) from error
        if found is not None:
            self._known[found.id] = found
        return found

    def _ask(self, name: bytes) -> Object | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(name + b"\n")
        self._process.stdin.flush()
        header = self._process.stdout.readline()
        if not header:
            raise BrokenPipeError
        match = _FOUND.fullmatch(header)
        if match is None:
            return None
        data = self._process.stdout.read(int(match[3]) + 1)
        if len(data) <= int(match[3]):
            raise BrokenPipeError
        return Object(match[1].decode(), match[2].decode(), data[:-1])


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


class TreeEntry(NamedTuple):
    """What a tree has under one name; for a folder of the index, `id` is a path with a slash before it."""

    mode: str
    id: str
    objects: Objects


def tree_entries(folder: TreeEntry, data: bytes) -> Iterator[tuple[str, TreeEntry]]:
    """The entries of a tree object: `MODE NAME\\0ID` each, with the id as bytes."""
    at, size = 0, len(folder.id) // 2
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space) + 1
        name = data[space + 1 : end - 1].decode("utf-8", "surrogateescape")
        yield name, TreeEntry(data[at:space].decode(), data[end : end + size].hex(), folder.objects)
        at = end + size


def content(entry: TreeEntry, path: str) -> bytes:
    found = entry.objects.find(entry.id, path)
    if found is None:
        raise missing(path)
    return found.data


def missing(name: str) -> NotHere:
    return NotHere(f"git has no object for `{name}` in this clone: {_FETCH}")


def split_revision(revision: str) -> tuple[str, str | None]:
    """`REVISION:PATH` at its colon, which may be in braces and begin a search as well."""
    depth = 0
    for at, letter in enumerate(revision):
        depth += (letter == "{") - (letter == "}")
        if letter == ":" and not depth:
            return (revision[:at], revision[at + 1 :]) if at else (revision, None)
    return revision, None


def refusal(stderr: bytes, folder: Path) -> NotHere:
    reason = first_line(stderr)
    if reason.startswith("not a git repository"):
        return NotHere(f"`{folder}` is not in a git repository")
    return NotHere(f"git failed: {reason}")


def first_line(stderr: bytes) -> str:
    lines = os.fsdecode(stderr).splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "no reason given"


def _command(*arguments: str) -> list[str]:
    # A monitor of files would be a program that the repository names.
    return ["git", "--no-pager", "-c", "core.fsmonitor=false", *arguments]


def run_git(
    folder: Path, environment: Mapping[str, str], *arguments: str
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            _command(*arguments),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CngenError("git isn't installed, or isn't on the PATH") from error
    except OSError as error:
        raise CngenError(f"can't run git: {error.strerror}") from error
