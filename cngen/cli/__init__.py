"""The command line."""

from cngen.cli.commands import main

__all__ = ["main"]
