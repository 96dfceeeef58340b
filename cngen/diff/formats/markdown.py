"""A comment on a pull request: a summary line, tables, and collapsed details."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from cngen.compose.configs import Composed
from cngen.diff.changes import Change, Comparison, Effect, Gone, Impact
from cngen.diff.formats.markup import code, code_element, prose, row
from cngen.diff.formats.wording import (
    FEW,
    SHORT,
    altered,
    counted,
    excerpts,
    folded,
    headline,
    listed,
    place,
    ran,
)
from cngen.lint.findings import Style

MARKER = "<!-- cngen diff -->"
"""The first line, by which a bot finds the comment that it has to bring up to date."""
LIMIT = 65_536
"""The most bytes of a comment.

GitHub takes 65,536 characters. Bytes of UTF-8 are never fewer than characters, however those are
counted, so that a text within the limit in bytes is within it for everyone on the way there.
"""
_BLOCK = LIMIT // 4  # so that one change leaves room for the others
_NAME = 100  # characters of what was compared
_MANY = 20  # keys of one change that stop working
_MORE = 10  # configs of one effect among the details


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the comment that can be cut between its items; `counted` is the text on how many are left out."""

    opening: str
    items: Sequence[str]
    closing: str
    counted: Callable[[int], str]


def render(comparison: Comparison, style: Style, verbose: bool) -> str:
    """Breaking changes, changes of behaviour and notes to see at once; the details, safe changes folded."""
    text = f"{MARKER}\n**{prose(headline(comparison, _NAME))}**\n\n"
    parts = tuple(_parts(comparison))
    for number, part in enumerate(parts):
        reserved = sum(_size(_cut(later, 0)) for later in parts[number + 1 :])
        text += _fitted(part, LIMIT - _size(text) - reserved)
    return text.rstrip("\n") + "\n"


def _parts(comparison: Comparison) -> Iterator[_Part]:
    breaking, behaviour, safe = (comparison.of(impact) for impact in Impact)
    yield _table(
        Impact.BREAKING, ("stops working", "instead"), [_broken(c, comparison) for c in breaking]
    )
    yield _table(
        Impact.BEHAVIOUR, ("effect", "configs"), [_behaves(c, comparison) for c in behaviour]
    )
    notes = [f"- {prose(note)}\n" for note in comparison.notes]
    yield _Part("### Not compared\n\n", notes, "\n", partial(_plural, "note", "notes"))
    changes = (*breaking, *behaviour, *safe)
    details = [_detail(change, comparison) for change in changes if change.effects or change.jobs]
    yield _Part("", details, "", partial(_plural, "table of details", "tables of details"))
    title = f"<details><summary>{counted(Impact.SAFE, len(safe))}</summary>\n\n"
    items = [f"- {_titled(change, comparison, ' ')}\n" for change in safe]
    yield _Part(title, items, "\n</details>\n\n", partial(counted, Impact.SAFE))


def _table(impact: Impact, columns: tuple[str, ...], rows: Sequence[str]) -> _Part:
    opening = f"### {counted(impact, len(rows)).capitalize()}\n\n{_head('change', *columns)}"
    return _Part(opening, rows, "\n", partial(counted, impact))


def _head(*columns: str) -> str:
    return row(*columns) + row(*("---" for _ in columns))


def _plural(one: str, several: str, count: int) -> str:
    return f"{count} {one if count == 1 else several}"


# The rows of the tables


def _titled(change: Change, comparison: Comparison, gap: str = "<br>") -> str:
    """The message of a change, and its place."""
    message, location = prose(change.message), change.location
    return message if location is None else f"{message}{gap}{code(place(location, comparison))}"


def _broken(change: Change, comparison: Comparison) -> str:
    """A row for each key that stops working; the change is in the first."""
    gone = change.gone if len(change.gone) <= _MANY else change.gone[: _MANY - 1]
    left = len(change.gone) - len(gone)
    rows = [*map(_stopped, gone), *([(f"and {left} more", "")] if left else [])] or [("", "")]
    titles = (_titled(change, comparison), *("" for _ in rows[1:]))
    return "".join(row(title, *cells) for title, cells in zip(titles, rows, strict=True))


def _stopped(gone: Gone) -> tuple[str, str]:
    return code(gone.key), code(gone.instead) if gone.instead else ""


def _behaves(change: Change, comparison: Comparison) -> str:
    """One row, with the first of its effects."""
    lines = [*_effects(change), *_jobs(change)]
    if len(lines) > FEW:
        lines[FEW - 1 :] = [f"and {len(lines) - FEW + 1} more"]
    return row(
        _titled(change, comparison), "<br>".join(lines), _configs(change.configs, comparison)
    )


def _effects(change: Change) -> Iterator[str]:
    for one in folded(change.effects):
        yield f"{code(one.effect.key)}: {code(altered(one.effect))}{one.note}"


def _jobs(change: Change) -> Iterator[str]:
    return (f"{code(jobs.config)}: {prose(ran(jobs))}" for jobs in change.jobs)


def _configs(configs: Sequence[str], comparison: Comparison, most: int = FEW) -> str:
    named, others = listed(configs, comparison, most)
    return " ".join(filter(None, (", ".join(map(code, named)), others)))


# The details


def _detail(change: Change, comparison: Comparison) -> str:
    """Every effect of a change, folded."""
    title = f"<details><summary>{prose(change.message, code_element)}</summary>\n\n"
    rows = [_effect(effect, comparison) for effect in change.effects]
    head, lines = _head("key", "before", "after", "configs"), [f"- {at}\n" for at in _jobs(change)]
    effects = _Part(head, rows, "\n", partial(_plural, "effect", "effects"))
    jobs = _Part("", lines, "\n", partial(_plural, "number of jobs", "numbers of jobs"))
    return f"{title}{_fitted(effects, _BLOCK)}{_fitted(jobs, _BLOCK)}</details>\n\n"


def _effect(effect: Effect, comparison: Comparison) -> str:
    old, new = effect.old or Composed("", ""), effect.new or Composed("", "")
    values = excerpts(old.value, new.value, SHORT)
    types = excerpts(old.type, new.type, SHORT) if old.type != new.type else ("", "")
    pairs = zip((effect.old, effect.new), values, types, strict=True)
    cells = ("" if at is None else _composed(value, type_) for at, value, type_ in pairs)
    return row(code(effect.key), *cells, _configs(effect.configs, comparison, _MORE))


def _composed(value: str, type_: str) -> str:
    """A value, and its type where that is another."""
    return f"{code(value)} ({code(type_)})" if type_ else code(value)


# What fits


def _fitted(part: _Part, room: int) -> str:
    """As many items of a part as fit into so many bytes, and a note on the others."""
    whole = _cut(part, len(part.items))
    if _size(whole) <= room:
        return whole
    frame = _size(part.opening + part.closing) + _size(_left_out(part, len(part.items)))
    sizes = accumulate(map(_size, part.items), initial=frame)
    return _cut(part, sum(size <= room for size in sizes) - 1)


def _cut(part: _Part, count: int) -> str:
    """The first items of a part."""
    shown = f"{part.opening}{''.join(part.items[:count])}{part.closing}" if count > 0 else ""
    return shown + _left_out(part, len(part.items) - max(count, 0))


def _left_out(part: _Part, count: int) -> str:
    return f"_Left out for lack of space: {part.counted(count)}._\n\n" if count else ""


def _size(text: str) -> int:
    return len(text.encode())
