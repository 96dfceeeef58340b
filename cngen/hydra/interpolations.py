"""A string with `${...}` -> the keys and resolvers that it names.

It is read as OmegaConf's grammar has it, which is too slow to ask on every build; what that refuses
is reported by a rule and ignored here.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

_MAX_DEPTH = 50
_OPEN = re.compile(r"(\\*)\$\{")
_IN_QUOTES = {quote: re.compile(rf"(\\*)(\$\{{|{quote})") for quote in "'\""}
_ESCAPED = frozenset("\\()[]{}:=, \t")
_INNER = "\0"
"""Stands for an interpolation that is a part of a key or of a name."""

_PART = re.compile(r"[^.\[\]\\{}():'\" \t\0]+")
_ANY_PART = rf"(?:{_PART.pattern}|{_INNER})"
_KEY = re.compile(rf"\.*(?:\[{_ANY_PART}\]|{_ANY_PART})(?:\.{_ANY_PART}|\[{_ANY_PART}\])*\Z")
_WORD = r"[^.,\[\]\\{}():'\" \t]+"
_ARGUMENT = re.compile(
    rf"[ \t]*(?P<quote>['\"]?)(?P<key>\.*{_WORD}(?:\.{_WORD}|\[{_WORD}\])*)(?P=quote)[ \t]*[,}}]"
)
"""A key that is the first argument of a resolver, and what ends it."""

_NAME = re.compile(rf"(?:[A-Za-z_][\w-]*|{_INNER})(?:\.(?:[A-Za-z_][\w-]*|{_INNER}))*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """`${..a.b}`: the key as written, its parts, and where it and they start in the string.

    `level` counts the dots in front: none is from the root, one from the config that holds the string,
    two from the config around that.
    """

    text: str
    level: int
    parts: tuple[str, ...]
    start: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolver:
    """`${name:...}`, with its first argument if that is a key that is written out, of those that take one.

    Other references in its arguments are found like any other.
    """

    name: str
    start: int
    key: Key | None = None


Reference: TypeAlias = Key | Resolver


def references(text: str) -> tuple[Reference, ...]:
    """What a string refers to, in the order in which it is written; nothing if it can't be parsed.

    Keys and names that are put together from other interpolations are left out.
    """
    reader = _Reader(text)
    try:
        reader.read()
    except _Refused:
        return ()
    return tuple(sorted(reader.found, key=lambda found: found.start))


def whole_key(text: str) -> Key | None:
    """The key that a string is a reference to and nothing else, if it is one."""
    found = references(text)
    key = found[0] if len(found) == 1 else None
    if isinstance(key, Key) and re.fullmatch(r"\$\{[ \t]*\Z", text[: key.start]):
        return key if re.fullmatch(r"[ \t]*\}", text[key.start + len(key.text) :]) else None
    return None


LOOKING_UP = ("oc.deprecated", "oc.dict.keys", "oc.dict.values", "oc.select")
"""The resolvers that look up the key which is their first argument, beside the interpolation."""


def looked_up(reference: Reference) -> Key | None:
    """The key that has to be resolved before a reference is."""
    if isinstance(reference, Key):
        return reference
    return reference.key if reference.name in LOOKING_UP else None


class _Refused(Exception):
    """OmegaConf can't parse the string either."""


def _key(text: str, start: int) -> Key:
    level = len(text) - len(text.lstrip("."))
    parts = tuple(_PART.finditer(text))
    starts = tuple(start + part.start() for part in parts)
    return Key(text, level, tuple(part[0] for part in parts), start, starts)


class _Reader:
    """Walks over one string; each method returns where it stopped."""

    def __init__(self, text: str) -> None:
        self.found: list[Reference] = []
        self._text = text
        self._depth = 0

    def read(self) -> None:
        """Find everything at the top level of the string and inside."""
        at = 0
        while opened := _OPEN.search(self._text, at):
            at = opened.end()
            if len(opened[1]) % 2 == 0:
                at = self._interpolation(at)

    def _char(self, at: int) -> str:
        if at >= len(self._text):
            raise _Refused
        return self._text[at]

    def _interpolation(self, at: int) -> int:
        """From behind `${` to behind its brace."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Refused
        start, body = at, ""
        while (char := self._char(at)) not in ":}":
            is_inner = self._text.startswith("${", at)
            body += _INNER if is_inner else char
            at = self._interpolation(at + 2) if is_inner else at + 1
        if char == ":":
            end = self._arguments(at + 1)
            self._add_resolver(body, start, at + 1)
            at = end
        else:
            self._add_key(body, start)
            at += 1
        self._depth -= 1
        return at

    def _add_resolver(self, body: str, start: int, argument: int) -> None:
        name = body.strip(" \t")
        if not _NAME.match(name):
            raise _Refused
        if _INNER not in name:
            is_taking = name in LOOKING_UP or name == "hydra"
            found = _ARGUMENT.match(self._text, argument) if is_taking else None
            key = _key(found["key"], found.start("key")) if found is not None else None
            self.found.append(Resolver(name, start + body.index(name), key))

    def _add_key(self, body: str, start: int) -> None:
        text = body.strip(" \t")
        if not _KEY.match(text):
            raise _Refused
        if _INNER not in text:
            self.found.append(_key(text, start + body.index(text)))

    def _arguments(self, at: int) -> int:
        """From behind the colon of a resolver to behind the brace."""
        braces = 0
        while True:
            char = self._char(at)
            if self._text.startswith("${", at):
                at = self._interpolation(at + 2)
            elif char in _IN_QUOTES:
                at = self._quoted(at + 1, char)
            elif char == "}" and not braces:
                return at + 1
            else:
                braces += {"{": 1, "}": -1}.get(char, 0)
                at += 2 if char == "\\" and self._text[at + 1 : at + 2] in _ESCAPED else 1

    def _quoted(self, at: int, quote: str) -> int:
        """From behind the opening quote to behind the closing one."""
        while found := _IN_QUOTES[quote].search(self._text, at):
            at = found.end()
            if len(found[1]) % 2:
                continue
            if found[2] == quote:
                return at
            at = self._interpolation(at)
        raise _Refused
