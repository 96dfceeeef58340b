"""`cngen diff`: compare what the flags name, print it, and give the exit status."""

from pathlib import Path

from cngen.cli.printing import note, show
from cngen.diff.changes import Comparison, Impact
from cngen.diff.formats import reviewed
from cngen.diff.revisions import DiffFlags, compared, located, sources
from cngen.lint.findings import Style


def run(directory: Path, flags: DiffFlags, style: Style) -> int:
    """Compare the two sides that the flags name, print it, and return the exit status.

    Raises:
        CngenError: a revision can't be read, or neither side has a config tree.
    """
    repository, project = located(directory)
    base, head = sources(repository, project, flags)
    comparison = compared(base, head)
    projects = base.project, head.project
    show(reviewed(flags.style, comparison, style, projects, flags.verbose))
    return int(flags.fail_on is not None and _fails(comparison, flags.fail_on))


def _fails(comparison: Comparison, mildest: Impact) -> bool:
    counted = list(Impact)[: list(Impact).index(mildest) + 1]
    if any(comparison.of(impact) for impact in counted):
        return True
    # A base with errors is only noted: a commit that fixes it has to pass.
    if comparison.is_head_partial:
        message = f"{comparison.head} has errors, so it was compared only in part"
        note(f"cngen: --fail-on fails: {message}")
    return comparison.is_head_partial
