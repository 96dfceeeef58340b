"""Composing equals reading, for trees that nobody thought of.

Random trees are compiled and composed with Hydra, and executed as plain Python; the two must give the
same objects, for the defaults and for command lines that choose options and set values.
"""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from cngen.compiler import compile_tree
from cngen.project.settings import load_settings
from tests.support.reading import contract
from tests.support.reading.canonical import canonical
from tests.support.reading.commands import Command, choices, dicts_of_nodes, drawn_command, fill
from tests.support.reading.composer import composed, store_of
from tests.support.reading.folders import STORE, written
from tests.support.reading.interpreter import Reading, primary, read
from tests.support.reading.promise import READING, assert_composes, compiled, finished, show
from tests.support.reading.strategy import trees

pytestmark = pytest.mark.hydra

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


ANYTHING = {
    "cn/__init__.py": "",
    "cn/opt/base.py": """
from typing import Any
from cngen import CN


class Opt(CN):
    lr: Any = {"a": [1]}


class Sgd(Opt):
    lr = [1, 2]


class Lion(Opt):
    lr = None
""",
    "cn/lst/base.py": """
from typing import Any
from cngen import CN


class Lst(CN):
    sizes: Any = [1]
""",
    "cn/run.py": """
from cngen import CN
from cn.lst.base import Lst
from cn.opt.base import Lion, Opt, Sgd


class Run(CN):
    one: Opt = Opt(lr=[1, "a"])
    two: Opt = Sgd()
    three: Opt = Lion(lr={"b": 2})
    four: Opt = Opt()
    five: Lst = Lst(sizes={"b": 1})
    six: Lst = Lst()
""",
}


def test_a_list_and_a_dict_can_stand_in_one_place() -> None:
    """Hydra can't merge one over the other, nor over an empty one."""
    with written(ANYTHING) as folder:
        with read(folder) as reading:
            expected = finished(Command(reading, primary(reading, "run")()))
        text = compile_tree(load_settings(folder)).text
        assert text is not None
        (folder / STORE).write_text(text)
        with store_of(folder):
            assert canonical(composed()) == expected


@READING
@given(trees())
def test_defaults_compose_to_what_they_read_as(files: dict[str, str]) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            names = [name for name in ("run", "debug") if name in reading.options("")]
            commands = [Command(reading, primary(reading, name)()) for name in names]
        for command in commands:
            fill(command, lambda values: values[0])
        compiled(folder)
        with store_of(folder):
            for command in commands:
                assert_composes(command)


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
                assert_composes(command)
