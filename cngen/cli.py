"""The command line: parses it, runs the stages and prints what they found."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cngen.errors import CngenError

if TYPE_CHECKING:
    from cngen.compiler import Compiled
    from cngen.settings import Settings

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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cngen")
def main() -> None:
    """Compile config nodes written in Python into an explicit Hydra store.

    Sources are read, never imported. Settings stand in [tool.cngen] of pyproject.toml.

    \b
    Examples:
      cngen build            write the store, if anything changed
      cngen check            for CI: findings, and a diff if the store is stale
      cngen build -C sub     the project in another folder
    """


@main.command()
@_DIRECTORY
def build(directory: Path) -> None:
    """Write the store, if it changed.

    With an error in the sources nothing is written. Exit status: 0 done, 1 errors in the sources,
    2 cngen couldn't run.
    """
    from cngen.write import write_store

    settings, compiled = _compile(directory)
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
    from cngen.write import difference, read_store

    settings, compiled = _compile(directory)
    if compiled.text is None:
        click.echo(_counted(compiled), err=True)
        sys.exit(1)
    old = read_store(settings.project / settings.output)
    if old != compiled.text:
        click.echo(difference(old, compiled.text, settings.output), nl=False)
        what = "missing" if old is None else "stale"
        click.echo(f"{settings.output} is {what}: run `cngen build`", err=True)
        sys.exit(1)


def _compile(directory: Path) -> "tuple[Settings, Compiled]":
    """Run the stages and print the findings."""
    from cngen.compiler import compile_tree
    from cngen.report import concise, texts
    from cngen.settings import find_project, load_settings

    gc.disable()  # a run allocates much, frees by reference counts and ends soon
    settings = load_settings(find_project(directory))
    compiled = compile_tree(settings)
    if compiled.diagnostics:
        known = texts(compiled.files, compiled.diagnostics, settings.project)
        click.echo(concise(compiled.diagnostics, known, settings.project, _style()), nl=False)
    return settings, compiled


def _counted(compiled: "Compiled") -> str:
    from cngen.report import summary

    return summary(compiled.diagnostics)


def _style() -> Callable[[str, str], str]:
    """Colours on a terminal, unless NO_COLOR says no; click strips them elsewhere."""
    if os.environ.get("NO_COLOR"):
        return lambda text, colour: text
    return lambda text, colour: click.style(text, fg=colour, bold=True)
