"""Listings -> a table for people, JSON or CSV for programs."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cngen.listing import Listing

if TYPE_CHECKING:
    from rich.console import Console


def as_json(listing: Listing) -> str:
    """One experiment with its jobs."""
    return json.dumps(_fields(listing) | {"jobs": [asdict(job) for job in listing.jobs]}, indent=2)


def overview_json(listings: Iterable[Listing]) -> str:
    """Every experiment, without its jobs."""
    return json.dumps([_fields(listing) for listing in listings], indent=2)


def _fields(listing: Listing) -> dict[str, Any]:
    return {
        "experiment": listing.name,
        "primary": listing.primary,
        "command": listing.command,
        "launcher": listing.launcher or None,
        "sweeper": listing.sweeper or None,
        "count": listing.count,
        "columns": list(listing.columns),
        "fixed": dict(listing.fixed),
        "space": dict(listing.space),
    }


def as_csv(listing: Listing) -> str:
    """A row for each job: its number, what varies, and its overrides."""
    rows = [[n, *job.values, " ".join(job.overrides)] for n, job in enumerate(listing.jobs)]
    return _csv([["job", *listing.columns, "overrides"], *rows])


def overview_csv(listings: Iterable[Listing]) -> str:
    """A row for each experiment."""
    rows = [
        [item.name, item.primary, _count(item), _engine(item), item.command] for item in listings
    ]
    return _csv([["experiment", "primary", "jobs", "engine", "command"], *rows])


def _csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def print_jobs(listing: Listing, console: "Console") -> None:
    """What is fixed, then a table of the jobs, or of the space where a sweeper searches."""
    engine = f" with {_engine(listing)}" if _engine(listing) else ""
    jobs = f"{_count(listing)} job{'' if listing.count == 1 else 's'}"
    console.print(
        f"[bold]{listing.name}[/]: {jobs} of `{listing.primary}`{engine}", highlight=False
    )
    console.print(f"  $ {listing.command}", markup=False, highlight=False, soft_wrap=True)
    for key, value in listing.fixed:
        console.print(f"  {key}={value}", markup=False, highlight=False, soft_wrap=True)
    if listing.space:
        _print_table(console, ("key", "searched in"), listing.space)
    elif listing.columns:
        rows = [(str(n), *job.values) for n, job in enumerate(listing.jobs)]
        _print_table(console, ("job", *listing.columns), rows)
    hidden = (listing.count or 0) - len(listing.jobs)
    if listing.jobs and hidden > 0:
        console.print(f"  ... and {hidden} more", highlight=False)


def print_overview(listings: Iterable[Listing], console: "Console") -> None:
    """A table of experiments."""
    rows = [
        (item.name, item.primary, _count(item), _engine(item), ", ".join(item.columns))
        for item in listings
    ]
    _print_table(console, ("experiment", "primary", "jobs", "engine", "varies"), rows)


def _print_table(console: "Console", columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print()
    console.print(table)


def _count(listing: Listing) -> str:
    return "?" if listing.count is None else str(listing.count)


def _engine(listing: Listing) -> str:
    return " + ".join(part for part in (listing.sweeper, listing.launcher) if part)
