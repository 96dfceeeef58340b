"""The command line: options of each command -> stages -> output and exit status."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cngen.cli.formats import FORMATS, REVIEWS
from cngen.cli.printing import fail, note, show
from cngen.diagnostics import CngenError
from cngen.text.escaping import lines

if TYPE_CHECKING:
    from typing import TypeVar

    from cngen.lint.check import Checked
    from cngen.project.settings import Settings

    C = TypeVar("C", bound=Checked)

_DIRECTORY = click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Run in this folder instead of the current one.",
)


class _Group(click.Group):
    """A group whose commands end with status 2 and a one-line message on any failure."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run a command and exit with its status."""
        settings["standalone_mode"] = False  # click shows errors with whatever is in them
        try:
            sys.exit(super().main(*arguments, **settings))
        except KeyboardInterrupt:
            sys.exit(_INTERRUPTED)
        except Exception as error:
            sys.exit(_ended(error))

    def invoke(self, ctx: click.Context) -> object:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # sources hold any character
        try:
            return super().invoke(ctx)
        except (
            BrokenPipeError
        ):  # a reader has gone; click's own status for that depends on its version
            _discard_output()
            ctx.exit(1)


_INTERRUPTED = 130  # the shells' status for an interrupt; 1 means findings


def _ended(error: Exception) -> int:
    """Print in one line why a command failed; the exit status."""
    match error:
        case click.ClickException():
            return _misused(error)
        case click.Abort():
            return _INTERRUPTED
        case CngenError():
            fail(str(error))
        case MemoryError():
            fail("not enough memory")
        case OSError():
            with suppress(OSError):
                fail(str(error))
            _discard_output()
        case _:
            _report(error)
    return 2


def _misused(error: click.ClickException) -> int:
    """Print click's message on a wrong command line, with arguments escaped."""
    message = error.format_message()
    if lines(message) != message:
        error = click.UsageError(lines(message), getattr(error, "ctx", None))
    error.show()
    return error.exit_code


def _report(error: Exception) -> None:
    """Print an unexpected error in one line, or with its traceback under CNGEN_DEBUG."""
    if os.environ.get("CNGEN_DEBUG", "0") != "0":
        raise error
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else ""
    what = f"{type(error).__name__}{place}: {error}"
    fail(f"internal error, please report it: {what} (CNGEN_DEBUG=1 shows the traceback)")


def _discard_output() -> None:
    """Keep Python from flushing stdout again at exit and reporting the same error twice."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cngen")
def main() -> None:
    """Compile config nodes written in Python into an explicit Hydra store.

    Sources are read, never imported. Settings are in [tool.cngen] of pyproject.toml.

    \b
    Examples:
      cngen build            write the store, if it changed
      cngen check            report findings and a stale store
      cngen diff main        show what a branch changes in the configuration
      cngen rule CN204       explain a rule
      cngen sweep lr_sweep   list the jobs of an experiment before they run
      cngen build -C sub     build the project in another folder
    """


@main.command()
@click.option(
    "--exit-non-zero-on-change",
    is_flag=True,
    help="Exit with status 1 if the store changed, for pre-commit hooks.",
)
@_DIRECTORY
def build(directory: Path, exit_non_zero_on_change: bool) -> None:
    """Write the store, if it changed.

    Nothing is written if the sources have errors.

    Exit status: 0 success, 1 errors in the sources, 2 cngen couldn't run.
    """
    from cngen.compiler import compile_tree
    from cngen.project.writing import remove_left_behind, write_store

    settings, compiled = _run(directory, compile_tree)
    paths = (settings.output, *(file.source.path for file in compiled.files))
    remove_left_behind(settings.project, paths)
    if compiled.text is None:
        note(f"nothing written: {_counted(compiled)}")
        sys.exit(1)
    changed = write_store(settings.project, settings.output, compiled.text)
    note(f"{settings.output}: {'written' if changed else 'up to date'}")
    if changed and exit_non_zero_on_change:
        sys.exit(1)


@main.command()
@click.option(
    "--select",
    metavar="CODES",
    multiple=True,
    help="Rules to apply, as codes or prefixes of codes; replaces the settings.",
)
@click.option(
    "--ignore",
    metavar="CODES",
    multiple=True,
    help="Rules to leave out, in addition to the settings; the longest prefix decides.",
)
@click.option(
    "--per-file-ignores",
    metavar="PATTERN:CODES",
    multiple=True,
    help="Rules to leave out in some files, such as `cn/old/*:CN2`.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="Include fixes that may change a config in --fix and --diff.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Print what --fix and a build would change as a patch, without writing it.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="Output format of the findings.",
)
@click.option("--statistics", is_flag=True, help="Print the number of findings for each rule.")
@click.option("--add-ignores", is_flag=True, help="Add an ignore comment for every warning.")
@click.option(
    "--baseline",
    metavar="FILE",
    help="Don't report the findings that are in this file of the project.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Write the current findings into the baseline."
)
@click.option(
    "--show-settings",
    is_flag=True,
    help="Print the settings in effect and where each comes from, and check nothing.",
)
@_DIRECTORY
def check(directory: Path, show_settings: bool, **flags: Any) -> None:
    """Report all findings, and whether the store is up to date.

    A stale, missing or edited store is a finding, too; --diff prints the lines that differ. Nothing is
    written without --fix, --add-ignores or --update-baseline. CODES is a comma-separated list;
    --select, --ignore and --per-file-ignores can be repeated.

    Exit status: 0 clean, 1 findings, 2 cngen couldn't run.

    \b
    Examples:
      cngen check                        report everything
      cngen check --select CN4           report errors, and warnings on interpolations
      cngen check --fix                  apply safe fixes
      cngen check --diff | git apply     apply them and update the store as a patch
      cngen check --format sarif         write a report for code scanning
      cngen check --add-ignores          silence the present warnings of an old tree
    """
    from cngen.cli import check as checking

    loaded = _settings(directory)
    settings = checking.with_flags(loaded, flags)
    if show_settings:
        from cngen.cli.settings_text import settings_text

        show(settings_text(loaded, settings))
        return
    sys.exit(checking.run(settings, checking.CheckFlags(**flags), _style()))


@main.command()
@click.argument("base", metavar="[BASE", required=False, default="")
@click.argument("head", metavar="[HEAD]]", required=False, default="")
@click.option("--staged", is_flag=True, help="Compare with the index instead of the working tree.")
@click.option(
    "--format",
    "style",
    type=click.Choice(REVIEWS),
    default=REVIEWS[0],
    show_default=True,
    help="Output format of the changes.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "behaviour"]),
    help="Exit with status 1 on a change of this impact or worse.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print every key, value and config in full.")
@_DIRECTORY
def diff(directory: Path, fail_on: str | None, **flags: Any) -> None:
    """Show what changes in the configuration between two revisions, what breaks, and why.

    BASE (default: HEAD) and HEAD (default: the working tree) are git revisions: branches, tags or
    commits, or REVISION:FOLDER if the project was in another folder. Both are read from git: nothing
    is checked out, imported or written.

    Exit status: 0 success, 1 a change as bad as --fail-on, 2 cngen couldn't run.

    \b
    Examples:
      cngen diff                         changes since the last commit
      cngen diff --staged                changes in the index
      cngen diff main                    from main to the working tree
      cngen diff main...HEAD             changes of this branch since it left main
      cngen diff v1.0 v2.0 --format markdown
      cngen diff main --fail-on breaking
    """
    from cngen.cli import diff as reviewing
    from cngen.diff.changes import Impact
    from cngen.diff.revisions import DiffFlags

    gc.disable()
    impact = Impact(fail_on) if fail_on is not None else None
    sys.exit(reviewing.run(directory, DiffFlags(fail_on=impact, **flags), _style()))


@main.command()
@click.argument("rule", metavar="[RULE]", required=False)
@click.option("--all", "everything", is_flag=True, help="Print all rules as Markdown.")
def rule(rule: str | None, everything: bool) -> None:
    """Explain a rule, given by code or name; without RULE, list all rules.

    \b
    Examples:
      cngen rule CN204
      cngen rule unknown-argument
      cngen rule --all > rules.md
    """
    from cngen.lint import pages

    if everything and rule is not None:
        raise click.UsageError("--all prints every rule and can't be combined with RULE")
    if everything:
        show(pages.every_page())
    elif rule is None:
        show(pages.table())
    else:
        show(pages.page(rule))


@main.command()
@click.argument("name", required=False)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Output format of the jobs.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="Maximum number of jobs to print (default: 100 in a table, all in other formats).",
)
@_DIRECTORY
def sweep(name: str | None, style: str, limit: int | None, directory: Path) -> None:
    """List the jobs of an experiment before they run; without NAME, list all experiments.

    Nothing is imported or run. NAME is an experiment, with or without its group, or a primary config
    that sweeps.

    Exit status: 0 success, 1 errors in the sources, 2 unknown experiment, or cngen couldn't run.

    \b
    Examples:
      cngen sweep                        list all experiments with their number of jobs
      cngen sweep lr_sweep               list the jobs of one, with a column for what varies
      cngen sweep lr_sweep --format csv  the same for a spreadsheet
    """
    from cngen.cli import sweep_tables as jobs
    from cngen.compose.listing import find, listings
    from cngen.lint.check import check_tree

    if name is None and limit is not None:
        raise click.UsageError("--limit needs NAME: it limits the jobs of one experiment")
    checked = _run(directory, check_tree, err=True)[1]
    if checked.tree is None:
        note(_counted(checked))
        sys.exit(1)
    if name is not None:
        limit = 100 if limit is None and style == "table" else limit
        show(jobs.details(find(checked.tree, name, limit), style))
        return
    found = listings(checked.tree, 0)
    show(jobs.overview(found, style))
    if not found:
        note("no experiments")


def _run(
    directory: Path, stage: "Callable[[Settings], C]", err: bool = False
) -> "tuple[Settings, C]":
    """Run the stages and print the findings; with `err` to stderr, since stdout is the command's result."""
    from cngen.lint.findings import findings
    from cngen.lint.formats import formatted

    settings = _settings(directory)
    found = stage(settings)
    if found.diagnostics:
        shown = findings(found.diagnostics, found.files, settings.project)
        show(formatted("full", shown, _style()), err)
    return settings, found


def _settings(directory: Path) -> "Settings":
    from cngen.lint.rules import check_codes
    from cngen.project.settings import find_project, load_settings

    gc.disable()  # a run allocates much, frees by reference counts and ends soon
    settings = load_settings(find_project(directory))
    check_codes(settings)
    return settings


def _counted(compiled: "Checked") -> str:
    from cngen.lint.findings import summary

    return summary(compiled.diagnostics)


def _style() -> Callable[[str, str], str]:
    """Colours on a terminal, unless NO_COLOR is set; click strips them elsewhere."""
    if os.environ.get("NO_COLOR"):
        return lambda text, colour: text
    return lambda text, colour: click.style(text, fg=colour, bold=True)
