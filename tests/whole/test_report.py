"""The example's report of a sweep: of jobs that ran, and of folders written by hand."""

import csv
import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from example_project.report import (
    compare,
    dimensions,
    form_lines,
    heading,
    main,
    plot,
    read_jobs,
    short_names,
    text_table,
)
from tests.support.project import PATIENCE, environment, run_python

pytestmark = pytest.mark.slow

SCORES = {"accuracy": 0.9, "f1": 0.8}
Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes what a job leaves, as Hydra and `train.py` do."""

    def job(
        name: str,
        config: Mapping[str, Any],
        *,
        choices: Mapping[str, Any] | None = None,
        overrides: tuple[str, ...] = (),
        scores: Mapping[str, Any] = SCORES,
    ) -> None:
        folder = tmp_path / name
        (folder / ".hydra").mkdir(parents=True)
        result = {
            "choices": choices or {},
            "overrides": overrides,
            "config": config,
            "scores": scores,
        }
        (folder / "result.json").write_text(json.dumps(result))

    return job


def png_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels, from the header of what must be a PNG."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and data.rstrip().endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def varied(folder: Path) -> tuple[str, ...]:
    return compare(read_jobs(folder)).varied


# Jobs that ran


def test_real_sweep(tmp_path: Path) -> None:
    sweep = tmp_path / "sweep"
    overrides = ("data=wine", "model=logistic", "model.C=0.01,1", "seed=1,2")
    run = run_python(
        *("-m", "example_project.train", "-m", *overrides, f"hydra.sweep.dir={sweep}"), cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr

    report = run_python("-m", "example_project.report", str(sweep), cwd=tmp_path)

    assert (report.returncode, report.stderr) == (0, "")
    title, _, header, *lines = report.stdout.splitlines()
    assert title == "4 jobs of data=wine model=logistic"
    assert header.split() == ["job", "seed", "C", "accuracy", "f1"]
    table = [line.split() for line in lines[:4]]
    assert {tuple(cells[:3]) for cells in table} == {
        ("0", "1", "0.01"),
        ("1", "2", "0.01"),
        ("2", "1", "1"),
        ("3", "2", "1"),
    }
    result = json.loads((sweep / table[0][0] / "result.json").read_text())
    assert table[0][3:] == [f"{score:.3f}" for score in result["scores"].values()]
    scores = [float(cells[3]) for cells in table]
    assert scores == sorted(scores, reverse=True)
    written = rows(sweep / "report.csv")
    assert written[0] == ["job", "seed", "model.C", "accuracy", "f1"]
    assert [row[0] for row in written[1:]] == [cells[0] for cells in table]
    assert float(written[1][3]) == result["scores"]["accuracy"]
    width, height = png_size(sweep / "report.png")
    assert 600 <= width <= 2000
    assert 400 <= height <= 1500


# What varies


def test_best_job_comes_first_and_one_without_a_score_last(tmp_path: Path, write: Write) -> None:
    for name, score in {"0": 0.5, "1": float("nan"), "2": 0.9, "10": 0.9, "9": 0.9}.items():
        write(name, {"lr": int(name)}, scores={"accuracy": score})
    write("3", {"lr": 3}, scores={"f1": 1.0})

    report = compare(read_jobs(tmp_path))

    assert [job.name for job in report.jobs] == ["2", "9", "10", "0", "1", "3"]
    assert report.scores == ("accuracy", "f1")


def test_what_follows_from_a_choice_is_left_out(tmp_path: Path, write: Write) -> None:
    """The option says which class, and which options below it; what is set on it is said as well."""
    for name, trees in {"0": 10, "1": 20}.items():
        config = {"model": {"_target_": "Forest", "trees": trees}, "data": {"loader": "wine"}}
        write(name, config, choices={"model": "forest", "data": "wine"})
    config = {"model": {"_target_": "Mlp", "solver": {"lr": 0.1}}, "data": {"loader": "wine"}}
    choices = {"model": "mlp", "data": "wine", "model/solver": "sgd"}
    write("2", config, choices=choices)

    assert varied(tmp_path) == ("model", "model.trees")
    table = text_table(compare(read_jobs(tmp_path))).splitlines()
    assert table[0].split() == ["job", "model", "trees", "accuracy", "f1"]
    assert table[3].split() == ["2", "mlp", "-", "0.900", "0.800"]


def test_a_choice_with_a_place_of_its_own(tmp_path: Path, write: Write) -> None:
    for name in ("none", "pca"):
        choices = {"data": "wine", "data/preprocess@data.reduce": name}
        write(name, {"data": {"reduce": {"_target_": name}, "loader": "wine"}}, choices=choices)

    assert varied(tmp_path) == ("data/preprocess@data.reduce",)
    assert short_names(varied(tmp_path)) == {"data/preprocess@data.reduce": "reduce"}


def test_experiments_are_named_and_numbered_points_are_spelled_out(
    tmp_path: Path, write: Write
) -> None:
    for number, size in enumerate(("small", "large")):
        config = {"width": 2**number, "depth": number}
        named, points = tmp_path / "named", tmp_path / "points"
        write(f"{named}/{number}", config, choices={"exp/_points/sizes/size": size})
        write(f"{points}/{number}", config, choices={"exp/_points/grid/pair": f"p{number}"})

    assert varied(named) == ("exp/_points/sizes/size",)
    assert varied(points) == ("width", "depth")

    write(f"{points}/other", {"width": 7, "depth": 7})  # a job of something else

    assert varied(points) == ("width", "depth")


def test_a_node_that_is_there_or_not_is_told_once(tmp_path: Path, write: Write) -> None:
    write("0", {"ema": None})
    write("1", {"ema": {"lr": 1}}, choices={"optimizer@ema": "sgd"})

    assert varied(tmp_path) == ("optimizer@ema",)


def test_columns_of_one_name_are_told_apart(tmp_path: Path, write: Write) -> None:
    for number, name in enumerate(("macro", "micro")):
        config = {"metrics": {"f1": {"name": name}}, "job": number, "accuracy": number}
        write(name, config, choices={"metric@metrics.f1": name})
    report = compare(read_jobs(tmp_path))

    header = ["job", "metrics.f1", "job (setting)", "accuracy (setting)", "accuracy", "f1"]
    assert text_table(report).splitlines()[0].split() == " ".join(header).split()
    assert main([str(tmp_path)]) == 0
    assert rows(tmp_path / "report.csv")[0] == ["job", "metric@metrics.f1", *header[2:]]


def test_names_are_as_short_as_they_can_be() -> None:
    assert short_names(["model.lr", "model.solver.tol", "other.tol"]) == {
        "model.lr": "lr",
        "model.solver.tol": "solver.tol",
        "other.tol": "other.tol",
    }


def test_heading_tells_what_the_jobs_share(tmp_path: Path, write: Write) -> None:
    for name in ("0", "1"):
        write(name, {"seed": int(name)}, overrides=("+exp=grid", f"seed={name}"))

    assert heading(read_jobs(tmp_path)) == "2 jobs of +exp=grid"
    assert heading(read_jobs(tmp_path)[:1]) == "1 job of +exp=grid seed=0"


@pytest.mark.parametrize(
    ("jobs", "x", "scale", "has_lines"),
    [
        ([{"lr": lr, "m": m} for lr in (0.01, 0.1, 1) for m in (0, 1)], "lr", "log", True),
        ([{"lr": lr} for lr in (1, 2, 3)], "lr", "linear", True),
        ([{"lr": lr, "seed": s} for lr in (0, 1) for s in (0, 1, 2)], "lr", "linear", True),
        ([{"lr": lr} for lr in (0, 0.001, 0.01, 0.1)], "lr", "symlog", True),
        ([{"lr": lr} for lr in range(0, 101, 5)], "lr", "linear", True),
        ([{"seed": s} for s in (0, 1, 2)], "seed", "linear", True),
        ([{"a": 0.1 * n, "b": 2.0**n} for n in range(1, 6)], "a", "linear", False),
        ([{"a": n, "b": m} for n in range(20) for m in range(9)], "a", "linear", False),
        ([{"sizes": [n], "kind": k} for n in (1, 2, 3) for k in "ab"], "sizes", "linear", True),
        ([{"name": "x" * 40 + str(n)} for n in range(200)], "name", "linear", True),
        ([{"n$": n, "name": f"$a{n}$ ${{seed}} _"} for n in (1, 2)], "n$", "linear", False),
        ([dict.fromkeys("abcdefgh", n % 2) | {"n": n} for n in range(4)], "a", "linear", False),
        (
            [{c: c * 9 * n for c in "abcd"} | {"n": m} for n in (1, 2) for m in (1, 2)],
            "a",
            "linear",
            False,
        ),
        ([{}, {}], "job", "linear", True),
    ],
)
def test_plot(
    jobs: list[dict[str, Any]],
    x: str,
    scale: str,
    has_lines: bool,
    tmp_path: Path,
    write: Write,
) -> None:
    for number, config in enumerate(jobs):
        write(str(number), config)

    assert main([str(tmp_path)]) == 0

    found = dimensions(compare(read_jobs(tmp_path)))
    assert (found[0].label, found[0].scale) == (x, scale)
    assert form_lines(found[0], found[1:]) == has_lines
    width, height = png_size(tmp_path / "report.png")
    assert 600 <= width <= 2000
    assert 400 <= height <= 1500


def test_plot_follows_the_sweep(tmp_path: Path, write: Write) -> None:
    """Texts and colours come in the order of the jobs, numbers by size, whatever scored best."""
    values = [(name, width) for name in ("b", "a", "c") for width in (20, 3, 100)]
    for number, (name, width) in enumerate(values):
        write(str(number), {"name": name, "width": width}, scores={"accuracy": number})
    report = compare(read_jobs(tmp_path))

    assert [x.distinct for x in dimensions(report)] == [("b", "a", "c"), (3, 20, 100)]
    (axes,) = plot(report).axes
    legend = axes.get_legend()
    assert legend is not None
    assert [entry.get_text().strip() for entry in legend.get_texts()] == ["b", "a", "c"]


def test_labels_of_lines_and_of_panels(tmp_path: Path, write: Write) -> None:
    """Only lines show a mean; a long title goes on in another line; panels are a few at most."""
    shared = tuple(f"model.setting_{n}={n}" for n in range(6))
    for number in range(8):
        config = {"lr": number // 2, "seed": number % 2}
        write(f"lines/{number}", config, overrides=shared)
        many = dict.fromkeys("abcdefgh", number)
        write(f"panels/{number}", {**many, "seed": number % 2}, overrides=shared)
    lines, panels = (plot(compare(read_jobs(tmp_path / name))) for name in ("lines", "panels"))

    assert lines.get_supylabel() == "accuracy of each seed, and the mean"
    assert panels.get_supylabel() == "accuracy of each seed"
    title = lines.get_suptitle().splitlines()
    assert len(title) == 2 and " ".join(title) == f"8 jobs of {' '.join(shared)}"
    assert panels.get_suptitle().endswith("\n(star: the best; 6 of 8 settings)")
    assert len(panels.axes) == 6


def test_labels_are_no_formulas_and_do_not_overlap(tmp_path: Path, write: Write) -> None:
    for number in range(9):
        write(str(number), {"name": f"${number}$ dataset"})
    (axes,) = plot(compare(read_jobs(tmp_path))).axes

    texts = axes.get_xticklabels()
    assert [tick.get_text() for tick in texts] == [rf"\${n}\$ dataset" for n in range(9)]
    assert {tick.get_rotation() for tick in texts} == {90}


# Nothing to report, or less than hoped for


def test_a_score_is_a_number(tmp_path: Path, write: Write) -> None:
    write("0", {"lr": 1}, scores={"accuracy": "high", "f1": 0.5, "note": "x"})
    write("1", {"lr": 2}, scores={"accuracy": None})
    write("2", {"lr": 3})

    report = compare(read_jobs(tmp_path))

    assert [job.name for job in report.jobs] == ["2", "0"]
    assert text_table(report).splitlines()[2].split() == ["0", "1", "-", "0.500"]


def test_reader_who_has_seen_enough(tmp_path: Path, write: Write) -> None:
    """`report ... | head` still writes the files."""
    write("0", {"lr": 1})
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        result = subprocess.run(
            [sys.executable, "-m", "example_project.report", str(tmp_path)],
            env=environment(),
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "report.csv").exists() and (tmp_path / "report.png").exists()


def test_a_single_job_by_itself(
    tmp_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("only", {"lr": 1})

    assert main([str(tmp_path / "only")]) == 0
    assert capsys.readouterr().out.splitlines()[2:4] == [
        "job   accuracy     f1",
        "only     0.900  0.800",
    ]
    assert rows(tmp_path / "only" / "report.csv") == [
        ["job", "accuracy", "f1"],
        ["only", "0.9", "0.8"],
    ]
    assert png_size(tmp_path / "only" / "report.png") > (600, 400)


def test_failed_jobs_are_left_out_and_named(
    tmp_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("0", {"lr": 1})
    write("1", {"lr": 2})
    for name in ("2", "10"):
        (tmp_path / name / ".hydra").mkdir(parents=True)
    write("3", {"lr": 3})
    (tmp_path / "3" / "result.json").write_text('{"choices": {')
    write("4", {"lr": 4}, scores={})

    assert main([str(tmp_path)]) == 0

    told = capsys.readouterr()
    assert told.out.startswith("2 jobs\n")
    assert told.err == "left out, failed or still running: 2, 3, 4, 10\n"
    assert [row[0] for row in rows(tmp_path / "report.csv")] == ["job", "0", "1"]


def test_no_job_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", f"no finished job below {tmp_path}\n")

    (tmp_path / "0" / ".hydra").mkdir(parents=True)

    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr() == (
        "",
        f"no finished job below {tmp_path}: 1 failed or still running\n",
    )
    assert not list(tmp_path.glob("report.*"))


def test_missing_folder(tmp_path: Path) -> None:
    report = run_python("-m", "example_project.report", "nowhere", cwd=tmp_path)

    assert (report.returncode, report.stdout, report.stderr) == (1, "", "nowhere is no folder\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["multirun", "--help"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("usage: python -m example_project.report FOLDER\n")
    assert printed.err == ""


def test_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err == "usage: python -m example_project.report FOLDER\n"


def test_report_that_can_not_be_written(
    tmp_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("0", {"lr": 1})
    (tmp_path / "report.csv").mkdir()

    assert main([str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("1 job\n\njob")
    assert "written" not in printed.out
    assert printed.err.startswith("the report can't be written: ")
