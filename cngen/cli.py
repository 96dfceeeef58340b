"""The command line: parses it, runs the stages and prints what they found."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cngen.errors import CngenError

if TYPE_CHECKING:
    from typing import TypeVar

    from cngen.compiler import Checked
    from cngen.settings import Settings

    C = TypeVar("C", bound=Checked)

_DIRECTORY = click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Work on the project in this folder instead of the current one.",
)


class _Group(click.Group):
    """A group whose commands end with status 2 and one line where they can't run."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CngenError as error:
            click.echo(f"cngen: error: {error}", err=True)
            ctx.exit(2)

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run as click does, which is quiet where a reader of the output has gone."""
        try:
            return super().main(*arguments, **settings)
        except OSError as error:
            with suppress(OSError):
                click.echo(f"cngen: error: {error}", err=True)
            _discard_output()
            sys.exit(2)


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
      cngen check            for CI: findings, and a diff if the store is stale
      cngen sweep lr_sweep   the jobs of an experiment, before they run
      cngen build -C sub     the project in another folder
    """


@main.command()
@_DIRECTORY
def build(directory: Path) -> None:
    """Write the store, if it changed.

    With an error in the sources nothing is written. Exit status: 0 done, 1 errors in the sources,
    2 cngen couldn't run.
    """
    from cngen.compiler import compile_tree
    from cngen.write import write_store

    settings, compiled = _run(directory, compile_tree)
    if compiled.text is None:
        click.echo(f"nothing written: {_counted(compiled)}", err=True)
        sys.exit(1)
    changed = write_store(settings.project / settings.output, compiled.text)
    click.echo(f"{settings.output}: {'written' if changed else 'up to date'}", err=True)


@main.command()
@_DIRECTORY
def check(directory: Path) -> None:
    """Tell every finding, and whether the store is what the sources say; never writes.

    A stale, missing or edited store is shown as a unified diff. Exit status: 0 clean, 1 errors or
    a stale store, 2 cngen couldn't run.
    """
    from cngen.compiler import compile_tree
    from cngen.write import difference, read_store

    settings, compiled = _run(directory, compile_tree)
    if compiled.text is None:
        click.echo(_counted(compiled), err=True)
        sys.exit(1)
    old = read_store(settings.project / settings.output)
    if old != compiled.text:
        click.echo(difference(old, compiled.text, settings.output), nl=False)
        what = "missing" if old is None else "stale"
        click.echo(f"{settings.output} is {what}: run `cngen build`", err=True)
        sys.exit(1)


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
    from cngen import jobs
    from cngen.compiler import check_tree
    from cngen.listing import find, listings

    if name is None and limit is not None:
        raise click.UsageError("--limit is for the jobs of one experiment: say NAME as well")
    checked = _run(directory, check_tree, err=True)[1]
    if checked.tree is None:
        click.echo(_counted(checked), err=True)
        sys.exit(1)
    if name is not None:
        limit = 100 if limit is None and style == "table" else limit
        click.echo(jobs.details(find(checked.tree, name, limit), style), nl=False)
        return
    found = listings(checked.tree, 0)
    click.echo(jobs.overview(found, style), nl=False)
    if not found:
        click.echo("no experiments", err=True)


def _run(
    directory: Path, stage: "Callable[[Settings], C]", err: bool = False
) -> "tuple[Settings, C]":
    """Run the stages and print the findings; with `err` beside the output that a command is for."""
    from cngen.report import concise, texts
    from cngen.settings import find_project, load_settings

    gc.disable()  # a run allocates much, frees by reference counts and ends soon
    settings = load_settings(find_project(directory))
    found = stage(settings)
    if found.diagnostics:
        known = texts(found.files, found.diagnostics, settings.project)
        text = concise(found.diagnostics, known, settings.project, _style())
        click.echo(text, nl=False, err=err)
    return settings, found


def _counted(compiled: "Checked") -> str:
    from cngen.report import summary

    return summary(compiled.diagnostics)


def _style() -> Callable[[str, str], str]:
    """Colours on a terminal, unless NO_COLOR says no; click strips them elsewhere."""
    if os.environ.get("NO_COLOR"):
        return lambda text, colour: text
    return lambda text, colour: click.style(text, fg=colour, bold=True)
