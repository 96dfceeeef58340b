"""`cngen diff`: what is compared -> two trees, what differs between them, and the exit status."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cngen.changes import Comparison, Impact
from cngen.comparing import Side, compare
from cngen.compiler import understand
from cngen.diagnostic import Diagnostic, Severity
from cngen.errors import CngenError
from cngen.files import Files, Worktree
from cngen.git import Repository
from cngen.loading import Memo
from cngen.model import Tree
from cngen.report import Finding, Style, findings
from cngen.reviews import reviewed
from cngen.settings import NoRoot, Settings, find_project, load_settings

WORKTREE = "working tree"
INDEX = "index"
_RANGE = re.compile(r"(?<![:/])\.\.\.?(?!/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the command line says; `fail_on` is the mildest impact that counts as a failure."""

    base: str = ""
    head: str = ""
    staged: bool = False
    style: str = "text"
    fail_on: Impact | None = None
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One of the two things that are compared: its name, its files, and where these are on disk."""

    name: str
    files: Files
    project: Path


def run(directory: Path, flags: Flags, style: Style) -> int:
    """Compare what the flags say, print it, and return the exit status.

    Raises:
        CngenError: a revision can't be read, or neither side has a config tree.
    """
    project = find_project(directory)
    base, head = sources(_repository(directory, project), project, flags)
    comparison = compared(base, head)
    projects = base.project, head.project
    click.echo(reviewed(flags.style, comparison, style, projects, flags.verbose), nl=False)
    return int(flags.fail_on is not None and _fails(comparison, flags.fail_on))


def _repository(directory: Path, project: Path) -> Repository:
    """The project's; a bare one is the project itself, whatever lies in the folders above it."""
    own = Repository.of(directory)
    return own if own.top is None or directory.resolve() == project else Repository.of(project)


def _fails(comparison: Comparison, mildest: Impact) -> bool:
    counted = list(Impact)[: list(Impact).index(mildest) + 1]
    if any(comparison.of(impact) for impact in counted):
        return True
    # A base with errors is only noted: what mends it has to pass.
    if comparison.is_head_partial:
        message = f"{comparison.head} has errors, and not all of it could be compared"
        click.echo(f"cngen: --fail-on fails: {message}", err=True)
    return comparison.is_head_partial


# What is compared


def sources(repository: Repository, project: Path, flags: Flags) -> tuple[Source, Source]:
    """Both sides, as git names them: `BASE...HEAD` is what happened to HEAD since they parted.

    Raises:
        CngenError: a revision can't be read, or the words don't go together.
    """
    base, head = flags.base, flags.head
    dots = _RANGE.search(base)
    if dots is not None:
        if head:
            raise CngenError(f"`{base}` names both sides already: leave `{head}` out")
        base, head = base[: dots.start()] or "HEAD", base[dots.end() :] or "HEAD"
    if flags.staged and head:
        raise CngenError("`--staged` is about the next commit: name at most one revision")
    one = base or "HEAD"
    if dots is not None and len(dots[0]) == 3:
        old = replace(_tree(repository, repository.merge_base(base, head)), name=f"{base}...")
    else:
        old = _tree(repository, one)
    if head:
        return old, _tree(repository, head)
    if flags.staged:
        index = repository.index()
        return old, Source(INDEX, index, index.project)
    if repository.top is None:
        raise CngenError("a bare repository has no working tree: name two revisions")
    return old, Source(WORKTREE, Worktree(project), project)


def _tree(repository: Repository, revision: str) -> Source:
    tree = repository.tree(revision)
    return Source(revision, tree, tree.project)


# Both sides


def compared(base: Source, head: Source) -> Comparison:
    """Compare two sources; what both have is scanned once.

    Raises:
        CngenError: one can't be read, or neither has a config tree.
    """
    memo: Memo = {}
    read = [_read(source, memo) for source in (base, head)]
    there = next((side for side in read if isinstance(side, Side)), None)
    if there is None:
        raise CngenError(f"neither {base.name} nor {head.name} has a config tree: {read[0]}")
    one, other = (
        side if isinstance(side, Side) else _nothing(source.name, there, str(side))
        for source, side in zip((base, head), read, strict=True)
    )
    try:
        return compare(one, other)
    except RecursionError as error:
        message = "the nodes inherit from or hold each other too deeply to compare them"
        raise CngenError(message) from error


def _read(source: Source, memo: Memo) -> Side | NoRoot:
    is_ours = isinstance(source.files, Worktree)
    try:
        settings = load_settings(source.project, source.files, strict=is_ours)
        # Warnings aren't told here, so no rule that only warns has to look.
        settings = replace(settings, select=(), ignore=(), per_file_ignores=())
        found = understand(settings, source.files, memo)
    except NoRoot as error:
        return error
    except CngenError as error:
        raise CngenError(f"{error} (in {source.name})") from error
    errors = [d for d in found.diagnostics if d.severity is Severity.ERROR]
    shown = findings(errors, found.files, source.project, source.files)
    broken = frozenset(d.span.file for d in errors)
    return Side(source.name, found.tree, found.files, broken, _notes(source.name, errors, shown))


def _notes(name: str, errors: Iterable[Diagnostic], shown: Iterable[Finding]) -> tuple[str, ...]:
    """One note for each file with errors, with the first of them."""
    first: dict[str, str] = {}
    for error, finding in zip(errors, shown, strict=True):
        place = f"{finding.path}:{finding.line}:{finding.column}"
        said = f"{finding.code} {finding.message}"
        first.setdefault(error.span.file, f"{place} in {name}: {said}; this file isn't compared")
    return tuple(first.values())


def _nothing(name: str, other: Side, reason: str) -> Side:
    """A tree without anything, where there is none yet or no more."""
    settings: Settings = other.tree.settings
    return Side(name, Tree(settings, {}, {}), (), notes=(f"{name} has no config tree: {reason}",))
