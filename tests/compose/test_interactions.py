"""Composing equals reading where experiments, primary configs and command lines meet.

Small random trees in which classes differ over the same few places: each experiment alone, stacks of two or
three in both orders, on the primary configs that derive from theirs, with choices, values and `~` behind.
Each composes to what it reads as, or is reported.
"""

from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hydra.errors import HydraException
from hypothesis import event, given, note
from hypothesis import strategies as st
from omegaconf.errors import OmegaConfBaseException

from cngen.compiler import Compiled, compile_tree
from cngen.diagnostics import has_errors
from cngen.project.settings import load_settings
from tests.support.reading.canonical import canonical, differences
from tests.support.reading.commands import Draw, Slot, Stack, choices, draw_choice, draw_value
from tests.support.reading.composer import composed, store_of
from tests.support.reading.folders import STORE, written
from tests.support.reading.interactions import PRIMARY, interactions
from tests.support.reading.interpreter import (
    Reading,
    is_experiment,
    option_name,
    read,
)
from tests.support.reading.promise import READING, listed_jobs, show
from tests.support.reading.stacking import (
    Step,
    applied,
    axes_of,
    config_of,
    job_steps,
    jobs_of,
    merged,
    standing_for,
    steps_of,
)

pytestmark = pytest.mark.hydra


@dataclass
class Line:
    """A command line, what it reads as, and what it says of nodes that aren't there."""

    config: str
    overrides: list[str]
    expected: object
    homeless: list[Step]
    classes: list[type] = field(default_factory=list)

    @property
    def typed(self) -> str:
        return f"--config-name {self.config} {' '.join(self.overrides)}"


def experiments(reading: Reading) -> list[type]:
    return [c for c in reading.classes if is_experiment(c)]


def stacked(reading: Reading, config: type, classes: list[type]) -> tuple[Stack, list[Step]]:
    """A stack, and what it says of nodes that aren't there."""
    steps, homeless = merged(*(steps_of(reading, c) for c in classes)), list[Step]()
    applied(reading, config(), steps, homeless)
    homes = [step for step in steps if step not in homeless]
    names = ",".join(option_name(c) for c in classes)
    typed = [f"+exp={names}" if len(classes) == 1 else f"+exp=[{names}]"]
    expected = applied(reading, config(), homes)
    return Stack(reading, expected, typed, [], config, homes), homeless


def draw_removal(draw: Draw, command: Stack) -> None:
    """`~opt@opts.a`, of an entry of which nothing else is said."""
    found = [s for s in choices(command.reading, command.expected) if is_free_entry(command, s)]
    if found:
        slot = draw(st.sampled_from(found))
        command.overrides.append(f"~opt@{'.'.join(slot.way)}")
        command.chosen.append(slot.way)
        del slot.holder[slot.way[-1]]


def is_free_entry(command: Stack, slot: Slot) -> bool:
    said = [step.way for step in command.steps if step.kind == "value"]
    is_said = any(way[: len(slot.way)] == slot.way for way in said)
    return isinstance(slot.holder, dict) and command.free(slot) and not is_said


def drawn_line(draw: Draw, reading: Reading) -> Line:
    """Up to three experiments on a primary config, and what is typed behind them."""
    found = experiments(reading)
    configs = [c for c in reading.options("").values() if c.__name__ in PRIMARY]
    config = draw(st.sampled_from(configs))
    fitting = [c for c in found if issubclass(config, config_of(c)) and not axes(reading, c)]
    chosen = draw(st.lists(st.sampled_from(fitting), max_size=3, unique=True)) if fitting else []
    if not chosen:
        command, homeless = Stack(reading, config(), [], [], config, []), list[Step]()
    else:
        command, homeless = stacked(reading, config, chosen)
    for _ in range(draw(st.integers(0, 2))):
        draw_choice(draw, command)
    if draw(st.integers(0, 2)) == 2:
        draw_value(draw, command)
    if draw(st.integers(0, 2)) == 2:
        draw_removal(draw, command)
    return line_of(reading, config, command, homeless, chosen)


def line_of(
    reading: Reading, config: type, command: Stack, homeless: list[Step], classes: list[type]
) -> Line:
    expected = canonical(command.expected)
    return Line(option_name(config), command.overrides, expected, homeless, classes)


def both_orders(reading: Reading) -> list[Line]:
    """Each experiment alone, and each pair on the most derived of their primary configs."""
    found = [c for c in experiments(reading) if not axes(reading, c)]
    groups = [[c] for c in found] + [list(pair) for pair in permutations(found, 2)]
    lines = []
    for classes in groups:
        configs = {config_of(c) for c in classes}
        config = next((c for c in configs if all(issubclass(c, o) for o in configs)), None)
        if config is not None:
            lines.append(line_of(reading, config, *stacked(reading, config, classes), classes))
    return lines


def axes(reading: Reading, cls: type) -> list[list[Step]]:
    return axes_of(steps_of(reading, cls))


def compiled(folder: Path) -> Compiled:
    result = compile_tree(load_settings(folder))
    if result.text is not None:
        note(f"--- {STORE}\n{result.text}")
        (folder / STORE).write_text(result.text, encoding="utf-8")
    return result


def said(result: Compiled, files: dict[str, str]) -> dict[str, set[str]]:
    """The codes of what is found in each class of the experiments' file."""
    found: dict[str, set[str]] = {}
    for d in result.diagnostics:
        note(f"{d.span.file}:{d.span.start} {d.code} {d.severity} {d.message}")
        if d.span.file == "cn/exp/base.py":
            above = files[d.span.file][: d.span.end]
            name = above.rpartition("\nclass ")[2].partition("(")[0]
            found.setdefault(name, set()).add(d.code)
    return found


def judge(line: Line, found: dict[str, set[str]]) -> None:
    """A line composes to what it reads as; one that is reported, or names nodes that aren't there, may fail."""
    note(line.typed)
    codes = set().union(*(found.get(b.__name__, ()) for c in line.classes for b in c.__mro__))
    try:
        result: Any = canonical(composed(line.overrides, line.config))
    except (HydraException, OmegaConfBaseException) as error:
        event("refused")
        assert line.homeless or codes, f"{line.typed}: {error}"
        return
    wrong = list(differences(line.expected, result))
    if wrong and codes:
        event(f"different, but reported: {', '.join(sorted(codes))}")
        return
    event(f"composes: {len(line.classes)} experiments")
    assert not wrong, "\n".join([line.typed, *wrong])


@READING
@given(interactions(), st.data())
def test_stacks_compose_to_what_they_read_as_or_are_reported(
    files: dict[str, str], data: st.DataObject
) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            lines = both_orders(reading)
            lines = [data.draw(st.sampled_from(lines)) for _ in range(min(4, len(lines)))]
            lines += [drawn_line(data.draw, reading) for _ in range(3)]
        result = compiled(folder)
        found = said(result, files)
        if has_errors(result.diagnostics):
            event("errors: " + ", ".join(sorted(d.code for d in result.diagnostics)))
            return
        with store_of(folder):
            for line in lines:
                judge(line, found)


@READING
@given(interactions(swept=True))
def test_jobs_compose_to_what_they_read_as_or_are_reported(files: dict[str, str]) -> None:
    show(files)
    with written(files) as folder:
        with read(folder) as reading:
            lines = job_lines(reading)
        result = compiled(folder)
        found = said(result, files)
        if has_errors(result.diagnostics):
            event("errors: " + ", ".join(sorted(d.code for d in result.diagnostics)))
            return
        for cls, jobs in lines.items():
            listed = listed_jobs(folder, cls)
            codes = set().union(*(found.get(b.__name__, ()) for b in cls.__mro__))
            assert codes or len(listed) == len(jobs), (listed, jobs)
            if len(listed) == len(jobs):
                with store_of(folder):
                    for line, job in zip(jobs, listed, strict=True):
                        line.overrides[:] = [f"+exp={option_name(cls)}", *job]
                        judge(line, found)


def job_lines(reading: Reading) -> dict[type, list[Line]]:
    """The jobs of each experiment that goes through others."""
    found: dict[type, list[Line]] = {}
    for cls in experiments(reading):
        for job in jobs_of(reading, cls) if axes(reading, cls) else ():
            with standing_for(job):
                steps, homeless = merged(*job_steps(reading, cls, job)), list[Step]()
                config = config_of(cls)
                expected = canonical(applied(reading, config(), steps, homeless))
            classes = [cls, *(c for s, n in job.items() if isinstance(c := s.values[n], type))]
            line = Line(option_name(config), [], expected, homeless, classes)
            found.setdefault(cls, []).append(line)
    return found
