"""One table and one plot of the jobs below a folder: `python -m example_project.report multirun`."""

import csv
import json
import math
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

Row = Mapping[str, Any]
"""What stands in the columns of one job; a column may lack."""

REPEATS = "seed"
"""A parameter that repeats a job rather than changing it."""

MOST_LINES = 8
"""More lines than these in one plot can't be told apart."""

MOST_TICKS = 6
"""More numbers than these on an axis run into each other."""


@dataclass(frozen=True)
class Job:
    """What one job left. `settings` are its choices and its config, by command-line key."""

    name: str
    overrides: tuple[str, ...]
    choices: Row
    config: Row
    scores: Mapping[str, float]

    @property
    def settings(self) -> Row:
        return {**self.config, **self.choices}


@dataclass(frozen=True)
class Report:
    """Jobs from the best to the worst, the keys in which they differ, and their scores' names."""

    jobs: tuple[Job, ...]
    varied: tuple[str, ...]
    scores: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Print the table, write `report.csv` and `report.png`; returns the exit status."""
    if len(arguments) != 1:
        print("usage: python -m example_project.report FOLDER", file=sys.stderr)
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
    print(heading(jobs), text_table(report), sep="\n\n")
    try:
        write_csv(report, folder / "report.csv")
        plot(report).savefig(folder / "report.png", dpi=150)
    except OSError as error:
        print(f"the report can't be written: {error}", file=sys.stderr)
        return 1
    print(f"\n{folder / 'report.csv'} and {folder / 'report.png'} written")
    if unfinished:
        print(f"left out, failed or still running: {', '.join(unfinished)}", file=sys.stderr)
    return 0


# Reading


def read_jobs(folder: Path) -> tuple[Job, ...]:
    """The jobs that finished, in the order in which they were numbered."""
    paths = sorted(folder.rglob("result.json"), key=lambda path: _natural(path.parent, folder))
    return tuple(job for path in paths if (job := read_job(path, folder)) is not None)


def read_job(path: Path, folder: Path) -> Job | None:
    """One job; None if it left no scores, or ended while it wrote them."""
    try:
        result = json.loads(path.read_text())
        job = Job(
            name=_name(path.parent, folder),
            overrides=tuple(result["overrides"]),
            choices=result["choices"],
            config=dict(flat(result["config"])),
            scores=result["scores"],
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return job if job.scores else None


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
    scores = tuple(dict.fromkeys(name for job in jobs for name in job.scores))
    ranked = sorted(jobs, key=lambda job: _rank(job.scores.get(scores[0])))
    return Report(tuple(ranked), varied_keys(jobs), scores)


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
            choice != key and _is_above(above, place) and _determines(rows, choice, key)
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
    options = (str(row.get(key)) for row in rows)
    return "/_points/" in key and all(o[0] == "p" and o[1:].isdigit() for o in options)


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
    names = short_names(report.varied)
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
        writer.writerow(["job", *report.varied, *report.scores])
        for job in report.jobs:
            settings = (job.settings.get(key) for key in report.varied)
            scores = (job.scores.get(name) for name in report.scores)
            writer.writerow([job.name, *settings, *scores])


def short_names(keys: Collection[str]) -> Mapping[str, str]:
    """The last part of each key, or as many as tell it from the others."""
    parts = {key: key.replace("@", "/").replace("/", ".").split(".") for key in keys}
    names: dict[str, str] = {}
    for key, own in parts.items():
        others = [other for name, other in parts.items() if name != key]
        lengths = range(1, len(own) + 1)
        enough = (n for n in lengths if all(other[-n:] != own[-n:] for other in others))
        names[key] = ".".join(own[-next(enough, len(own)) :])
    return names


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
    values = [job.settings.get(key) for job in report.jobs]
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


# The plot


@dataclass(frozen=True)
class Dimension:
    """One thing that varies: a value for each job of the report, in its order."""

    label: str
    values: tuple[Any, ...]

    @property
    def distinct(self) -> tuple[Any, ...]:
        """Numbers in their order, others as they come."""
        found = tuple(dict.fromkeys(self.values))
        return tuple(sorted(found)) if self.is_numeric else found

    @property
    def is_numeric(self) -> bool:
        return not any(isinstance(value, str) for value in self.values)

    @property
    def is_logarithmic(self) -> bool:
        """Whether numbers reach over powers of ten."""
        return self.is_numeric and 0 < min(self.values) <= max(self.values) / 10

    def position(self, value: Any) -> float:
        """Where a value stands on the axis."""
        return float(value) if self.is_numeric else float(self.distinct.index(value))


def plot(report: Report) -> Figure:
    """The first score over what varies: as lines where the jobs form some, else over each by itself."""
    found = dimensions(report)
    x = max(found, key=lambda dimension: (dimension.is_numeric, len(dimension.distinct)))
    others = [dimension for dimension in found if dimension is not x]
    title = heading(report.jobs)
    if form_lines(x, others):
        figure = Figure(figsize=(6.4, 4.2), layout="constrained")
        draw_lines(figure.subplots(), report, x, others)
    else:
        figure = Figure(figsize=(3.2 * len(found), 3.8), layout="constrained")
        panels = figure.subplots(1, len(found), sharey=True)
        for panel, dimension in zip(panels, found, strict=True):
            draw_points(panel, report, dimension)
        title += " (star: the best)"
    figure.suptitle(title, fontsize="medium")
    is_repeated = REPEATS in report.varied and found[0].label != REPEATS
    means = f" of each {REPEATS}, and the mean" if is_repeated else ""
    figure.supylabel(report.scores[0] + means, fontsize="medium")
    return figure


def dimensions(report: Report) -> list[Dimension]:
    """What varies apart from repeats; the job itself if nothing does."""
    names = short_names(report.varied)
    keys = [key for key in report.varied if key != REPEATS] or report.varied
    rows = [job.settings for job in report.jobs]
    found = []
    for key in keys:
        values = tuple(row.get(key) for row in rows)
        texts = values if is_numeric(report, key) else tuple(map(text, values))
        found.append(Dimension(names[key], texts))
    return found or [Dimension("job", tuple(job.name for job in report.jobs))]


def form_lines(x: Dimension, others: Sequence[Dimension]) -> bool:
    """Whether few combinations of the others each come with several values of `x`."""
    lines = set(_combinations(others, len(x.values)))
    points = set(_combinations([x, *others], len(x.values)))
    return not others or (len(lines) < len(points) and len(lines) <= MOST_LINES)


def draw_lines(axes: Axes, report: Report, x: Dimension, others: Sequence[Dimension]) -> None:
    """A line through the mean of the jobs at each value, one for each combination of the others."""
    combinations = _combinations(others, len(report.jobs))
    style, size = ("o-", 6) if x.is_numeric else ("_", 18) if REPEATS in report.varied else ("o", 7)
    for number, combination in enumerate(sorted(set(combinations), key=combinations.index)):
        at: dict[float, list[float]] = {}
        for job, value, own in zip(report.jobs, x.values, combinations, strict=True):
            if own == combination:
                at.setdefault(x.position(value), []).append(_score(report, job))
        color = f"C{number}"
        for place, scores in at.items():
            axes.plot([place] * len(scores), scores, "o", color=color, alpha=0.4, markersize=5)
        means = sorted((place, fmean(scores)) for place, scores in at.items())
        label = ", ".join(map(text, combination))
        axes.plot(*zip(*means, strict=True), style, color=color, label=label, markersize=size)
    if others:
        axes.legend(title=", ".join(dimension.label for dimension in others))
    _name_axis(axes, x)


def draw_points(axes: Axes, report: Report, x: Dimension) -> None:
    """Each job by itself, the best one marked."""
    places = [x.position(value) for value in x.values]
    scores = [_score(report, job) for job in report.jobs]
    axes.plot(places, scores, "o", alpha=0.7)
    axes.plot(places[:1], scores[:1], "*", color="C1", markersize=14)
    _name_axis(axes, x)


def _name_axis(axes: Axes, x: Dimension) -> None:
    axes.set_xlabel(x.label)
    axes.grid(alpha=0.3)
    axes.margins(x=0.05 if x.is_numeric else 0.15, y=0.08)
    if x.is_logarithmic:
        axes.set_xscale("log")
        is_wide = max(x.values) / min(x.values) > 1000
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0,) if is_wide else (1.0, 3.0)))
        axes.xaxis.set_major_formatter(lambda value, _: text(value))
        axes.minorticks_off()
    if not x.is_numeric or len(x.distinct) <= MOST_TICKS:
        axes.set_xticks([x.position(v) for v in x.distinct], [text(v) for v in x.distinct])
        axes.minorticks_off()


def _combinations(found: Sequence[Dimension], count: int) -> list[tuple[Any, ...]]:
    """What each job has in some dimensions together."""
    return [tuple(dimension.values[number] for dimension in found) for number in range(count)]


def _score(report: Report, job: Job) -> float:
    score = job.scores.get(report.scores[0])
    return math.nan if score is None else score


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
