"""Values and keys as Hydra's override grammar writes them: what is on a command line.

The grammar is hydra/grammar/Override{Lexer,Parser}.g4. A text that comes out is parsed to the very
value that went in, also after Hydra's sweeper has split it and written it anew.
"""

import re

from cngen.model.types import (
    ANY,
    NONE,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
)
from cngen.model.values import EnumMember, Interval, Items, PathValue, Scalar, Table, Value

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_KEYWORDS = frozenset({"true", "false", "null", "inf", "nan"})
_BACKSLASHES = re.compile(r"(\\*)('|\Z)")


def is_word(text: str) -> bool:
    """Whether a text needs no quotes: it stays a string, and one piece."""
    return bool(_ID.match(text)) and text.lower() not in _KEYWORDS


def quoted(text: str) -> str:
    """A string in single quotes; backslashes are doubled only before a quote, as the grammar has it."""

    def escaped(found: re.Match[str]) -> str:
        quote = "\\'" if found[2] else ""
        return found[1] * 2 + quote

    return "'" + _BACKSLASHES.sub(escaped, text) + "'"


def text_of(written: Type, value: Value) -> str | None:
    """A value for a field of this type; None if the grammar can't write it."""
    written = _member(written, value)
    match value:
        case Scalar():
            return _scalar(value.value)
        case PathValue(path):
            return (path if is_word(path) else quoted(path)) if _is("Path", written) else None
        case EnumMember(_, member):
            return member if isinstance(written, EnumType) and is_word(member) else None
        case Items(kind, items) if kind != "set":
            item = written.item if isinstance(written, ListType) else ANY
            if isinstance(written, TupleType) and written.items:
                item = written.items[0]
            texts = [text_of(item, part) for part in items]
            return None if None in texts else f"[{','.join(t for t in texts if t is not None)}]"
        case Table(items):
            return _table(written, items)
    return None


def _is(name: str, written: Type) -> bool:
    return written == ScalarType(name)


def _member(written: Type, value: Value) -> Type:
    """The member of a union that a value is for."""
    if not isinstance(written, UnionType):
        return written
    kinds: dict[type, type | tuple[type, ...]] = {
        EnumMember: EnumType,
        Items: (ListType, TupleType),
        Table: DictType,
    }
    kind = kinds.get(type(value), (ScalarType, LiteralType))
    members = [m for m in written.members if m != NONE and isinstance(m, kind)]
    if isinstance(value, PathValue):
        members = [m for m in members if _is("Path", m)]
    return members[0] if members else ANY


def _scalar(value: object) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value)  # as Hydra's sweeper writes them itself
    if isinstance(value, str):
        return value if is_word(value) else quoted(value)
    return None


def _table(written: Type, items: tuple[tuple[Value, Value], ...]) -> str | None:
    inner = written.value if isinstance(written, DictType) else ANY
    parts: list[str] = []
    for key, value in items:
        name = key.value if isinstance(key, Scalar) and not isinstance(key.value, bytes) else None
        is_number = isinstance(name, int) and not isinstance(name, bool)
        text = text_of(inner, value)
        if text is None or not (is_number or (isinstance(name, str) and is_word(name))):
            return None
        parts.append(f"{name!s}:{text}")
    return "{" + ",".join(parts) + "}"


def interval_text(written: Type, interval: Interval) -> str | None:
    """A range for a sweeper that searches; None if its ends aren't numbers."""
    low, high = text_of(ANY, interval.low), text_of(ANY, interval.high)
    if low is None or high is None:
        return None
    text = f"interval({low}, {high})"
    if _is("int", _member(written, interval.low)):
        text = f"int({text})"
    return f"tag(log, {text})" if interval.log else text
