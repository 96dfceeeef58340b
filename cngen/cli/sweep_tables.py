"""Listings -> a table for people, JSON or CSV for programs."""

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cngen.compose.listing import Group, Listing
from cngen.text.escaping import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_MOST_OPTIONS = 6
"""Of more options than these, only the first two and the last are printed."""

_NARROWEST = 20
"""The narrowest column in which a wrapped cell is readable."""


def details(listing: Listing, style: str) -> str:
    """One experiment with its jobs, as `table`, `json` or `csv`."""
    return {"json": _json, "csv": _csv, "table": _table}[style](listing)


def overview(listings: Collection[Listing], style: str) -> str:
    """Every experiment without its jobs, as `table`, `json` or `csv`."""
    made = {"json": _overview_json, "csv": _overview_csv, "table": _overview_table}
    return made[style](listings)


# For programs


def _json(listing: Listing) -> str:
    jobs = [asdict(job) for job in listing.jobs]
    return json.dumps(_fields(listing) | {"jobs": jobs}, indent=2) + "\n"


def _overview_json(listings: Iterable[Listing]) -> str:
    return json.dumps([_fields(listing) for listing in listings], indent=2) + "\n"


def _fields(listing: Listing) -> dict[str, Any]:
    return {
        "experiment": listing.name,
        "primary": listing.primary,
        "command": listing.command,
        "launcher": listing.launcher or None,
        "sweeper": listing.sweeper or None,
        "count": listing.count,
        "columns": list(listing.columns),
        "fixed": {setting.key: setting.value for setting in listing.fixed},
        "space": dict(listing.space),
    }


def _csv(listing: Listing) -> str:
    """A row for each job: its number, what varies, and its overrides; or for each key of a search."""
    if listing.space:
        return _csv_text([_SPACE, *listing.space])
    rows = [[n, *job.values, " ".join(job.overrides)] for n, job in enumerate(listing.jobs)]
    return _csv_text([["job", *listing.columns, "overrides"], *rows])


def _overview_csv(listings: Iterable[Listing]) -> str:
    rows = [
        [item.name, item.primary, _count(item), _engine(item), item.command] for item in listings
    ]
    return _csv_text([["experiment", "primary", "jobs", "engine", "command"], *rows])


def _csv_text(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    shown = ([one_line(str(cell)) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows(shown)
    return text.getvalue()


# For people


def _table(listing: Listing) -> str:
    """What is fixed, then a table of the jobs, or of the space where a sweeper searches."""
    from rich.text import Text

    console = _console()
    with console.capture() as captured:
        title = Text.assemble((one_line(listing.name), "bold"), f": {one_line(_title(listing))}")
        console.print(title, highlight=False)
        for line in _lines(listing):
            text = f"  {one_line(line)}"
            console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)
        if listing.space:
            console.print()
            console.print(_grid(_SPACE, listing.space))
        elif listing.columns:
            rows = [(str(n), *job.values) for n, job in enumerate(listing.jobs)]
            console.print()
            console.print(_grid(("job", *listing.columns), rows, whole=("job",)))
            hidden = (listing.count or 0) - len(listing.jobs)
            if hidden > 0:
                console.print(f"  ... and {hidden} more", highlight=False)
    return _trimmed(captured.get())


def _title(listing: Listing) -> str:
    engine = f" with {_engine(listing)}" if _engine(listing) else ""
    jobs = f"{_count(listing)} job{'' if listing.count == 1 else 's'}"
    return f"{jobs} of `{listing.primary}`{engine}"


def _lines(listing: Listing) -> Iterator[str]:
    """The command, what is fixed, and the keys of the generated groups with what varies in them."""
    yield f"$ {listing.command}"
    for setting in listing.fixed:
        meaning = f"  {setting.meaning}" if setting.meaning else ""
        yield f"{setting.key}={setting.value}{meaning}"
    for group in listing.groups:
        yield f"choose {', '.join(group.columns)} with {group.key}={_options(group)}"


def _options(group: Group) -> str:
    """`p0|p1|p2`, or `p00|p01|...|p99`."""
    options = group.options
    shown = options if len(options) <= _MOST_OPTIONS else (*options[:2], "...", options[-1])
    return "|".join(shown)


def _overview_table(listings: Collection[Listing]) -> str:
    if not listings:
        return ""
    columns = {
        "experiment": [item.name for item in listings],
        "primary": [item.primary for item in listings],
        "jobs": [_count(item) for item in listings],
        "engine": [_engine(item) for item in listings],
        "varies": [", ".join(item.columns) for item in listings],
    }
    console = _console()
    names = _fitting(columns, console.width)
    rows = zip(*(columns[name] for name in names), strict=True)
    whole = tuple(name for name in names if name != "varies")
    with console.capture() as captured:
        console.print(_grid(names, rows, whole))
    return _trimmed(captured.get())


def _fitting(columns: dict[str, list[str]], width: int) -> list[str]:
    """The columns for which there is room; the others are left out, the least needed first."""
    needed = {name: max(map(len, [name, *cells])) + 3 for name, cells in columns.items()}
    needed["varies"] = min(needed["varies"], _NARROWEST)
    for name in ("primary", "varies", "engine"):
        if sum(needed.values()) - 3 > width:
            del needed[name]
    return list(needed)


def _grid(
    columns: Sequence[str], rows: Iterable[Sequence[str]], whole: Collection[str] = ()
) -> "Table":
    """A table for the console; cells in the columns `whole` aren't broken into lines."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(Text(one_line(column)), overflow="fold", no_wrap=column in whole)
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    return table


def _console() -> "Console":
    """A console for tables, as wide as they need if the output isn't a terminal; plain with NO_COLOR."""
    from rich.console import Console

    width, height = shutil.get_terminal_size()
    return Console(
        width=width if sys.stdout.isatty() else 10_000,
        height=height,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def _trimmed(text: str) -> str:
    """Without the blanks at the end of each line."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


_SPACE = ("key", "searched in")


def _count(listing: Listing) -> str:
    return "?" if listing.count is None else str(listing.count)


def _engine(listing: Listing) -> str:
    return " + ".join(part for part in (listing.sweeper, listing.launcher) if part)
