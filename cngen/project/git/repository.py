"""A git repository -> the files of a project in its trees and its index, which are only read.

Objects are asked for one by one, and only those on the way to a file that is wanted: what it costs
depends on the project, not on its history or on what else is in the repository.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from posixpath import normpath
from typing import NamedTuple

from cngen.diagnostics import CngenError, did_you_mean
from cngen.project.files import Folder, NotHere, UnreadableFolder, check_name, join, no_file
from cngen.project.git.objects import (
    MOST_LINKS,
    OF_ONE_REPOSITORY,
    QUIET,
    UNSHALLOW,
    Object,
    Objects,
    TreeEntry,
    content,
    first_line,
    missing,
    refusal,
    run_git,
    split_revision,
    tree_entries,
)

_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"


@dataclass(frozen=True, eq=False)
class Repository:
    """The repository that the folder of a project belongs to.

    `top` is the folder of its working tree, None for a bare repository; `prefix` leads from there to
    the project, `.` where it is the same folder.
    """

    top: Path | None
    prefix: str
    is_shallow: bool
    _start: Path = field(repr=False)
    _environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, folder: Path) -> "Repository":
        """The repository of a folder, or the one that `GIT_DIR` names.

        Raises:
            CngenError: git isn't installed, there is no repository, or git refuses to read it.
        """
        environment = {**os.environ, **QUIET}
        # A `GIT_DIR` is relative to the current folder, as in a hook.
        return cls._opened(folder, Path() if "GIT_DIR" in environment else folder, environment)

    @classmethod
    def _opened(cls, folder: Path, start: Path, environment: Mapping[str, str]) -> "Repository":
        asked = ("--is-shallow-repository", "--show-toplevel")
        ran = run_git(start, environment, "rev-parse", *asked)
        shallow, _, top = os.fsdecode(ran.stdout).partition("\n")
        if ran.returncode and not shallow:
            raise refusal(ran.stderr, folder)
        here = folder.resolve()
        if not top:
            return cls(None, ".", shallow == "true", start, environment)
        above = Path(top.removesuffix("\n")).resolve()
        if not here.is_relative_to(above):
            raise CngenError(f"`{folder}` is outside the working tree of its git repository")
        prefix = here.relative_to(above).as_posix()
        return cls(above, prefix, shallow == "true", start, environment)

    def superproject(self) -> Path | None:
        """The top of the working tree in which this one is a submodule, None where it is none."""
        ran = run_git(
            self._start, self._environment, "rev-parse", "--show-superproject-working-tree"
        )
        top = os.fsdecode(ran.stdout).removesuffix("\n")
        return Path(top).resolve() if top else None

    def tree(self, revision: str, is_it: "Callable[[GitTree], bool] | None" = None) -> "GitTree":
        """The project in a commit, a tag, or any other tree.

        It lies where it lies on disk, or in the nearest folder above with a pyproject.toml, unless
        `is_it` decides whether this is another project; with `REVISION:FOLDER` it is that folder.

        Raises:
            CngenError: there is no such revision or folder.
        """
        name, path = split_revision(revision)
        tree = GitTree(self, self._tree(name), ".")
        if path is None:
            return tree.around(self.prefix, is_it)
        base = self.prefix if path.split("/")[0] in (".", "..") else "."
        tree = tree.at(normpath(join(base, path)))
        if not tree.is_folder("."):
            raise CngenError(f"`{name}` has no folder `{path}`")
        return tree

    def index(self, is_it: "Callable[[GitTree], bool] | None" = None) -> "GitTree":
        """The project as it is added for the next commit; it lies where `tree` looks for it.

        Raises:
            CngenError: a path isn't merged, or a bare repository has no index.
        """
        if self.top is None:
            raise CngenError("a bare repository has no index: pass two revisions")
        made: dict[str, dict[str, TreeEntry]] = {"/": {}}
        for mode, hash_, path in self._staged():
            _put(made, path, TreeEntry(mode, hash_, self._objects))
        return GitTree(self, TreeEntry(_FOLDER, "/", self._objects), ".", made).around(
            self.prefix, is_it
        )

    def merge_base(self, one: str, other: str) -> str:
        """The id of the commit at which two revisions parted.

        Raises:
            CngenError: one is no commit, or they have none in common.
        """
        commits = [self._peeled(name, "commit").id for name in (one, other)]
        ran = run_git(self._start, self._environment, "merge-base", *commits)
        if ran.returncode > 1:
            raise CngenError(f"git can't compare commits: {first_line(ran.stderr)}")
        if ran.returncode:
            end = f" in this shallow clone: {UNSHALLOW}" if self.is_shallow else ""
            names = f"`{one}` and `{other}`"
            raise CngenError(f"{names} have no commit in common{end}")
        return ran.stdout.decode().split()[0]

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self._start, self._environment)

    @cached_property
    def _submodules(self) -> "dict[str, Repository]":
        return {}

    def submodule(self, path: str) -> "Repository":
        """The repository of a submodule that is checked out at a path below `top`.

        Raises:
            Unreadable: it isn't checked out.
            CngenError: git refuses to read it.
        """
        if path not in self._submodules:
            if self.top is None:
                raise UnreadableFolder(
                    f"the submodule `{path}` can't be read from a bare repository"
                )
            folder = self.top / path
            if not (folder / ".git").exists():
                what = f"the submodule `{path}` isn't checked out"
                raise UnreadableFolder(f"{what}: run `git submodule update --init`")
            own = {k: v for k, v in self._environment.items() if k not in OF_ONE_REPOSITORY}
            self._submodules[path] = Repository._opened(folder, folder, own)
        return self._submodules[path]

    def of_commit(self, id_: str) -> TreeEntry | None:
        """The tree of a commit, None where it isn't here."""
        found = self._objects.find(f"{id_}^{{tree}}", id_)
        return TreeEntry(_FOLDER, found.id, self._objects) if found is not None else None

    def _tree(self, revision: str) -> TreeEntry:
        return TreeEntry(_FOLDER, self._peeled(revision, "tree").id, self._objects)

    def _peeled(self, revision: str, kind: str) -> Object:
        """What a revision names, or what a tag or a commit leads to."""
        is_one_line = revision and not {"\n", "\0"} & set(revision)
        found = self._objects.find(revision, revision) if is_one_line else None
        if found is None:
            raise self._unknown(revision)
        inner = self._objects.find(f"{found.id}^{{{kind}}}", revision)
        if inner is None and found.kind == "commit":
            raise missing(revision)
        if inner is None:
            raise CngenError(f"`{revision}` is a {found.kind}, not a commit")
        return inner

    def _unknown(self, revision: str) -> CngenError:
        what = f"unknown revision `{revision}`"
        name = re.split(r"[~^@]", revision)[0]
        known = self._names()
        if not known:
            return CngenError(f"{what}: nothing is committed yet")
        if name not in ("", "HEAD", *known):
            remote = next((k for k in known if k.endswith(f"/{name}")), None)
            hint = f"did you mean `{remote}`?" if remote else did_you_mean(name, known)
            if hint:
                return CngenError(f"{what}: {hint}")
        return CngenError(f"{what} in this shallow clone: {UNSHALLOW}" if self.is_shallow else what)

    def _names(self) -> tuple[str, ...]:
        """The branches and tags."""
        ran = run_git(
            self._start, self._environment, "for-each-ref", "--format=%(refname:lstrip=2)"
        )
        return tuple(sorted(os.fsdecode(ran.stdout).split("\n")[:-1]))

    def _staged(self) -> Iterator[tuple[str, str, str]]:
        """The mode, id and path of every entry of the index but those of `git add --intent-to-add`."""
        run = (self._start, self._environment)
        empty = run_git(*run, "hash-object", "-t", "tree", "--stdin").stdout.decode().strip()
        what = ("--cached", "--ita-invisible-in-index", "--ignore-submodules=none")
        how = ("--raw", "-z", "--no-abbrev", "--no-renames")
        ran = run_git(*run, "diff-index", *what, *how, empty)
        if ran.returncode:
            raise CngenError(f"git can't read its index: {first_line(ran.stderr)}")
        fields = ran.stdout.decode("utf-8", "surrogateescape").split("\0")
        for entry, path in zip(fields[:-1:2], fields[1::2], strict=True):
            _, mode, _, hash_, status = entry.split(" ")
            if status.startswith("U"):
                end = "resolve it, and `git add` it"
                raise CngenError(f"`{path}` has a merge conflict: {end}")
            yield mode, hash_, path


def _put(made: dict[str, dict[str, TreeEntry]], path: str, entry: TreeEntry) -> None:
    """Put an entry of the index into the folders that its path goes through."""
    inside, _, name = f"/{path}".rpartition("/")
    inside = inside or "/"
    if inside not in made:
        made[inside] = {}
        _put(made, inside[1:], TreeEntry(_FOLDER, inside, entry.objects))
    made[inside][name] = entry


class _Found(NamedTuple):
    """What is at the end of a path, and the path without links that leads there."""

    entry: TreeEntry
    path: str


class GitTree:
    """The files of a project in one tree of a repository, as `cngen.files.Files`.

    `project` is the folder that the project has on disk, or would have. Links are followed as on disk,
    but only inside the repository: outside there is nothing.
    """

    def __init__(
        self,
        repository: Repository,
        root: TreeEntry,
        prefix: str,
        made: Mapping[str, Mapping[str, TreeEntry]] | None = None,
    ) -> None:
        self.project = (repository.top or Path()) / prefix
        self._repository = repository
        self._root = root
        self._prefix = prefix
        self._made = made or {}
        self._inside: dict[TreeEntry, Mapping[str, TreeEntry]] = {}

    def at(self, prefix: str) -> "GitTree":
        """The project in another folder of the same tree."""
        return GitTree(self._repository, self._root, prefix, self._made)

    def around(self, prefix: str, is_it: "Callable[[GitTree], bool] | None" = None) -> "GitTree":
        """The project in a folder of the tree or in the nearest above, if `is_it`, else that folder."""
        here, folder = self.at(prefix), prefix
        while not self.is_file(join(folder, "pyproject.toml")):
            if folder == ".":
                return here
            folder = folder.rpartition("/")[0] or "."
        above = self.at(folder)
        return above if folder == prefix or is_it is None or is_it(above) else here

    def is_file(self, path: str) -> bool:
        found = self._find(path)
        return found is not None and found.entry.mode not in (_FOLDER, _SUBMODULE)

    def is_folder(self, path: str) -> bool:
        found = self._find(path)
        return found is not None and found.entry.mode in (_FOLDER, _SUBMODULE)

    def read(self, path: str) -> bytes:
        check_name(path)
        found = self._find(path)
        if found is None:
            raise CngenError(f"can't read `{path}`: broken link")
        if found.entry.mode in (_FOLDER, _SUBMODULE):
            raise no_file(path)
        return content(found.entry, path)

    def folder(self, path: str) -> Folder:
        found = self._find(path)
        if found is None or found.entry.mode not in (_FOLDER, _SUBMODULE):
            raise UnreadableFolder(f"can't read the folder `{path}`: it doesn't exist")
        kinds: tuple[list[str], list[str], list[str]] = ([], [], [])
        for name, entry in sorted(self._children(found).items()):
            if entry.mode in (_FOLDER, _SUBMODULE):
                kinds[0].append(name)
            elif entry.mode == _LINK and self._leads_to_folder(join(path, name)):
                kinds[1].append(name)
            else:
                kinds[2].append(name)
        return Folder(*map(tuple, kinds))

    def _leads_to_folder(self, link: str) -> bool:
        try:
            return self.is_folder(link)
        except UnreadableFolder:  # somewhere in a submodule that isn't here
            return False

    def _find(self, path: str) -> _Found | None:
        """What is at a path after every link; None where there is nothing."""
        waiting = [*reversed(join(self._prefix, path).split("/"))]
        way = [_Found(self._root, "")]
        links = 0
        while waiting:
            name = waiting.pop()
            if name in ("", "."):
                continue
            if name == "..":
                way.pop()
                if not way:
                    return None
                continue
            entry = self._children(way[-1]).get(name)
            if entry is None:
                return None
            at = join(way[-1].path, name)
            if entry.mode != _LINK:
                way.append(_Found(entry, at))
                continue
            links += 1
            target = content(entry, at).decode("utf-8", "surrogateescape")
            if links > MOST_LINKS or target.startswith("/"):
                return None
            waiting.extend(reversed(target.split("/")))
        return way[-1]

    def _children(self, found: _Found) -> Mapping[str, TreeEntry]:
        entry = found.entry
        if entry.id in self._made:
            return self._made[entry.id]
        if entry.mode not in (_FOLDER, _SUBMODULE):
            return {}
        if entry not in self._inside:
            top = self._submodule(found) if entry.mode == _SUBMODULE else entry
            self._inside[entry] = dict(tree_entries(top, content(top, found.path or ".")))
        return self._inside[entry]

    def _submodule(self, found: _Found) -> TreeEntry:
        entry = self._repository.submodule(found.path).of_commit(found.entry.id)
        if entry is None:
            what = f"the submodule `{found.path}` lacks the commit {found.entry.id[:10]}"
            raise NotHere(f"{what}: run `git -C {found.path} fetch origin {found.entry.id}`")
        return entry
