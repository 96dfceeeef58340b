"""The command line: parses it, runs the stages and prints what they found."""

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
    help="Work on the project in this folder instead of the current one.",
)


class _Group(click.Group):
    """A group whose commands end with status 2 and one line where they can't run, whatever stops them."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run, and end with a status of cngen's own."""
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


_INTERRUPTED = 130  # as shells have it; 1 would be findings


def _ended(error: Exception) -> int:
    """Print why a command ended, in a line; the exit status."""
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
    """Print what click has to say of the words on the command line, which may hold anything."""
    message = error.format_message()
    if lines(message) != message:
        error = click.UsageError(lines(message), getattr(error, "ctx", None))
    error.show()
    return error.exit_code


def _report(error: Exception) -> None:
    """Print what nobody foresaw: as a traceback for whoever wants to know more."""
    if os.environ.get("CNGEN_DEBUG", "0") != "0":
        raise error
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else ""
    what = f"{type(error).__name__}{place}: {error}"
    fail(f"internal error, please report it: {what} (CNGEN_DEBUG=1 shows the traceback)")


def _discard_output() -> None:
    """Keep Python from writing at its end what couldn't be written, and telling so once more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cngen")
def main() -> None:
    """Compile config nodes written in Python into an explicit Hydra store.

    Sources are read, never imported. Settings stand in [tool.cngen] of pyproject.toml.

    \b
    Examples:
      cngen build            write the store, if anything changed
      cngen check            for CI: findings, and what is stale in the store
      cngen diff main        what a branch does to the configuration
      cngen rule CN204       what a rule is about
      cngen sweep lr_sweep   the jobs of an experiment, before they run
      cngen build -C sub     the project in another folder
    """


@main.command()
@click.option(
    "--exit-non-zero-on-change",
    is_flag=True,
    help="End with status 1 if the store changed, so that a hook stops the commit.",
)
@_DIRECTORY
def build(directory: Path, exit_non_zero_on_change: bool) -> None:
    """Write the store, if it changed.

    With an error in the sources nothing is written. Exit status: 0 done, 1 errors in the sources,
    2 cngen couldn't run.
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
    help="The rules to apply, as codes or beginnings of codes, whatever the settings say.",
)
@click.option(
    "--ignore",
    metavar="CODES",
    multiple=True,
    help="The rules to leave out, the longest beginning wins.",
)
@click.option(
    "--per-file-ignores",
    metavar="PATTERN:CODES",
    multiple=True,
    help="Rules to leave out in some files, `cn/old/*:CN2`.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing a meaning.")
@click.option("--unsafe-fixes", is_flag=True, help="Let --fix and --diff change meanings, too.")
@click.option(
    "--diff", is_flag=True, help="Show what --fix and a build would change, and write nothing."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="How to print the findings.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead.")
@click.option("--add-ignores", is_flag=True, help="Silence every warning by a comment on its line.")
@click.option(
    "--baseline", metavar="FILE", help="Pass over the findings in this file, below the project."
)
@click.option("--update-baseline", is_flag=True, help="Write that file from what is found now.")
@_DIRECTORY
def check(directory: Path, **flags: Any) -> None:
    """Tell every finding, and whether the store is what the sources say.

    A stale, missing or edited store is a finding too, which says what is stale; --diff shows its lines.
    Only --fix, --add-ignores and --update-baseline write, and only what they say. CODES are separated
    by commas; --select, --ignore and --per-file-ignores can be given again.

    Exit status: 0 clean, 1 findings, 2 cngen couldn't run.

    \b
    Examples:
      cngen check                        everything
      cngen check --select CN4           interpolations alone (and errors)
      cngen check --fix                  mend what is safe to mend
      cngen check --diff | git apply     the same as a patch, and the store
      cngen check --format sarif         for code scanning
      cngen check --add-ignores          turn the linter on in an old tree
    """
    from cngen.cli import check as checking

    settings = _settings(directory)
    sys.exit(checking.run(checking.with_flags(settings, flags), checking.Flags(**flags), _style()))


@main.command()
@click.argument("base", metavar="[BASE", required=False, default="")
@click.argument("head", metavar="[HEAD]]", required=False, default="")
@click.option("--staged", is_flag=True, help="Compare with the index: what would be committed.")
@click.option(
    "--format",
    "style",
    type=click.Choice(REVIEWS),
    default=REVIEWS[0],
    show_default=True,
    help="How to print the changes.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "behaviour"]),
    help="End with status 1 if there is such a change, or a worse one.",
)
@click.option("-v", "--verbose", is_flag=True, help="Fold nothing: every key, value and config.")
@_DIRECTORY
def diff(directory: Path, fail_on: str | None, **flags: Any) -> None:
    """Tell what a change does to the configuration: what breaks, what composes otherwise, and why.

    BASE (HEAD unless said) and HEAD (the working tree unless said) are revisions as git knows them:
    branches, tags, commits, also REVISION:FOLDER for a project that lay elsewhere. Both are read out of
    git: nothing is checked out, imported or written. Exit status: 0 done, 1 with --fail-on, 2 cngen
    couldn't run.

    \b
    Examples:
      cngen diff                         what isn't committed yet
      cngen diff --staged                what would be committed
      cngen diff main                    from main to the working tree
      cngen diff main...HEAD             what this branch did since it left main
      cngen diff v1.0 v2.0 --format markdown
      cngen diff main --fail-on breaking for CI
    """
    from cngen.cli import diff as reviewing
    from cngen.diff.changes import Impact
    from cngen.diff.revisions import Flags

    gc.disable()
    impact = Impact(fail_on) if fail_on is not None else None
    sys.exit(reviewing.run(directory, Flags(fail_on=impact, **flags), _style()))


@main.command()
@click.argument("rule", metavar="[RULE]", required=False)
@click.option("--all", "everything", is_flag=True, help="The pages of all rules, as Markdown.")
def rule(rule: str | None, everything: bool) -> None:
    """Explain a rule, by its code or its name; without one list them all.

    \b
    Examples:
      cngen rule CN204
      cngen rule unknown-argument
      cngen rule --all > rules.md
    """
    from cngen.lint import pages

    if everything and rule is not None:
        raise click.UsageError("--all is for every rule: leave RULE out")
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
    help="How to print the jobs.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="Print at most this many jobs (a table: 100 unless told).",
)
@_DIRECTORY
def sweep(name: str | None, style: str, limit: int | None, directory: Path) -> None:
    """Show the jobs of an experiment before any of them runs; without NAME every experiment.

    Nothing is imported or run. NAME is an experiment with or without its group, or a primary config
    that sweeps. Exit status: 0 done, 1 errors in the sources, 2 no such experiment.

    \b
    Examples:
      cngen sweep                        every experiment and its number of jobs
      cngen sweep lr_sweep               its jobs, what varies in columns
      cngen sweep lr_sweep --format csv  the same for a spreadsheet
    """
    from cngen.cli import sweep_tables as jobs
    from cngen.compose.listing import find, listings
    from cngen.lint.check import check_tree

    if name is None and limit is not None:
        raise click.UsageError("--limit is for the jobs of one experiment: say NAME as well")
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
    """Run the stages and print the findings; with `err` beside the output that a command is for."""
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
    """Colours on a terminal, unless NO_COLOR says no; click strips them elsewhere."""
    if os.environ.get("NO_COLOR"):
        return lambda text, colour: text
    return lambda text, colour: click.style(text, fg=colour, bold=True)
