"""One table and one plot of the jobs below a folder: `python -m example_project.report multirun`."""

import csv
import json
import math
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median_low
from textwrap import fill, wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

USAGE = """\
usage: python -m example_project.report FOLDER

Prints a table of the finished jobs below FOLDER, the best first, and writes it there as report.csv,
with a plot of it, report.png."""

Row = Mapping[str, Any]
"""What stands in the columns of one job; a column may lack."""

REPEATS = "seed"
"""A parameter that repeats a job rather than changing it."""

MOST_LINES = 8
"""More lines than these in one plot can't be told apart."""

MOST_PANELS = 6
"""More panels than these are too small to see something in them."""

MOST_TICKS = 6
"""More numbers than these on an axis run into each other."""

LINE = 0.18
"""Inches that a line of text takes up."""

LETTERS = 11
"""Letters that an inch has room for."""

WIDE = 30
"""Characters after which a label is in the way of something else."""


@dataclass(frozen=True)
class Job:
    """What one job left. `settings` are its choices and its config, by command-line key."""

    name: str
    overrides: tuple[str, ...]
    choices: Row
    config: Row
    scores: Mapping[str, float | None]

    @property
    def settings(self) -> Row:
        return {**self.config, **self.choices}


@dataclass(frozen=True)
class Report:
    """Jobs from the best to the worst, the keys in which they differ, and their scores' names.

    `sweep` are the same jobs in the order in which they were numbered.
    """

    jobs: tuple[Job, ...]
    sweep: tuple[Job, ...]
    varied: tuple[str, ...]
    scores: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Write `report.csv` and `report.png` and print the table; returns the exit status."""
    if set(arguments) & {"-h", "--help"}:
        print(USAGE)
        return 0
    if len(arguments) != 1:
        print(USAGE.splitlines()[0], file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    if not folder.is_dir():
        print(f"{folder} is no folder", file=sys.stderr)
        return 1
    unfinished = unfinished_jobs(folder)
    jobs = read_jobs(folder)
    if not jobs:
        tail = f": {len(unfinished)} failed or still running" if unfinished else ""
        print(f"no finished job below {folder}{tail}", file=sys.stderr)
        return 1
    report = compare(jobs)
    files = (folder / "report.csv", folder / "report.png")
    problem = write(report, *files)
    told = "" if problem else f"\n{files[0]} and {files[1]} written\n"
    problem = tell(f"{heading(jobs)}\n\n{text_table(report)}\n{told}") or problem
    if problem is not None:
        print(f"the report can't be written: {problem}", file=sys.stderr)
        return 1
    if unfinished:
        print(f"left out, failed or still running: {', '.join(unfinished)}", file=sys.stderr)
    return 0


def write(report: Report, table: Path, picture: Path) -> OSError | None:
    """Write the files; returns what went wrong."""
    try:
        write_csv(report, table)
        plot(report).savefig(picture, dpi=150)
    except OSError as error:
        return error
    return None


def tell(text: str) -> OSError | None:
    """Print a text; returns what went wrong. A reader who has seen enough (`| head`) may leave."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        # Python would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return None if isinstance(error, BrokenPipeError) else error
    return None


# Reading


def read_jobs(folder: Path) -> tuple[Job, ...]:
    """The jobs that finished, in the order in which they were numbered."""
    paths = sorted(folder.rglob("result.json"), key=lambda path: _natural(path.parent, folder))
    return tuple(job for path in paths if (job := read_job(path, folder)) is not None)


def read_job(path: Path, folder: Path) -> Job | None:
    """One job; None if it left no scores, or ended while it wrote them. A score is a number or None."""
    try:
        result = json.loads(path.read_text())
        job = Job(
            name=_name(path.parent, folder),
            overrides=tuple(result["overrides"]),
            choices=dict(result["choices"]),
            config=dict(flat(result["config"])),
            scores={k: v if is_number(v) else None for k, v in result["scores"].items()},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return job if any(score is not None for score in job.scores.values()) else None


def is_number(value: Any) -> bool:
    """Whether a value is one to calculate with; True and False aren't."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def unfinished_jobs(folder: Path) -> tuple[str, ...]:
    """The folders in which Hydra started a job that left no scores."""
    started = {path.parent for name in (".hydra", "result.json") for path in folder.rglob(name)}
    lost = (path for path in started if read_job(path / "result.json", folder) is None)
    return tuple(_name(path, folder) for path in sorted(lost, key=lambda p: _natural(p, folder)))


def flat(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a config by dotted key. Interpolations stay: they don't vary on their own."""
    for key, value in config.items():
        if isinstance(value, dict) and value:
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _name(job: Path, folder: Path) -> str:
    return folder.resolve().name if job == folder else job.relative_to(folder).as_posix()


def _natural(job: Path, folder: Path) -> list[tuple[bool, int, str]]:
    """Job 10 comes after job 9."""
    parts = job.relative_to(folder).parts
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


# Comparing


def compare(jobs: Sequence[Job]) -> Report:
    """What is different from job to job, said once, and the jobs sorted by their first score."""
    names = dict.fromkeys(name for job in jobs for name in job.scores)
    scores = tuple(n for n in names if any(job.scores.get(n) is not None for job in jobs))
    ranked = sorted(jobs, key=lambda job: _rank(job.scores.get(scores[0])))
    return Report(tuple(ranked), tuple(jobs), varied_keys(jobs), scores)


def varied_keys(jobs: Sequence[Job]) -> tuple[str, ...]:
    """The choices and the values that differ, without those that follow from a choice above them."""
    rows = [job.settings for job in jobs]
    keys = dict.fromkeys(key for row in rows for key in row)
    differing = [key for key in keys if len({_hashable(row.get(key)) for row in rows}) > 1]
    choices = {key for job in jobs for key in job.choices}
    named = [key for key in differing if key in choices and not _is_numbered(key, rows)]
    values = [key for key in differing if key not in choices]
    packages = {choice: package(choice, keys) for choice in named}

    def follows(key: str, place: str) -> bool:
        return any(
            choice != key
            and (_is_above(above, place) or key == above)  # the latter where nothing was chosen
            and _determines(rows, choice, key)
            for choice, above in packages.items()
        )

    kept = [choice for choice in named if not follows(choice, packages[choice])]
    return (*kept, *(key for key in values if not follows(key, key)))


def package(choice: str, keys: Iterable[str]) -> str:
    """Where in the config a choice stands; an experiment stands above all of it."""
    group, _, given = choice.partition("@")
    found = given or group.replace("/", ".")
    return found if any(key == found or _is_above(found, key) for key in keys) else ""


def _is_above(place: str, other: str) -> bool:
    return bool(other) and (not place or other.startswith(f"{place}."))


def _is_numbered(key: str, rows: Iterable[Row]) -> bool:
    """Whether a group's options are the numbered points of a sweep, which say nothing by name."""
    options = (str(row[key]) for row in rows if row.get(key) is not None)
    return "/_points/" in key and all(o[:1] == "p" and o[1:].isdigit() for o in options)


def _determines(rows: Iterable[Row], key: str, other: str) -> bool:
    """Whether jobs that are alike in one column are alike in another."""
    pairs = {(_hashable(row.get(key)), _hashable(row.get(other))) for row in rows}
    return len(pairs) == len({first for first, _ in pairs})


def _hashable(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _rank(score: float | None) -> float:
    """The higher the better; a score that is missing or no number comes last."""
    return math.inf if score is None or math.isnan(score) else -score


# The table


def heading(jobs: Sequence[Job]) -> str:
    """How many jobs, and the overrides that all of them share."""
    shared = [o for o in jobs[0].overrides if all(o in job.overrides for job in jobs)]
    count = f"{len(jobs)} jobs" if len(jobs) > 1 else "1 job"
    return f"{count} of {' '.join(shared)}" if shared else count


def text_table(report: Report) -> str:
    """The columns for a terminal, numbers to the right."""
    names = short_names(report.varied, ("job", *report.scores))
    lines = [["job", *(names[key] for key in report.varied), *report.scores]]
    lines += [
        [
            job.name,
            *(text(job.settings.get(key)) for key in report.varied),
            *(score_text(job.scores.get(name)) for name in report.scores),
        ]
        for job in report.jobs
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    numbers = [False, *(is_numeric(report, key) for key in report.varied)]
    numbers += [True for _ in report.scores]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in lines
    )


def write_csv(report: Report, path: Path) -> None:
    """The same columns under their whole keys, with every digit."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        others = ("job", *report.scores)
        names = (_told_apart(key, others) for key in report.varied)
        writer.writerow(["job", *names, *report.scores])
        for job in report.jobs:
            settings = (job.settings.get(key) for key in report.varied)
            scores = (job.scores.get(name) for name in report.scores)
            writer.writerow([job.name, *settings, *scores])


def short_names(keys: Collection[str], others: Collection[str] = ()) -> Mapping[str, str]:
    """The last part of each key, or as many as tell it from the rest and from other columns."""
    parts = {key: key.replace("@", "/").replace("/", ".").split(".") for key in keys}
    names: dict[str, str] = {}
    for key, own in parts.items():
        rest = [other for name, other in parts.items() if name != key]
        ends = (own[-n:] for n in range(1, len(own) + 1))
        enough = (end for end in ends if all(other[-len(end) :] != end for other in rest))
        found = (name for end in enough if (name := ".".join(end)) not in others)
        names[key] = next(found, _told_apart(key, others))
    return names


def _told_apart(key: str, others: Collection[str]) -> str:
    """A key as the name of a column, among others that aren't settings."""
    return f"{key} (setting)" if key in others else key


def text(value: Any) -> str:
    """A setting as a person would say it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return ("x" if all(isinstance(item, int) for item in value) else ", ").join(
            map(text, value)
        )
    return str(value)


def score_text(score: float | None) -> str:
    """A score with as many digits as tell something."""
    return "-" if score is None else f"{score:.3f}"


def is_numeric(report: Report, key: str) -> bool:
    """Whether a column holds numbers alone."""
    values: list[Any] = [job.settings.get(key) for job in report.jobs]
    return all(is_number(value) and math.isfinite(value) for value in values)


# The plot


@dataclass(frozen=True)
class Dimension:
    """One thing that varies: a value for each job, in the order of the sweep."""

    label: str
    values: tuple[Any, ...]

    @property
    def distinct(self) -> tuple[Any, ...]:
        """Numbers in their order, others in that of the sweep."""
        found = tuple(dict.fromkeys(self.values))
        return tuple(sorted(found)) if self.is_numeric else found

    @property
    def is_numeric(self) -> bool:
        return not any(isinstance(value, str) for value in self.values)

    @property
    def scale(self) -> str:
        """What an axis of matplotlib is, by whether numbers reach over powers of ten."""
        positive = [v for v in self.distinct if v > 0] if self.is_numeric else []
        if not positive or min(self.values) < 0 or min(positive) > max(positive) / 10:
            return "linear"
        if 0 not in self.values:
            return "log"
        # A zero has no logarithm. Most numbers lie close to it if they are powers of ten.
        return "symlog" if median_low(self.distinct) <= max(positive) / 5 else "linear"

    def position(self, value: Any) -> float:
        """Where a value stands on the axis."""
        return float(value) if self.is_numeric else float(self.distinct.index(value))


def plot(report: Report) -> Figure:
    """The first score over what varies: as lines where the jobs form some, else over each by itself."""
    found = dimensions(report)
    x = max(found, key=lambda dimension: (dimension.is_numeric, len(dimension.distinct)))
    others = [dimension for dimension in found if dimension is not x]
    name = label(report.scores[0])
    if form_lines(x, others):
        width = 6.4 if x.is_numeric else min(max(6.4, 1.5 * LINE * len(x.distinct)), 10.6)
        beside = 2.2 if others else 0.0  # for the legend
        figure = Figure(figsize=(width + beside, 4.2), layout="constrained")
        draw_lines(figure.subplots(), report, x, others)
        title = _title(report, figure)
        means = f" of each {REPEATS}, and the mean" if _is_repeated(report) else ""
    else:
        figure = draw_panels(report, found)
        hidden = f"; {MOST_PANELS} of {len(found)} settings" if len(found) > MOST_PANELS else ""
        title = f"{_title(report, figure)}\n(star: the best{hidden})"
        means = f" of each {REPEATS}" if _is_repeated(report) else ""
    figure.suptitle(title, fontsize="medium")
    figure.supylabel(name + means, fontsize="medium")
    return figure


def _title(report: Report, figure: Figure) -> str:
    lines = wrap(heading(report.jobs), width=int(LETTERS * figure.get_figwidth()))
    return _plain("\n".join(lines if len(lines) <= 3 else [*lines[:3], "..."]))


def _is_repeated(report: Report) -> bool:
    """Whether there are repeats, and something else to see them by."""
    return REPEATS in report.varied and len(report.varied) > 1


def dimensions(report: Report) -> list[Dimension]:
    """What varies apart from repeats; the job itself if nothing does."""
    names = short_names(report.varied, ("job", *report.scores))
    keys = [key for key in report.varied if key != REPEATS] or report.varied
    rows = [job.settings for job in report.sweep]
    found = []
    for key in keys:
        values = tuple(row.get(key) for row in rows)
        texts = values if is_numeric(report, key) else tuple(map(text, values))
        found.append(Dimension(names[key], texts))
    return found or [Dimension("job", tuple(job.name for job in report.sweep))]


def form_lines(x: Dimension, others: Sequence[Dimension]) -> bool:
    """Whether few combinations of the others, short to say, each come with several values of `x`."""
    combinations = _combinations(others, len(x.values))
    lines, points = set(combinations), set(_combinations([x, *others], len(x.values)))
    is_short = all(len(_entry(combination)) <= WIDE for combination in lines)
    return not others or (is_short and len(lines) < len(points) and len(lines) <= MOST_LINES)


def draw_lines(axes: Axes, report: Report, x: Dimension, others: Sequence[Dimension]) -> None:
    """A line through the mean of the jobs at each value, one for each combination of the others."""
    combinations = _combinations(others, len(report.sweep))
    style, size = ("o-", 6) if x.is_numeric else ("_", 18) if REPEATS in report.varied else ("o", 7)
    for number, combination in enumerate(_in_order(combinations, others)):
        at: dict[float, list[float]] = {}
        for job, value, own in zip(report.sweep, x.values, combinations, strict=True):
            if own == combination:
                at.setdefault(x.position(value), []).append(_score(report, job))
        color = f"C{number}"
        for place, scores in at.items():
            axes.plot([place] * len(scores), scores, "o", color=color, alpha=0.4, markersize=5)
        means = sorted((place, fmean(scores)) for place, scores in at.items())
        entry = " " + _plain(_entry(combination))  # a legend leaves out what begins with _
        axes.plot(*zip(*means, strict=True), style, color=color, label=entry, markersize=size)
    if others:
        title = ", ".join(dimension.label for dimension in others)
        axes.legend(title=_plain(fill(title, WIDE)), loc="upper left", bbox_to_anchor=(1, 1))
    _name_axis(axes, x)


def draw_panels(report: Report, found: Sequence[Dimension]) -> Figure:
    """A panel for each of the first dimensions, three beside each other."""
    shown = found[:MOST_PANELS]
    rows, columns = math.ceil(len(shown) / 3), min(len(shown), 3)
    figure = Figure(figsize=(3.2 * columns, 3.8 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False).flat
    for panel, dimension in zip(panels, shown, strict=False):
        draw_points(panel, report, dimension)
    for panel in list(panels)[len(shown) :]:
        panel.remove()
    return figure


def draw_points(axes: Axes, report: Report, x: Dimension) -> None:
    """Each job by itself, the best one marked."""
    places = [x.position(value) for value in x.values]
    scores = [_score(report, job) for job in report.sweep]
    best = report.sweep.index(report.jobs[0])
    axes.plot(places, scores, "o", alpha=0.7)
    axes.plot(places[best], scores[best], "*", color="C1", markersize=14)
    _name_axis(axes, x)


def _name_axis(axes: Axes, x: Dimension) -> None:
    axes.set_xlabel(label(x.label))
    axes.grid(alpha=0.3)
    axes.margins(x=0.05 if x.is_numeric else 0.15, y=0.08)
    if x.scale == "log":
        axes.set_xscale("log")
        is_wide = max(x.values) / min(x.values) > 1000
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0,) if is_wide else (1.0, 3.0)))
    elif x.scale == "symlog":
        axes.set_xscale("symlog", linthresh=x.distinct[1])  # evenly spaced up to the first after 0
    if x.scale != "linear":
        axes.xaxis.set_major_formatter(lambda value, _: text(value))
        axes.minorticks_off()
    if not x.is_numeric or len(x.distinct) <= MOST_TICKS:
        _name_places(axes, x)


def _name_places(axes: Axes, x: Dimension) -> None:
    """A tick for each value; texts stand upright if they are long, and of very many only some do."""
    room = axes.bbox.width / axes.figure.dpi
    step = 1 if x.is_numeric else math.ceil(len(x.distinct) * LINE / room)
    labels = {x.position(value): label(value) for value in x.distinct[::step]}
    axes.set_xticks(list(labels), list(labels.values()))
    axes.minorticks_off()
    is_wide = len(labels) * (max(map(len, labels.values())) + 2) > room * LETTERS
    if not x.is_numeric and is_wide:
        axes.tick_params(axis="x", labelrotation=90)


def label(value: Any) -> str:
    """A value as it stands in a plot, which has no room for long ones."""
    whole = text(value)
    return _plain(whole if len(whole) <= WIDE else f"{whole[: WIDE - 3]}...")


def _plain(text: str) -> str:
    """What matplotlib prints as it is, rather than as a formula."""
    return text.replace("$", r"\$")


def _entry(combination: Iterable[Any]) -> str:
    return ", ".join(map(text, combination))


def _in_order(
    combinations: Iterable[tuple[Any, ...]], found: Sequence[Dimension]
) -> list[tuple[Any, ...]]:
    """Each combination once, in the order of its values."""

    def places(combination: tuple[Any, ...]) -> list[float]:
        return [x.position(value) for x, value in zip(found, combination, strict=True)]

    return sorted(set(combinations), key=places)


def _combinations(found: Sequence[Dimension], count: int) -> list[tuple[Any, ...]]:
    """What each job has in some dimensions together."""
    return [tuple(dimension.values[number] for dimension in found) for number in range(count)]


def _score(report: Report, job: Job) -> float:
    score = job.scores.get(report.scores[0])
    return math.nan if score is None else score


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
