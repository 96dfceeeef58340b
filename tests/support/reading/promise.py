"""What the properties share: how examples are drawn for each, and how both sides are compared."""

from pathlib import Path

from hypothesis import HealthCheck, note, settings

import cngen.compose.listing
import cngen.store.render  # noqa: F401 -- these and the rules load late, when a toy stands for cngen
from cngen.compiler import compile_tree
from cngen.diagnostics import Severity, has_errors
from cngen.lint.rules import all_rules
from cngen.project.settings import load_settings
from tests.support.effort import EACH

from .canonical import canonical, differences
from .commands import Command, look_up_refs
from .composer import composed
from .folders import STORE
from .interpreter import option_name, shared_names

all_rules()

READING = settings(
    max_examples=EACH,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


def show(files: dict[str, str]) -> None:
    note("\n".join(f"--- {path}\n{text}" for path, text in files.items()))


def compiled(folder: Path) -> None:
    """Write the store that the tree in a folder compiles to."""
    result = compile_tree(load_settings(folder))
    assert not has_errors(result.diagnostics), "\n".join(
        f"{d.span.file}:{d.span.start}: {d.code} {d.message}"
        for d in result.diagnostics
        if d.severity is Severity.ERROR
    )
    assert result.text is not None
    note(f"--- {STORE}\n{result.text}")
    (folder / STORE).write_text(result.text, encoding="utf-8")


def finished(command: Command) -> object:
    """What a command line reads as, by content."""
    look_up_refs(command.expected, command.expected)
    return canonical(command.expected)


def assert_composes(command: Command) -> None:
    """Inside ``store_of``: what a command line composes is what it reads as."""
    config = option_name(type(command.expected))
    note(f"--config-name {config} {' '.join(command.overrides)}")
    expected = finished(command)
    result = composed(command.overrides, config)

    shared = shared_names(command.reading)
    found = list(differences(expected, canonical(result, shared)))
    assert not found, "\n".join(found)
