"""Where a fact stands: its places slice the text to what was meant, however the text is laid out."""

import io
import random
import tokenize
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cngen.syntax.facts import Import, Module
from cngen.syntax.lexing import comments
from cngen.syntax.scan import scan
from tests.support.effort import EACH
from tests.support.project import CHECKOUT

SOURCES = sorted(
    path.read_text(encoding="utf-8")
    for path in (*CHECKOUT.glob("tests/whole/cases/*/cn/**/*.py"), *CHECKOUT.glob("example_project/cn/**/*.py"))
    if path.name != "_generated_store.py" and path.stat().st_size
)  # fmt: skip

ODD = '''\
import a, a.b as i, c.a.a
from . import (m, p as im, port)
from .a.im import port as f, o, r
A = a; B = A; s = {"#": (1), '\\'#': ((2)), **A}
def d(f=(1)): return f
@d
@d(a)
class s(CN, e=1, lass=(lambda: l), abstract=(True if A else B)):
    a: a = a
    b: "list[s]" = [x for x in (1, 2)]
    l: list["int"] = [[y, [[i for i in range(3)] for _ in "#"]], (not o), -(1), ~ 1]
    o: int = (A if B else (not A)) or 2; n: int = (((1)) + 2) * ((3))
    t: tuple[int, ...] = (); u: tuple[int, str] = ((1), "2",)
    f: str = f"{a!r:>{b}} #{{'" 'a' "b" f'{"x"}'
    c: int = len("#") + len("#" '#') + len(*A, **B)
    g: int = A[1:2] + A[1] + A[(1), 2] + A.b . c(d=A.d, *[1], e=B["e"])
    not_a: bool = not a; i: int | None = 1 if not a else(2)
    lam: "Callable[[int], str]" = field(default_factory=lambda: lambda a: a)
    class I(s, O): pass
    async def f(self): return 1
    @property
    def de(self, a={"a": 1}): return self.de
    def __post_init__(self):
        self.a = self.a + self.b; self.c += 1; self.d: int = 1
        if self.e: self.f, self.a = 1, 2
if s:
    class t(s): x = 1
    from q import z as zz, y
for s in A: t = s
try: import tomllib as t
except ImportError: t = None
x = y = 1
x.y = 2; del x
"""doc"""; pass
'''
"""What is laid out in many ways by people, or hardly ever."""

SPACES = (" ", "  ", "\t", " \f", " \\\n", "\\\n   ", " \\\n\\\n ")
LINES = ("\n", " # (it's [\n", '#"""\n', "\n\n  ", "\n\f\n", "  # cngen\n\t")
APART = ("", "\n", "\n\n# class s(CN): pass\n", "\n\f\n", "\\\n\n", "\t\n")
NO_TEXT = {tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.ENDMARKER}
NOT_MOVED = {tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def laid_out(text: str, rng: random.Random) -> str:
    """The same tokens with other white space, comments and line ends between them."""
    parts: list[str] = []
    indents, depth, behind, is_first = [""], 0, (1, 0), True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.INDENT:
            indents.append(token.string)
        elif token.type == tokenize.DEDENT:
            indents.pop()
        if token.type in NOT_MOVED or token.type == tokenize.NL:
            continue
        if token.type == tokenize.NEWLINE:
            parts.append(rng.choice(("", " ", "  # said: '\"")) + "\n")
            is_first = True
            continue
        if is_first:
            is_comment = token.type == tokenize.COMMENT
            parts += [*(() if is_comment else rng.choice(APART)), indents[-1]]
        elif token.type == tokenize.COMMENT:
            parts.append(" ")
        else:
            parts.append(_gap(rng, depth, is_needed=behind != token.start or depth == 0))
        parts.append(token.string + ("\n" if token.type == tokenize.COMMENT and depth else ""))
        if token.type == tokenize.COMMENT and not depth:
            parts.append("\n" if is_first else "")
            continue
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        behind, is_first = token.end, False
    return "".join(parts)


def _gap(rng: random.Random, depth: int, *, is_needed: bool) -> str:
    if rng.random() < 0.6:
        return " " if is_needed else ""
    return rng.choice((*SPACES, *LINES) if depth else SPACES)


def places(found: Any) -> Iterator[tuple[str, Any, tuple[int, int]]]:
    """The places of a fact and of all its parts, but for those of blocks and what is in them."""
    if isinstance(found, tuple):
        for item in found:
            yield from places(item)
    elif is_dataclass(found):
        if not isinstance(found, Module) and hasattr(found, "start"):
            yield type(found).__name__, found, (found.start, found.end)
        if isinstance(found, Import):
            yield "place", found, found.place
        for part in fields(found):
            yield from places(getattr(found, part.name))


def words(text: str) -> list[str]:
    """The tokens of a stretch, which may begin and end anywhere."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
            if token.type not in NO_TEXT:
                found.append(token.string)
    except (tokenize.TokenError, IndentationError):
        pass
    return found[1:]


def check_places(text: str, rng: random.Random) -> None:
    other = laid_out(text, rng)
    one, two = scan("x.py", text), scan("x.py", other)
    assert isinstance(one, Module), one
    assert isinstance(two, Module), (two, other)
    for (kind, fact, (start, end)), (kind_two, _, (start_two, end_two)) in zip(
        places(one.body), places(two.body), strict=True
    ):
        assert kind == kind_two, (kind, kind_two, text[start:end], other[start_two:end_two])
        mine, its = words(text[start:end]), words(other[start_two:end_two])
        assert mine == its, f"{fact}\n{text[start:end]!r}\n{other[start_two:end_two]!r}\n{other}"


@given(st.sampled_from([ODD, *SOURCES]), st.integers(0, 2**32))
@settings(max_examples=EACH, deadline=None)
def test_places_are_those_of_any_layout(text: str, seed: int) -> None:
    check_places(text, random.Random(seed))


COMMENTS = {
    "x = 1\n\\\n\nclass A(CN):  # 1\n    a: int = 1 \\\n\n    b: int = 2# 2": ["# 1", "# 2"],
    'f"{d["a#b"]}"  # 1': ["# 1"],
    'f"{f"{"#"}#"}#" #1': ["#1"],
    "f'''{\nx # 1\n:#{w}#}#''' #2": ["# 1", "#2"],
    "f'{{#}}{x!r:#>{w}}\\N{NUMBER SIGN}#'#1": ["#1"],
    "rf'\\{x}\\'#'#1": ["#1"],
    "f'{(lambda: \"#\")()}'#1": ["#1"],
    "'\\'#' r'\\'#' '''#''' \"\"\"'#\"\"\"#1": ["#1"],
    "a = '\x0c'\x0c# 1\x85#\u2028# 1\n'\u2028#'": ["# 1\x85#\u2028# 1"],
    "'#\n# 1": ["#", "# 1"],
}


@pytest.mark.parametrize("text", COMMENTS)
def test_comments(text: str) -> None:
    found = list(comments(text))
    assert [comment for _, comment in found] == COMMENTS[text]
    assert all(text.startswith(comment, at) for at, comment in found)
