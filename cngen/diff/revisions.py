"""What is compared -> two trees, and what differs between them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from cngen.diagnostics import CngenError, Diagnostic, Severity
from cngen.diff.changes import Comparison, Impact
from cngen.diff.compare import Side, compare
from cngen.lint.check import understand
from cngen.lint.findings import Finding, findings
from cngen.model.tree import Tree
from cngen.project.files import Files, NotHere, Worktree, python_files
from cngen.project.git.repository import GitTree, Repository
from cngen.project.settings import PROJECT_NAME, NoRoot, Settings, find_project, load_settings
from cngen.reading.loading import Memo

WORKTREE = "working tree"
INDEX = "index"
_RANGE = re.compile(r"(?<![:/])\.\.\.?(?!/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffFlags:
    """The flags of the command line; `fail_on` is the mildest impact that counts as a failure."""

    base: str = ""
    head: str = ""
    staged: bool = False
    style: str = "text"
    fail_on: Impact | None = None
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """One of the two things that are compared: its name, its files, and where these are on disk."""

    name: str
    files: Files
    project: Path


# Where the project is


def located(directory: Path) -> tuple[Repository, Path]:
    """The project around a folder and its repository, which it may leave for one that has it as a submodule.

    A bare repository is the project itself, whatever lies in the folders above it.

    Raises:
        CngenError: there is no repository, or git refuses to read it.
    """
    own, project = Repository.of(directory), find_project(directory)
    if own.top is None:
        return own, project
    top: Path | None = own.top
    while top is not None and not project.is_relative_to(top):
        top = Repository.of(top).superproject()
    if top is None:
        project = directory.resolve()
    return (own if project == directory.resolve() else Repository.of(project)), project


def _has_moved(tree: GitTree) -> bool:
    """Whether a project of a folder above was the one below it: that folder has none of its own any more."""
    now = Worktree(tree.project)
    roots = _own_roots(tree.project, tree)
    is_there = bool(_own_roots(tree.project, now)) or any(_is_own(now, root) for root in roots)
    return bool(roots) and not is_there


def _own_roots(project: Path, files: Files) -> tuple[str, ...]:
    """The roots of a project that belong to none below it; none where it isn't clear which these are."""
    try:
        roots = load_settings(project, files, strict=False).roots
    except CngenError:
        return ()
    return tuple(root for root in roots if _is_own(files, root))


def _is_own(files: Files, root: str) -> bool:
    """Whether a root has sources, which a folder that was left may lack, and lies in no project below."""
    folders = (PurePosixPath(root), *PurePosixPath(root).parents)
    if any(files.is_file(f"{folder}/{PROJECT_NAME}") for folder in folders[:-1]):
        return False
    return files.is_folder(root) and any(python_files(files, root))


# What is compared


def sources(repository: Repository, project: Path, flags: DiffFlags) -> tuple[Revision, Revision]:
    """Both sides, as git names them: `BASE...HEAD` compares HEAD with the merge base.

    Raises:
        CngenError: a revision can't be read, or the arguments can't be combined.
    """
    base, head = flags.base, flags.head
    dots = _RANGE.search(base)
    if dots is not None:
        if head:
            raise CngenError(f"`{base}` is a range of revisions: remove `{head}`")
        base, head = base[: dots.start()] or "HEAD", base[dots.end() :] or "HEAD"
    if flags.staged and head:
        raise CngenError("`--staged` takes at most one revision")
    one = base or "HEAD"
    if dots is not None and len(dots[0]) == 3:
        old = replace(_tree(repository, repository.merge_base(base, head)), name=f"{base}...")
    else:
        old = _tree(repository, one)
    if head:
        return old, _tree(repository, head)
    if flags.staged:
        index = repository.index(_has_moved)
        return old, Revision(INDEX, index, index.project)
    if repository.top is None:
        raise CngenError("a bare repository has no working tree: pass two revisions")
    return old, Revision(WORKTREE, Worktree(project), project)


def _tree(repository: Repository, revision: str) -> Revision:
    tree = repository.tree(revision, _has_moved)
    return Revision(revision, tree, tree.project)


# Both sides


def compared(base: Revision, head: Revision) -> Comparison:
    """Compare two sources; what both have is scanned once.

    Raises:
        CngenError: one can't be read, or neither has a config tree.
    """
    memo: Memo = {}
    read = _read_base(base, memo), _read_head(head, memo)
    there = next((side for side in read if isinstance(side, Side)), None)
    if there is None:
        raise _neither(base, head, read[0])
    one, other = (
        side if isinstance(side, Side) else _nothing(source.name, there, side)
        for source, side in zip((base, head), read, strict=True)
    )
    try:
        found = compare(one, other)
    except RecursionError as error:
        message = "the nodes are nested too deeply to be compared"
        raise CngenError(message) from error
    is_lost = not isinstance(read[0], Side | NoRoot)
    return replace(found, is_base_partial=is_lost or found.is_base_partial)


def _neither(base: Revision, head: Revision, reason: object) -> CngenError:
    if not isinstance(reason, NoRoot):
        return _in_source(base, reason)
    return CngenError(f"neither {base.name} nor {head.name} has a config tree: {reason}")


def _read_base(source: Revision, memo: Memo) -> Side | CngenError:
    """A tree, or the error in it: a commit that fixes it has to pass."""
    try:
        return _understood(source, memo)
    except NotHere as error:  # nothing is wrong with the tree
        raise _in_source(source, error) from error
    except CngenError as error:
        return error


def _read_head(source: Revision, memo: Memo) -> Side | NoRoot:
    try:
        return _understood(source, memo)
    except NoRoot as error:
        return error
    except CngenError as error:
        raise _in_source(source, error) from error


def _in_source(source: Revision, error: object) -> CngenError:
    return CngenError(f"{error} (in {source.name})")


def _understood(source: Revision, memo: Memo) -> Side:
    is_ours = isinstance(source.files, Worktree)
    settings = load_settings(source.project, source.files, strict=is_ours)
    # Warnings aren't reported here, so no rule that only warns has to run.
    settings = replace(settings, select=(), ignore=(), per_file_ignores=())
    found = understand(settings, source.files, memo)
    errors = [d for d in found.diagnostics if d.severity is Severity.ERROR]
    shown = findings(errors, found.files, source.project, source.files)
    broken = frozenset(d.span.file for d in errors)
    return Side(source.name, found.tree, found.files, broken, _notes(source.name, errors, shown))


def _notes(name: str, errors: Iterable[Diagnostic], shown: Iterable[Finding]) -> tuple[str, ...]:
    """One note for each file with errors, with the first of them."""
    first: dict[str, str] = {}
    for error, finding in zip(errors, shown, strict=True):
        place = f"{finding.path}:{finding.line}:{finding.column}"
        error_text = f"{finding.code} {finding.message}"
        first.setdefault(
            error.span.file, f"{place} in {name}: {error_text}; this file isn't compared"
        )
    return tuple(first.values())


def _nothing(name: str, other: Side, reason: object) -> Side:
    """An empty tree, in place of one that doesn't exist or can't be read."""
    settings: Settings = other.tree.settings
    note = f"{name} can't be compared, so everything in {other.name} counts as added: {reason}"
    if isinstance(reason, NoRoot):
        note = f"{name} has no config tree: {reason}"
    return Side(name, Tree(settings, {}, {}), (), notes=(note,))
