"""Settings -> the tree of a project and every finding in it."""

from dataclasses import dataclass

from cngen.compose.settling import settle
from cngen.diagnostics import CngenError, Diagnostic, has_errors
from cngen.lint.rules import check
from cngen.lint.suppression import remaining
from cngen.model.tree import Tree
from cngen.project.files import Files, Worktree
from cngen.project.settings import Settings
from cngen.reading.loading import Memo, load
from cngen.reading.names import File
from cngen.reading.resolve import resolve


@dataclass(frozen=True, slots=True)
class Checked:
    """The tree and the findings of the sources. `tree` is None if there is an error."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]
    tree: Tree | None


@dataclass(frozen=True, slots=True)
class Understood:
    """What of the sources can be understood, whatever their errors."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]
    tree: Tree


def check_tree(settings: Settings, files: Files | None = None) -> Checked:
    """Read and check the tree of a project; nothing is written or executed.

    It is read from `files` if they aren't those on disk.

    Raises:
        CngenError: a file or folder can't be read, or the nodes reach too deep into each other.
    """
    found = understand(settings, files or Worktree(settings.project))
    tree = None if has_errors(found.diagnostics) else found.tree
    return Checked(found.files, found.diagnostics, tree)


def understand(settings: Settings, files: Files, memo: Memo | None = None) -> Understood:
    """Read and check a tree that may have errors; nothing is written or executed.

    Trees that share a `memo` scan what they have in common once.

    Raises:
        CngenError: a file or folder can't be read, or the nodes reach too deep into each other.
    """
    try:
        found: list[Diagnostic] = []
        read = load(settings, files, found.append, memo)
        tree = settle(resolve(settings, read, found.append))
        found.extend(check(tree))
    except RecursionError as error:
        raise too_deep() from error
    return Understood(read, remaining(settings, read, set(found)), tree)


def too_deep() -> CngenError:
    return CngenError("the nodes inherit from or hold each other too deeply")
