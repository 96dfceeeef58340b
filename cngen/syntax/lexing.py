"""Text -> the stretches of it that are no code: comments, strings, and what f-strings hold beside code.

A regular expression can't find them: the braces of an f-string hold code, with strings and comments
of its own in whatever quotes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CODE = re.compile(r"#[^\n]*|\"\"\"|'''|[\"']")
_FIELD = re.compile(r"#[^\n]*|\"\"\"|'''|[\"'()\[\]{}:]")
_FORMAT = re.compile(r"[{}]")
_TEMPLATE_PREFIX = re.compile(r"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])\Z")
_IN_WORD = re.compile(r"\w\w")
_QUOTES = ('"', "'", '"""', "'''")


def _rest(quotes: str, escaped: str, last: str) -> "re.Pattern[str]":
    """What is behind opening quotes: plain characters, those that need a look at the next ones, the end."""
    plain = rf"[^{quotes[0]}\\{{}}]*" if "{" in last else rf"[^{quotes[0]}\\]*"
    plain = plain if len(quotes) == 3 else plain.replace("[^", r"[^\n")
    inside = f"|{quotes[0]}(?!{quotes[1:]})" if len(quotes) == 3 else ""
    return re.compile(rf"{plain}(?:(?:{escaped}{inside}){plain})*({last}{quotes})", re.DOTALL)


_STRING = {quotes: _rest(quotes, r"\\.", "") for quotes in _QUOTES}
_TEMPLATE = {quotes: _rest(quotes, r"\\[^{}]|\\(?=[{}])|\{\{|\}", r"\{|") for quotes in _QUOTES}
"""The text of an f-string up to a brace that opens code, or to its end."""


class Inert(NamedTuple):
    """A stretch that is no code."""

    start: int
    end: int
    is_comment: bool


class _Field(NamedTuple):
    """A brace of an f-string with these quotes that is open; `depth` counts the brackets open in its code."""

    quotes: str
    depth: int = 0
    in_format: bool = False


def inert(text: str) -> Iterator[Inert]:
    """The comments and the literal parts of strings, in order; a string without an end is code."""
    fields: list[_Field] = []
    at = 0
    while found := _next(fields).search(text, at):
        token, before, at = found[0], at, found.end()
        if token[0] == "#":
            yield Inert(*found.span(), True)
            continue
        template = ""
        if fields and fields[-1].in_format:
            yield Inert(before, found.start(), False)
            template = _bracket(fields, token)
        elif token[0] not in "\"'":
            template = _bracket(fields, token)
        elif _TEMPLATE_PREFIX.search(text, max(before, at - len(token) - 3), found.start()):
            template = token
        elif end := _STRING[token].match(text, at):
            yield Inert(*end.span(), False)
            at = end.end()
        if template and (end := _TEMPLATE[template].match(text, at)):
            yield Inert(*end.span(), False)
            at = end.end()
            if end[1] == "{":
                fields.append(_Field(template))


def _next(fields: list[_Field]) -> "re.Pattern[str]":
    if not fields:
        return _CODE
    return _FORMAT if fields[-1].in_format else _FIELD


def _bracket(fields: list[_Field], token: str) -> str:
    """Note a bracket or a colon in a field; the quotes of the f-string whose text goes on behind it, if one does."""
    field = fields[-1]
    if field.in_format and token == "{":
        fields.append(_Field(field.quotes))
    elif token == "}" and not field.depth:
        fields.pop()
        return "" if fields and fields[-1].in_format else field.quotes
    elif token == ":":
        fields[-1] = field._replace(in_format=not field.depth)
    else:
        step = 1 if token in "([{" else -1
        fields[-1] = field._replace(depth=max(field.depth + step, 0))
    return ""


def without_comments(text: str) -> str:
    """The text with spaces for its comments."""
    return _blanked(text, (i for i in inert(text) if i.is_comment)) if "#" in text else text


def only_code(text: str) -> str:
    """The text with spaces for its comments and the literal parts of its strings."""
    return _blanked(text, inert(text))


def _blanked(text: str, stretches: Iterable[Inert]) -> str:
    parts, at = [], 0
    for start, end, _ in stretches:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join((*parts, text[at:]))


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Each comment with the offset at which it begins."""
    for start, end, is_comment in inert(text):
        if is_comment:
            yield start, text[start:end]


def without_literals(text: str) -> str:
    """The code of a text, with nothing where a comment or the literal part of a string is."""
    parts, at = [], 0
    for start, end, _ in inert(text):
        parts.append(text[at:start])
        at = end
    return "".join((*parts, text[at:]))


def are_whole(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether each stretch is whole tokens with every bracket closed, or is inside one string or comment.

    One that isn't was measured on another text: no edit of this one may replace it.
    """
    stretches = [(start, end) for start, end, _ in inert(text)]
    starts = [start for start, _ in stretches]
    code = only_code(text)

    def around(place: int) -> tuple[int, int]:
        number = bisect_right(starts, place)
        return stretches[number - 1] if number else (0, 0)

    def is_whole(start: int, end: int) -> bool:
        if around(start)[0] <= start and end <= around(start)[1]:
            return True
        if any(around(place)[0] < place < around(place)[1] for place in (start, end)):
            return False
        if any(_IN_WORD.fullmatch(text, at - 1, at + 1) for at in (start, end) if at):
            return False
        return _is_balanced(code[start:end])

    return all(is_whole(start, end) for start, end in spans)


def _is_balanced(code: str) -> bool:
    opened: list[str] = []
    for bracket in re.findall(r"[()\[\]{}]", code):
        if bracket in "([{":
            opened.append(bracket)
        elif not opened or opened.pop() + bracket not in ("()", "[]", "{}"):
            return False
    return not opened
