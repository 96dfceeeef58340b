"""What the commands print beside their formats, and how."""

import click

from cngen.escaping import one_line


def show(text: str, err: bool = False) -> None:
    """Print what a format wrote, which escaped what isn't its own."""
    click.echo(text, nl=False, err=err)


def note(text: str) -> None:
    """Print one line beside it, to stderr, whatever the text holds."""
    click.echo(one_line(text), err=True)


def fail(text: str) -> None:
    """Print why a run can't go on."""
    note(f"cngen: error: {text}")
