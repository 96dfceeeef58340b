"""How the commands print results, notes and errors."""

import sys

import click

from cngen.text.escaping import lines, one_line


def show(text: str, err: bool = False) -> None:
    """Print the text of a format, which has escaped names and values already."""
    click.echo(text, nl=False, err=err)


def show_patch(text: str) -> None:
    """Print a patch: escaped on a terminal, unchanged for programs."""
    show(lines(text.expandtabs()) if sys.stdout.isatty() else text)


def note(text: str) -> None:
    """Print one escaped line to stderr."""
    click.echo(one_line(text), err=True)


def fail(text: str) -> None:
    """Print the error that ends a run."""
    note(f"cngen: error: {text}")
