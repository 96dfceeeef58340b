"""What the commands print beside their formats, and how."""

import sys

import click

from cngen.text.escaping import lines, one_line


def show(text: str, err: bool = False) -> None:
    """Print what a format wrote, which escaped what isn't its own."""
    click.echo(text, nl=False, err=err)


def show_patch(text: str) -> None:
    """Print a patch: to a terminal as text, to programs byte by byte."""
    show(lines(text.expandtabs()) if sys.stdout.isatty() else text)


def note(text: str) -> None:
    """Print one line beside it, to stderr, whatever the text holds."""
    click.echo(one_line(text), err=True)


def fail(text: str) -> None:
    """Print why a run can't go on."""
    note(f"cngen: error: {text}")
