"""Composing equals reading, for experiments: alone, stacked, and swept.

Random experiments on random trees are composed by Hydra from the compiled store, and read as plain
Python; see test_reading.py.
"""

from contextlib import suppress

import pytest
from hydra import compose
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import event, given
from hypothesis import strategies as st

from tests.support.reading import contract
from tests.support.reading.commands import Draw, Stack, completed, fill, stack
from tests.support.reading.composer import store_of
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.interpreter import (
    Reading,
    Sweep,
    is_abstract,
    is_experiment,
    option_name,
    read,
)
from tests.support.reading.promise import (
    READING,
    assert_composes,
    compiled,
    finished,
    listed_jobs,
    show,
)
from tests.support.reading.stacking import (
    NoReading,
    Step,
    axes_of,
    config_of,
    jobs_of,
    stacked_in,
    standing_for,
    steps_of,
)

pytestmark = pytest.mark.hydra

# The oracle, against what was written by hand


@pytest.fixture
def contract_reading() -> Reading:
    with written(contract.TREE) as folder, read(folder) as reading:
        return reading


@pytest.mark.parametrize(("options", "changed"), contract.EXPERIMENTS, ids=lambda e: "_".join(e))
def test_an_experiment_means_what_it_says(
    contract_reading: Reading, options: list[str], changed: dict[str, object]
) -> None:
    known = contract_reading.options("exp")
    command = stack(contract_reading, config_of(known["fast"]), [known[o] for o in options])

    typed = options[0] if len(options) == 1 else f"[{','.join(options)}]"
    assert command.overrides == [f"+exp={typed}"]
    assert finished(command) == ("Run", contract.RUN | changed)


def test_a_sweep_means_the_jobs_that_it_says(contract_reading: Reading) -> None:
    cls = contract_reading.options("exp")["lr_sweep"]
    jobs = [read_command(contract_reading, cls, job) for job in jobs_of(contract_reading, cls)]

    assert [finished(job) for job in jobs] == [("Run", contract.RUN | c) for c in contract.JOBS]


# The promise, on drawn experiments


def experiments(reading: Reading) -> list[type]:
    return [c for c in reading.classes if is_experiment(c) and not is_abstract(c)]


@READING
@given(trees_with_experiments())
def test_an_experiment_composes_to_what_it_reads_as(files: dict[str, str]) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            commands = [stack(reading, config_of(c), [c]) for c in experiments(reading)]
            for command in commands:
                with suppress(NoReading):
                    fill(command, lambda values: values[0])
        compiled(folder)
        with store_of(folder):
            for command in commands:
                assert_composes(command)


@READING
@given(trees_with_experiments(), st.data())
def test_stacked_experiments_compose_to_their_merged_differences(
    files: dict[str, str], data: st.DataObject
) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            commands = [drawn_stack(data.draw, reading) for _ in range(2)]
        compiled(folder)
        with store_of(folder):
            for command in filter(None, commands):
                event(f"{len(command.overrides)} overrides")
                assert_composes(command)


def drawn_stack(draw: Draw, reading: Reading) -> Stack | None:
    """Two experiments and drawn overrides after them; None if they have no reading together."""
    found = experiments(reading)
    if len(found) < 2:
        return None
    first = draw(st.sampled_from(found))
    second = draw(st.sampled_from([c for c in found if c is not first]))
    with suppress(NoReading):
        return completed(draw, stack(reading, config_of(first), [first, second]))
    return None


@READING
@given(trees_with_experiments(sweeping=True))
def test_the_jobs_of_a_sweep_compose_to_what_they_read_as(files: dict[str, str]) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            swept = {c: jobs_of(reading, c) for c in experiments(reading) if axes(reading, c)}
            commands = {c: [read_command(reading, c, job) for job in swept[c]] for c in swept}
        compiled(folder)
        for cls, found in commands.items():
            event(f"{len(found)} jobs")
            listed = listed_jobs(folder, cls)
            assert len(listed) == len(found)
            with store_of(folder):
                for command, job in zip(found, listed, strict=True):
                    command.overrides[1:1] = job
                assert listed == launched_jobs(found[0])
                for command in found:
                    assert_composes(command)


def axes(reading: Reading, cls: type) -> list[list[Step]]:
    return axes_of(steps_of(reading, cls))


def read_command(reading: Reading, cls: type, job: dict[Sweep, int]) -> Stack:
    """The command line of a job, without what the sweeper adds."""
    with standing_for(job):
        command = stack(reading, config_of(cls), stacked_in(cls, job))
        command.overrides = command.overrides[:1]
        with suppress(NoReading):
            fill(command, lambda values: values[0])
    return command


def launched_jobs(command: Stack) -> list[list[str]]:
    """The overrides of each job, as Hydra's own sweeper makes them from the composed config."""
    config = compose(
        option_name(type(command.expected)), command.overrides, return_hydra_config=True
    )
    params = [f"{key}={value}" for key, value in config.hydra.sweeper.params.items()]
    overrides = OverridesParser.create().parse_overrides(params)
    return [list(job) for job in BasicSweeper.split_arguments(overrides, max_batch_size=None)[0]]
