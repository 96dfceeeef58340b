"""Findings -> the text of a format. A format is a module of its own here."""

from collections.abc import Iterable
from importlib import import_module

from cngen.lint.findings import Finding, Style


def formatted(name: str, found: Iterable[Finding], style: Style) -> str:
    """The findings in the format of that name; `style` colours those for people."""
    text: str = import_module(f"{__name__}.{name}").render(tuple(found), style)
    return text
