"""Composing equals reading, for trees that nobody thought of.

Random trees are compiled and composed with Hydra, and executed as plain Python; the two must give the
same objects, for the defaults and for command lines that choose options and set values.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from cngen.compiler import compile_tree
from cngen.diagnostic import has_errors
from cngen.settings import load_settings
from tests.reading import contract
from tests.reading.canonical import canonical, differences
from tests.reading.commands import (
    Command,
    choices,
    dicts_of_nodes,
    drawn_command,
    fill,
    look_up_refs,
)
from tests.reading.composer import composed, store_of
from tests.reading.interpreter import ROOT, Reading, primary, read, shared_names
from tests.reading.strategy import trees

PROJECT = f'[tool.cngen]\nroot = "{ROOT}"\n'
STORE = f"{ROOT}/_generated_store.py"
EXAMPLES = int(os.environ.get("CNGEN_EXAMPLES", "150"))
TESTS = 2  # the properties below, which share the examples

settings.register_profile(
    "reading",
    max_examples=max(1, EXAMPLES // TESTS),
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
READING = settings.get_profile("reading")


@contextmanager
def written(files: dict[str, str]) -> Iterator[Path]:
    """A project folder that holds ``files``."""
    with tempfile.TemporaryDirectory() as name:
        for path, text in ({"pyproject.toml": PROJECT} | files).items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_text(text, encoding="utf-8")
        yield Path(name)


# The oracle and the composer, against what was written by hand


@pytest.fixture(scope="module")
def contract_reading() -> Reading:
    with written(contract.TREE) as folder, read(folder) as reading:
        return reading


def commanded(reading: Reading, where: str, option: str) -> Command:
    command = Command(reading, primary(reading, "run")())
    places = [*choices(reading, command.expected), *dicts_of_nodes(reading, command.expected)]
    slot = next(s for s in places if ".".join(s.way) == where)
    command.choose(slot, option, "+" if slot.value is None and slot.way[-1] == "new" else "")
    return command


def finished(command: Command) -> object:
    look_up_refs(command.expected, command.expected)
    return canonical(command.expected)


def test_the_interpreter_reads_the_defaults(contract_reading: Reading) -> None:
    run = primary(contract_reading, "run")

    assert finished(Command(contract_reading, run())) == ("Run", contract.RUN)


@pytest.mark.parametrize(
    ("where", "option", "typed", "changed"), contract.CHOICES, ids=[c[2] for c in contract.CHOICES]
)
def test_a_choice_means_what_it_says(
    contract_reading: Reading, where: str, option: str, typed: str, changed: dict[str, object]
) -> None:
    command = commanded(contract_reading, where, option)

    assert command.overrides == [typed]
    assert finished(command) == ("Run", contract.RUN | changed)


@pytest.mark.parametrize("choice", [None, *contract.CHOICES], ids=str)
def test_the_composer_composes_a_store_written_by_hand(
    choice: tuple[str, str, str, dict[str, object]] | None,
) -> None:
    overrides, changed = ([choice[2]], choice[3]) if choice else ([], {})
    with written({STORE: contract.STORE}) as folder, store_of(folder):
        result = composed(overrides)

    assert canonical(result) == ("Run", contract.RUN | changed)


# The promise, on drawn trees


def compiled(folder: Path) -> None:
    """Write the store that the tree in a folder compiles to."""
    result = compile_tree(load_settings(folder))
    assert not has_errors(result.diagnostics), "\n".join(
        f"{d.span.file}:{d.span.start}: {d.code} {d.message}" for d in result.diagnostics
    )
    assert result.text is not None
    note(f"--- {STORE}\n{result.text}")
    (folder / STORE).write_text(result.text, encoding="utf-8")


def show(files: dict[str, str]) -> None:
    note("\n".join(f"--- {path}\n{text}" for path, text in files.items()))


def assert_composes(command: Command, config: str) -> None:
    """Inside ``store_of``: what a command line composes is what it reads as."""
    note(f"--config-name {config} {' '.join(command.overrides)}")
    expected = finished(command)
    result = composed(command.overrides, config)

    shared = shared_names(command.reading)
    assert not list(differences(expected, canonical(result, shared)))


@READING
@given(trees())
def test_defaults_compose_to_what_they_read_as(files: dict[str, str]) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            names = [name for name in ("run", "debug") if name in reading.options("")]
            commands = {name: Command(reading, primary(reading, name)()) for name in names}
        for command in commands.values():
            fill(command, lambda values: values[0])
        compiled(folder)
        with store_of(folder):
            for name, command in commands.items():
                assert_composes(command, name)


@READING
@given(trees(), st.data())
def test_command_lines_compose_to_what_they_read_as(
    files: dict[str, str], data: st.DataObject
) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            commands = [drawn_command(data.draw, reading) for _ in range(3)]
        compiled(folder)
        with store_of(folder):
            for command in commands:
                event(f"{len(command.overrides)} overrides")
                assert_composes(command, "run")
