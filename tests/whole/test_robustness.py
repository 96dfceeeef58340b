"""No input crashes the compiler, hangs it, or makes it run the input.

Whatever lies in `cn/`, a compile ends soon, with findings or with a text that is Python. Sources
are broken at random here; what can overflow the machine's stack runs in a process of its own.
"""

import ast
import os
import random
import re
import resource
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from cngen.compiler import compile_tree
from cngen.diagnostics import CngenError, Diagnostic, Severity, has_errors
from cngen.project.settings import load_settings
from tests.support.effort import at_least
from tests.support.project import (
    RUN,
    STORE,
    in_root,
    run_child,
    run_python,
    write_project,
)

pytestmark = pytest.mark.slow

Tree = dict[str, bytes]

SECONDS = 20
"""How long a compile of a small tree may take before it counts as hung; it takes 20 ms."""

FIXED_SEEDS = 200

VOCABULARY = "from cngen import CN, MISSING, default, interval, patch, points, ref, sweep\n"


# Trees to break: each uses other parts of the notation.

TREES: Mapping[str, Mapping[str, str]] = {
    "fields": {
        "__init__.py": "from cn._generated_store import *\n",
        "model/base.py": '''\
"""Models."""

from dataclasses import field
from enum import Enum
from typing import Any, ClassVar, Literal

from cngen import CN, default, ref

WIDTHS = [2 ** n for n in (5, 6, 7)]
KEYS = ["a", "b"]


class Mode(Enum):
    FULL = "full"
    HALF = "half"


class Model(CN, abstract=True):
    """A model; \\"quoted\\" \\N{SNOWMAN} 'text'."""

    kind: ClassVar[str] = "model"
    width: int = 2**5 * len(KEYS)
    names: list[str] = KEYS + ["c"]
    table: dict[str, float] = {"x": 1e-3, "y": -.5}
    mode: Mode = Mode.HALF
    level: Literal["low", "high"] = "low"
    text: str = f"{KEYS[0]}-{1 + 1}"
    link: int = ref("model.width")
    raw: str = "${model.text}"
    extra: Any = None

    def total(self) -> int:
        return self.width * len(self.names)


class Mlp(Model, name="mlp-base", aliases=["nets/mlp"]):
    depth: int  # cngen: ignore
    width = 128
    copies: list[int] = default([1, 2, 3])
    other: list[int] = field(default_factory=lambda: [4])


class Octo(Model, target="pkg.mod.Octo"):
    names = []
''',
        "run.py": """\
import os
from pathlib import Path

from cngen import CN
from cn.model.base import Mlp, Model, Mode


class Run(CN):
    steps: int = int(5e5)
    root: Path = Path(os.environ.get("ROOT", "."))
    model: Model = Mlp(depth=3, width=8)
    mode: Mode | None = None
""",
    },
    "nodes": {
        "optimizer/sched/base.py": """\
from cngen import CN


class Sched(CN):
    warmup: int = 10


class Cosine(Sched):
    t_max: int = 100
""",
        "optimizer/__init__.py": """\
from cngen import CN

from .sched.base import Cosine, Sched


class Optimizer(CN, abstract=True):
    lr: float = 1e-3
    sched: Sched = Cosine()


class Adam(Optimizer):
    betas: list[float] = [0.9, 0.99]


class SGD(Optimizer):
    sched = Sched(warmup=3)
""",
        "head/base.py": """\
from cngen import CN


class Head(CN):
    dim: int = 7


class Diffusion(Head):
    steps: int = 20
""",
        "run.py": """\
from cngen import CN, MISSING
import cn.head.base as heads
from cn.optimizer import Adam, Cosine, Optimizer as Opt
from cn.head.base import Diffusion, Head
from cn.optimizer.sched.base import Sched


class Run(CN):
    seed: int = 1
    optimizer: Opt = Adam(lr=3e-4, sched=Cosine(t_max=5))
    teacher: Opt = MISSING
    again: Opt = Adam(sched=Sched(warmup=2))
    ema: Opt | None = None
    heads: dict[str, Head] = {"left": heads.Head(), "right": Diffusion(steps=5)}
    stack: list[Head] = [Head(), Diffusion(steps=2)]
    other: Head


class Debug(Run):
    seed = 2
    heads = {"left": Head}
""",
    },
    "experiments": {
        "head/base.py": """\
from cngen import CN


class Head(CN):
    dim: int = 7


class Diffusion(Head):
    steps: int = 20
""",
        "run.py": """\
from cngen import CN
from cn.head.base import Head


class Run(CN):
    seed: int = 1
    lr: float = 0.1
    head: Head = Head(dim=3)
""",
        "exp/fast.py": """\
from cngen import interval, patch, points, sweep
from cn.head.base import Diffusion, Head
from cn.run import Run


class Fast(Run):
    seed = 3


class Tiny(Run):
    head = patch(dim=2)
    hydra = {"job": {"chdir": True}}


class Grid(Fast, launcher="joblib"):
    seed = sweep(1, 2, zip="a")
    head = sweep(Head(dim=4), Diffusion(steps=50))
    lr = sweep(0.1, 0.2, zip="a")


class Search(Run, sweeper="optuna"):
    lr = interval(1e-5, 1e-2, log=True)


class Both(Run):
    which = points(Fast, Tiny)
""",
    },
    "oddities": {
        "__init__.py": "",
        "agent/part/thing.py": """\
from typing import *
from typing import Callable as Call, Dict, Tuple
from cngen import CN
try:
    import torch
except ImportError:
    torch = None
if True:
    BIG = 1_000_000


class Thing(CN):
    _group = "agent/part"
    size: int = 1_000; shape: Tuple[int, int] = (1, 2)
    call: Call[[int], int] | None = None


class THINGTwo(Thing, group="agent/part"):
    size = 3
    table: Dict[str, Thing] = {"a": Thing()}
    @property
    def area(self): return self.size * 2
    class Inner: pass


class Thing2(THINGTwo, name="third"): ...
""",
    },
}

WORDS = (
    "class", "def", "CN", "Run", "Model", "None", "True", "MISSING", "...", "lambda", "import", "from",
    "*", "**", "@", ":", "=", ":=", "->", "(", ")", "[", "]", "{", "}", ",", ".", ";", "\\", "#", '"', "'",
    '"""', "f'", "b'", "'\\ud800'", "${", "???", "0", "-1", "1e999", "9" * 5000, "0x", "1_0", "1j", "in", "is",
    "if", "else", "for", "async", "await", "yield", "match", "type", "del", "global", "sweep(", "patch(", "ref(",
    "default(", "field(", "points(", "interval(", "dict", "list", "int", "Any", "Optional[", "Literal[", "|", "_self_",
)  # fmt: skip
CHARACTERS = "\0\t\f\v\r\n\x1a\x85\xa0\u2028\u200b\ufeff\u0130\u4f60\U0001f600\\\"'{}#"
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
COOKIES = (
    "utf-8",
    "latin-1",
    "ascii",
    "utf-16",
    "utf-7",
    "rot13",
    "hex",
    "idna",
    "klingon",
    "cp037",
    "-",
)


# Ways to break a file


def delete_line(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def repeat_line(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"".join(lines)


def move_line(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), line)
    return b"".join(lines)


def indent_line(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    index = chance.randrange(len(lines))
    lines[index] = chance.choice((b" ", b"    ", b"\t", b"\f", b"\t  ")) + lines[index]
    return b"".join(lines)


def swap_tokens(chance: random.Random, data: bytes) -> bytes:
    tokens = tokens_of(data)
    first, second = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[first], tokens[second] = tokens[second], tokens[first]
    return encoded(tokens)


def delete_token(chance: random.Random, data: bytes) -> bytes:
    tokens = tokens_of(data)
    del tokens[chance.randrange(len(tokens))]
    return encoded(tokens)


def replace_token(chance: random.Random, data: bytes) -> bytes:
    tokens = tokens_of(data)
    tokens[chance.randrange(len(tokens))] = chance.choice(WORDS)
    return encoded(tokens)


def insert_word(chance: random.Random, data: bytes) -> bytes:
    tokens = tokens_of(data)
    tokens.insert(chance.randrange(len(tokens) + 1), f" {chance.choice(WORDS)} ")
    return encoded(tokens)


def insert_character(chance: random.Random, data: bytes) -> bytes:
    tokens = tokens_of(data)
    tokens.insert(chance.randrange(len(tokens) + 1), chance.choice(CHARACTERS))
    return encoded(tokens)


def rename(chance: random.Random, data: bytes) -> bytes:
    """One name instead of another everywhere, so that things refer to themselves and each other."""
    names = sorted({token for token in tokens_of(data) if token.isidentifier()}) or ["x"]
    old, new = re.escape(chance.choice(names)), chance.choice(names)
    return encoded([re.sub(rf"\b{old}\b", new, data.decode("utf-8", "surrogateescape"))])


def truncate(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def insert_bytes(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return (
        data[:place]
        + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        + data[place:]
    )


def other_line_ends(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\r", b"\f\n", b"\\\n")))


def tabs(_: random.Random, data: bytes) -> bytes:
    return data.replace(b"    ", b"\t")


def other_encoding(chance: random.Random, data: bytes) -> bytes:
    """Another encoding than the one that the file declares, or the same, or one that nobody knows."""
    codec = chance.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7")
    )
    cookie = f"# -*- coding: {chance.choice(COOKIES)} -*-\n" if chance.random() < 0.5 else ""
    text = cookie + data.decode("utf-8", "replace") + "# \u00e9\n"
    return text.encode(codec, "replace")


def tokens_of(data: bytes) -> list[str]:
    return TOKEN.findall(data.decode("utf-8", "surrogateescape")) or [""]


def encoded(tokens: list[str]) -> bytes:
    return "".join(tokens).encode("utf-8", "surrogateescape")


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    delete_line, repeat_line, move_line, indent_line, swap_tokens, delete_token, replace_token, insert_word,
    insert_character, rename, truncate, insert_bytes, other_line_ends, tabs, other_encoding,
)  # fmt: skip


def broken(chance: random.Random) -> Tree:
    """One of the trees with one thing broken in it, or a few."""
    tree = {name: text.encode() for name, text in TREES[chance.choice(sorted(TREES))].items()}
    for _ in range(chance.choice((1, 1, 2, 6))):
        name = chance.choice(sorted(tree))
        mutate = chance.choice(MUTATIONS)
        if tree[name]:
            tree[name] = mutate(chance, tree[name])
    return tree


# What has to hold


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trees")


def judge(folder: Path, tree: Mapping[str, str | bytes]) -> str | None:
    """Compile a tree in this process; returns the text, which is Python if there is one."""
    for path in sorted((folder / "cn").rglob("*.py")):
        path.unlink()
    write_project(folder, in_root(tree))
    with time_limit(SECONDS):
        compiled = compile_tree(load_settings(folder))
    for diagnostic in compiled.diagnostics:
        assert re.fullmatch(r"CN\d{3}", diagnostic.code)
        assert diagnostic.message
        assert "\n" not in diagnostic.message
        assert 0 <= diagnostic.span.start <= diagnostic.span.end
    assert (compiled.text is None) == has_errors(compiled.diagnostics)
    if compiled.text is not None:
        compile(compiled.text, "_generated_store.py", "exec")
        compiled.text.encode()
    return compiled.text


def is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """End what never ends; Python code alone, so big numbers are tried in a process."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"still compiling after {seconds} s")

    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


@pytest.mark.parametrize("name", TREES)
def test_trees_are_fine_before_they_are_broken(folder: Path, name: str) -> None:
    """Breaking them would prove little if they were refused as they are."""
    write_project(folder / name, in_root(TREES[name]))

    codes = {d.code for d in compile_tree(load_settings(folder / name)).diagnostics if is_error(d)}

    assert not codes


@settings(max_examples=at_least(300), deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_broken_sources(folder: Path, chance: random.Random) -> None:
    tree = broken(chance)
    for name, content in tree.items():
        note(f"--- cn/{name}\n{content!r}")

    judge(folder, tree)


@pytest.mark.parametrize("block", range(4))
def test_broken_sources_of_fixed_seeds(folder: Path, block: int) -> None:
    """The same ones on every machine, so that a failure elsewhere can be repeated here."""
    for seed in range(block * FIXED_SEEDS // 4, (block + 1) * FIXED_SEEDS // 4):
        try:
            judge(folder, broken(random.Random(seed)))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error


@settings(max_examples=at_least(100), deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes(folder: Path, data: bytes) -> None:
    judge(folder, {"run.py": data})


@settings(max_examples=at_least(100), deadline=None)
@given(value=st.text(max_size=60))
def test_any_text_in_the_place_of_a_value(folder: Path, value: str) -> None:
    source = f"{RUN}    value: str = {value}\n"
    judge(folder, {"run.py": source.encode("utf-8", "surrogatepass")})


@settings(max_examples=at_least(100), deadline=None)
@given(value=st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_string_as_a_value(folder: Path, value: str) -> None:
    """Quotes, backslashes, control characters: the text that comes out holds the same string."""
    text = judge(folder, {"run.py": f"{RUN}    value: str = {value!r}\n"})

    if "${" not in value and value != "???":  # these mean something to OmegaConf
        assert text is not None
        assert value in {getattr(part, "value", None) for part in ast.walk(ast.parse(text))}


ODD_FILES: Mapping[str, bytes] = {
    "empty": b"",
    "one newline": b"\n",
    "no newline at the end": RUN.rstrip().encode(),
    "a comment alone": b"# nothing",
    "BOM": b"\xef\xbb\xbf" + RUN.encode(),
    "BOM and a cookie that agrees": b"\xef\xbb\xbf# coding: utf-8\n" + RUN.encode(),
    "BOM and a cookie that does not": b"\xef\xbb\xbf# coding: latin-1\n" + RUN.encode(),
    "CRLF": RUN.replace("\n", "\r\n").encode(),
    "CR": RUN.replace("\n", "\r").encode(),
    "mixed line ends": RUN.replace("\n", "\r\n", 2).encode(),
    "tabs": RUN.replace("    ", "\t").encode(),
    "form feeds": RUN.replace("\n\n", "\n\f\n").encode(),
    "NUL": RUN.encode() + b"\0",
    "NUL in a string": RUN.encode() + b"    name: str = 'a\0b'\n",
    "control-Z": RUN.encode() + b"\x1a",
    "utf-16": RUN.encode("utf-16"),
    "utf-16 without BOM": RUN.encode("utf-16-le"),
    "utf-32": RUN.encode("utf-32"),
    "latin-1 without a cookie": (RUN + "    name: str = '\u00e9'\n").encode("latin-1"),
    "latin-1 with a cookie": ("# coding: latin-1\n" + RUN + "    name: str = '\u00e9'\n").encode(
        "latin-1"
    ),
    "ascii cookie, other text": ("# coding: ascii\n" + RUN + "    name: str = '\u00e9'\n").encode(),
    "unknown cookie": b"# coding: klingon\n" + RUN.encode(),
    "cookie of a codec that is none for text": b"# coding: hex\n" + RUN.encode(),
    "cookie of a codec for names": b"# coding: idna\n" + RUN.encode(),
    "cookie with a NUL": b"# coding: utf\0\n" + RUN.encode(),
    "surrogate in bytes": RUN.encode() + b"    name: str = '\xed\xa0\x80'\n",
    "surrogate in an escape": RUN.encode() + rb"    name: str = '\ud800'" + b"\n",
    "surrogate pair in escapes": RUN.encode() + rb"    name: str = '\ud83d\ude00'" + b"\n",
    "surrogate in a docstring": RUN.encode().replace(b"    steps", b"    '\\udfff'\n    steps"),
    "surrogate as a key": RUN.encode() + rb"    names: dict[str, int] = {'\udc80': 1}" + b"\n",
    "unknown escape": RUN.encode() + rb"    name: str = '\d'" + b"\n",
    "unknown name of a character": RUN.encode() + rb"    name: str = '\N{NO SUCH THING}'" + b"\n",
    "escape cut off": RUN.encode() + rb"    name: str = '\x1'" + b"\n",
    "f-string that only Python 3.12 reads": RUN.encode() + b"    name: str = f'{open('a')}'\n",
    "value that begins with a parenthesis": RUN.encode() + b"    number: int = (open)('a')\n",
    "await outside of a function": RUN.encode() + b"    number: int = await open('a')\n",
    "called lambda": RUN.encode() + b"    number: int = (lambda: open('a'))()\n",
    "backslash at the end": RUN.encode() + b"\\",
    "string not ended": RUN.encode() + b"    name: str = '''",
    "names not in ASCII": "from cngen import CN\nclass \u4f60(CN):\n    \u00e9: int = 1\n".encode(),
    "names that are equal when normalised": f"{RUN}    \ufb01: int = 1\n    fi: int = 2\n".encode(),
    "bidirectional text": "from cngen import CN\nclass R(CN):\n    a: str = '\u202e\u2066'\n".encode(),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_odd_file(tmp_path: Path, name: str) -> None:
    judge(tmp_path, {"run.py": ODD_FILES[name]})


@pytest.mark.parametrize(
    "name",
    ["BOM", "CRLF", "CR", "mixed line ends", "tabs", "form feeds", "no newline at the end"],
)
def test_spelling_of_a_file_does_not_reach_the_store(tmp_path: Path, name: str) -> None:
    plain = judge(tmp_path / "plain", {"run.py": RUN})

    assert plain is not None
    assert judge(tmp_path / "odd", {"run.py": ODD_FILES[name]}) == plain


def nodes(*classes: str) -> Tree:
    return {
        "a/nodes.py": "\n\n".join((VOCABULARY, *classes)).encode(),
        "run.py": RUN.encode(),
    }


TANGLES: Mapping[str, Tree] = {
    "its own base": nodes("class A(A): x: int = 1\n"),
    "two bases in a circle": nodes("class A(B): x: int = 1\n", "class B(A, CN): y: int = 1\n"),
    "the same base twice": nodes("class A(CN, CN): x: int = 1\n"),
    "bases without an order": nodes(
        "class A(CN): x: int = 1\n",
        "class B(A): y: int = 1\n",
        "class C(A, B): z: int = 1\n",
    ),
    "holds itself": nodes("class A(CN): a: A = A()\n"),
    "hold each other": nodes("class A(CN): b: 'B' = B()\n", "class B(CN): a: A = A()\n"),
    "holds a list of itself": nodes("class A(CN): parts: list[A] = [A(), A()]\n"),
    "holds a dict of itself": nodes("class A(CN): parts: dict[str, A] = {'x': A()}\n"),
    "a variation of itself": nodes("class A(CN):\n    x: int = 1\n    a: A = A(x=2, a=A(x=3))\n"),
    "constants in a circle": nodes("X = Y\nY = X\nclass A(CN): x: int = X\n"),
    "a constant of itself": nodes("X = [X]\nclass A(CN): x: int = X\n"),
    "a module that imports itself": nodes("from cn.a.nodes import X as X\nclass A(CN): x: int = X\n"),
    "imports in a circle": {
        "a/b.py": b"from cn.a.c import X, A\n",
        "a/c.py": b"from cn.a.b import X, A\nclass N(A): x: int = X\n",
    },
    "stars in a circle": {
        "a/__init__.py": b"from .b import *\n",
        "a/b.py": b"from . import *\nfrom .c import *\n",
        "a/c.py": b"from cn.a import *\nclass N(CN): x: int = Y\n",
    },
    "relative imports past the top": {"run.py": b"from ..... import CN\nfrom .... import *\nclass R(CN): x: int = 1\n"},
    "experiment of itself": nodes("from cn.a.nodes import Run\nclass Run(Run): seed = 1\n"),
    "one name twice": nodes("class A(CN): x: int = 1\n", "class A(CN): x: str = 'a'\n"),
    "one field twice": nodes("class A(CN):\n    x: int = 1\n    x: str = 'a'\n    x = 3\n"),
    "the vocabulary as nodes": nodes("class CN(CN): x: int = 1\n", "class sweep(CN): y: int = 1\n"),
    "names of the store's own": nodes(
        "class ConfigStore(CN): x: int = 1\n",
        "class dataclass(CN): field: int = 1\n",
        "class OmegaConf(CN): cs: int = 1\n",
        "class Any(CN): MISSING: int = 1\n",
        "class int(CN): list: int = 1\n",
        "class _node(CN): dict: int = 1\n",
    ),
    "keywords and unpacking": nodes(
        "class A(CN, **{}): x: int = 1\n",
        "class B(*[A], metaclass=A): y: int = dict(**{})\n",
    ),
    "values that only look like nodes": nodes(
        "class A(CN):\n    a: A = A(*[1], **{})\n    b: A = A()()\n    c: A = A.b.c\n    d: A = A[0]\n"
    ),
    "the notation in odd places": nodes(
        "class A(CN):\n    a: int = sweep()\n    b: int = sweep(sweep(1, 2), zip=3)\n    c: int = patch()\n"
        "    d: int = ref()\n    e: int = ref(1)\n    f: int = default()\n    g: int = field()\n"
        "    h: int = interval()\n    i: int = points()\n    j: sweep(1) = 2\n    k: patch = patch\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TANGLES)
def test_tangled_tree(tmp_path: Path, name: str) -> None:
    judge(tmp_path, TANGLES[name])


# Input that is deep, or costly: in a process of its own, with a limit on its memory

DEPTH = 10_000


def value(text: str) -> str:
    """A tree's primary config with such a field."""
    return f"{RUN}    value: int = {text}\n"


def around(start: str, middle: str, end: str = "") -> str:
    return value(start * DEPTH + middle + end * DEPTH)


def deep_blocks(*openings: str) -> str:
    """Blocks in blocks; the last of the openings is what holds the next."""
    levels = range(DEPTH // 10)
    lines = [" " * level + opening for level in levels for opening in openings]
    return RUN + "\n" + "\n".join([*lines, " " * len(levels) + "pass\n"])


DEEP: Mapping[str, str] = {
    "parentheses": around("(", "1", ")"),
    "brackets": around("[", "1", "]"),
    "braces": around("{", "1", "}"),
    "dicts": around("{1: ", "1", "}"),
    "open parentheses": around("(", "1"),
    "closed parentheses": around("", "1", ")"),
    "subscripts": around("", "x", "[0]"),
    "nested subscripts": around("x[", "0", "]"),
    "annotation": f"{RUN}    value: {'list[' * DEPTH}int{']' * DEPTH} = 1\n",
    "not": around("not ", "1"),
    "minus": around("-", "1"),
    "invert": around("~", "1"),
    "await": around("await ", "x"),
    "star": around("*", "x"),
    "plus": around("1 + ", "1"),
    "plus without spaces": around("1+", "1"),
    "plus over lines": value("(" + "1 +\n" * DEPTH + "1)"),
    "power": around("2 ** ", "1"),
    "and": around("a and ", "b"),
    "or": around("a or ", "b"),
    "comparisons": around("1 < ", "2"),
    "attributes": around("", "x", ".y"),
    "calls": around("", "f", "()"),
    "nested calls": around("f(", "1", ")"),
    "method calls": around("", "f", ".g()"),
    "lambda": around("lambda: ", "1"),
    "lambda defaults": around("lambda x=", "1", ": 1"),
    "conditions": around("1 if a else ", "2"),
    "walrus": around("(a := ", "1", ")"),
    "strings side by side": around("'a' ", "'b'"),
    "format strings": value("f'{" * DEPTH + "1" + "}'" * DEPTH),
    "format specs": value("f'" + "{1:" * DEPTH + "}" * DEPTH + "'"),
    "comprehensions": around("[x for x in ", "y", "]"),
    "generators": value("[x " + "for x in y " * DEPTH + "]"),
    "tuples": around("(", "", ",)"),
    "elif": RUN + "\nif a:\n    pass\n" + "elif b:\n    pass\n" * DEPTH,
    "else if": deep_blocks("if a: pass", "else:"),
    "blocks": deep_blocks("if a:"),
    "loops": deep_blocks("for a in b:"),
    "classes": deep_blocks("class A:"),
    "functions": deep_blocks("def f():"),
    "with": RUN + "\nwith " + "(" * DEPTH + "a" + ")" * DEPTH + ":\n    pass\n",
    "assignments": RUN + "\n" + "a = " * DEPTH + "1\n",
    "targets": RUN + "\n" + "(" * DEPTH + "a" + ")" * DEPTH + " = 1\n",
    "decorators": RUN + "\n@" + "f(" * DEPTH + ")" * DEPTH + "\ndef g(): pass\n",
    "match": RUN + "\nmatch a:\n    case " + "[" * DEPTH + "]" * DEPTH + ":\n        pass\n",
    "dotted import": RUN + "\nimport " + "a." * DEPTH + "a\n",
    "interpolations": value(f"'{'${a.' * DEPTH}b{'}' * DEPTH}'"),
    "calls in an interpolation": value(f"'${{a:{'[' * DEPTH}{']' * DEPTH}}}'"),
    "in a string annotation": f"{RUN}    value: \"{'list[' * DEPTH}int{']' * DEPTH}\" = 1\n",
}  # fmt: skip

# Python itself may read these at any length, so a finding is no must.
LENGTHY = {
    "strings side by side", "generators", "assignments", "elif", "dotted import", "in a string annotation",
    "blocks", "loops", "functions", "classes",
}  # fmt: skip


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def build_within_limits(folder: Path) -> int:
    """Run the command on a hostile tree; returns its exit status, which is one of its own."""
    result = run_child("build", "-C", str(folder), before=limit_memory)

    printed = (result.stdout + result.stderr)[-2000:]
    assert result.returncode in (0, 1), printed
    assert "Traceback" not in printed
    assert (folder / STORE).exists() or result.returncode == 1, printed
    return result.returncode


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting(tmp_path: Path, name: str) -> None:
    status = build_within_limits(write_project(tmp_path, {"cn/run.py": DEEP[name]}))

    if name not in LENGTHY:
        assert status == 1
        assert not (tmp_path / STORE).exists()


COSTLY: Mapping[str, str] = {
    "power": "9 ** 9 ** 9",
    "power of powers": "((9 ** 999) ** 999) ** 999",
    "shift": "1 << 10 ** 10",
    "product of powers": "2 ** 40000 * 2 ** 40000 ** 2",
    "long string": "'a' * 10 ** 12",
    "long list": "[0] * 10 ** 12",
    "long list of lists": "[[[0] * 9999] * 9999] * 9999",
    "negative power": "0 ** -1",
    "float overflow": "10.0 ** 400",
    "int of a float": "int(1e400)",
    "int of not a number": "int(float('nan'))",
    "int of many digits": f"int('{'9' * 5000}')",
    "many digits": "9" * 100_000,
    "str of many digits": "str(2 ** 40000)",
    "float of many digits": "float(2 ** 40000)",
    "padding by a format": "'%1000000000000d' % 1",
    "padding by an f-string": "f'{1:1000000000000}'",
    "padding by a method": "'a'.ljust(10 ** 12)",
    "bytes": "bytes(10 ** 12)",
    "range": "list(range(10 ** 12))",
    "round": "round(1.5, 10 ** 10)",
    "division by zero": "1 // 0 + 1 % 0",
    "sum of ranges": "sum(range(10 ** 12))",
    "complex": "(-8) ** (1 / 3)",
    "comprehension": "[x for x in range(10 ** 12)]",
    "key that is no key": "{[]: 1}",
    "join": "'a'.join(['b' * 10 ** 6] * 10 ** 6)",
    "replace": "('a' * 10 ** 5).replace('a', 'b' * 10 ** 8)",
}


@pytest.mark.parametrize("name", COSTLY)
def test_costly_value(tmp_path: Path, name: str) -> None:
    source = RUN.replace("CN\n", "CN\nfrom typing import Any\n", 1)
    build_within_limits(
        write_project(tmp_path, {"cn/run.py": f"{source}    value: Any = {COSTLY[name]}\n"})
    )


def doubling(statement: str, start: str, count: int = 60) -> str:
    """A chain of constants, each made of two of the one before."""
    lines = [f"X0 = {start}", *(f"X{n} = {statement.format(f'X{n - 1}')}" for n in range(1, count))]
    return "\n".join(lines) + "\n" + value(f"X{count - 1}")


def chain(body: str, count: int = 60) -> str:
    """Nodes that each hold the one before, `{}` in the body."""
    classes = ["class N0(CN):\n    leaf: int = 1\n"]
    classes += [f"class N{n}(CN):\n    {body.format(f'N{n - 1}')}\n" for n in range(1, count)]
    return "\n\n".join((VOCABULARY, *classes))


EXPONENTIAL: Mapping[str, Tree] = {
    "numbers": {"run.py": doubling("{0} * {0}", "7").encode()},
    "strings": {"run.py": doubling("{0} + {0}", "'ab'").encode()},
    "lists": {"run.py": doubling("[{0}, {0}]", "[1]").encode()},
    "dicts": {"run.py": doubling("{{'a': {0}, 'b': {0}}}", "{}").encode()},
    "f-strings": {"run.py": doubling("f'{{{0}}}{{{0}}}'", "'ab'").encode()},
    "lists of nodes": {"a/b.py": chain("parts: list[{0}] = [{0}(), {0}()]").encode(), "run.py": RUN.encode()},
    "nodes in two fields": {"a/b.py": chain("x: {0} = {0}(); y: {0} = {0}()").encode(), "run.py": RUN.encode()},
    "dicts of nodes": {
        "a/b.py": chain("parts: dict[str, {0}] = {{'x': {0}(), 'y': {0}()}}").encode(),
        "run.py": RUN.encode(),
    },
    "a list of a deep node": {
        "a/b.py": chain("x: {0} = {0}(); y: {0} = {0}()").encode(),
        "run.py": b"from cngen import CN\nfrom cn.a.b import N59\nclass Run(CN):\n    parts: list[N59] = [N59()]\n",
    },
    "bases": {
        "a/b.py": (
            "from cngen import CN\nclass N0(CN): leaf: int = 1\nclass M0(CN): other: int = 1\n"
            + "".join(
                f"class {name}{n}(N{n - 1}, M{n - 1}): pass\n" for n in range(1, 60) for name in "NM"
            )
        ).encode(),
        "run.py": RUN.encode(),
    },
    "sweeps": {
        "exp/a.py": (
            b"from cngen import sweep\nfrom cn.run import Run\nclass Sweep(Run):\n"
            + b"".join(b"    f%d = sweep(*range(1000))\n" % n for n in range(60))
        ),
        "run.py": RUN.encode() + b"".join(b"    f%d: int = 1\n" % n for n in range(60)),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXPONENTIAL)
def test_small_tree_of_a_huge_meaning(tmp_path: Path, name: str) -> None:
    build_within_limits(write_project(tmp_path, in_root(EXPONENTIAL[name])))


LONG: Mapping[str, Tree] = {
    "a list": {"run.py": (RUN + f"    numbers: list[int] = {list(range(DEPTH))}\n").encode()},
    "a dict": {"run.py": (RUN + f"    numbers: dict[int, int] = {dict.fromkeys(range(DEPTH), 1)}\n").encode()},
    "a string": {"run.py": (RUN + f"    value: str = {'x' * 1_000_000!r}\n").encode()},
    "a docstring": {"run.py": RUN.replace("    steps", f'    """{"text (" * DEPTH}"""\n\n    steps').encode()},
    "a comment": {"run.py": (RUN + "# " + "(" * 1_000_000 + "\n").encode()},
    "blank lines": {"run.py": (RUN + "\n" * 200_000).encode()},
    "fields": {"run.py": (RUN + "".join(f"    f{n}: int = {n}\n" for n in range(1000))).encode()},
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_long_but_flat_is_fine(tmp_path: Path, name: str) -> None:
    """What guards against depth must not refuse length."""
    assert build_within_limits(write_project(tmp_path, in_root(LONG[name]))) == 0


@pytest.mark.parametrize("length", [300, 1000])
@pytest.mark.parametrize("of", ["bases", "fields"])
def test_long_chain_of_nodes(tmp_path: Path, length: int, of: str) -> None:
    """Classes that each inherit from the last, or hold it: deep in meaning, flat on the page."""
    pattern = {"bases": "class N{0}(N{1}): pass", "fields": "class N{0}(N0): x: N0 = N{1}()"}[of]
    lines = ["from cngen import CN", "class N0(CN): leaf: int = 1"]
    lines += [pattern.format(n, n - 1) for n in range(1, length)]

    build_within_limits(
        write_project(tmp_path, {"cn/a/b.py": "\n".join(lines) + "\n", "cn/run.py": RUN})
    )


# Odd things in the folder


def test_odd_names_of_files_and_folders(tmp_path: Path) -> None:
    names = [
        "my-file.py",
        "1.py",
        "class.py",
        "a b.py",
        "\u4f60.py",
        ".hidden.py",
        "x.y.py",
        "_generated_store.py",
    ]
    folders = ["my-group", "1", "class", "a b", "a.b", "a=b", "__pycache__", ".git", "-C", "cn"]
    files = {name: RUN.replace("Run", f"R{index}") for index, name in enumerate(names)}
    files |= {
        f"{name}/nodes.py": RUN.replace("Run", f"N{index}") for index, name in enumerate(folders)
    }

    judge(tmp_path, files)


def odd_entry(folder: Path, kind: str) -> None:
    path = folder / "cn" / "odd.py"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to(folder / "nowhere.py")
    elif kind == "link to itself":
        path.symlink_to(path)
    elif kind == "folder in a circle":
        (folder / "cn" / "again").symlink_to(folder / "cn", target_is_directory=True)
    elif kind == "name that is not text":
        Path(os.fsdecode(os.fsencode(folder / "cn") + b"/\xff.py")).write_text(
            RUN.replace("Run", "Odd")
        )
    elif kind == "endless device":
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "kind",
    [
        "folder",
        "pipe",
        "dangling link",
        "link to itself",
        "folder in a circle",
        "name that is not text",
        "endless device",
    ],
)
def test_odd_entry_in_the_tree(tmp_path: Path, kind: str) -> None:
    """Findings or a refusal in one line, but an answer."""
    odd_entry(write_project(tmp_path, {"cn/run.py": RUN}), kind)

    result = run_child("build", "-C", str(tmp_path), before=limit_memory)

    assert result.returncode in (0, 1, 2)
    assert "Traceback" not in result.stdout + result.stderr
    assert result.returncode != 2 or len(result.stderr.splitlines()) == 1


@settings(max_examples=at_least(100), deadline=None)
@given(
    text=st.text(
        st.sampled_from("[]\"'=.#\n\\ toolcngenrootoutputbasenaming:{},1/\u00e9\0"), max_size=80
    )
)
def test_any_settings(folder: Path, text: str) -> None:
    """Refused in one line, or read."""
    write_project(folder, {"cn/run.py": RUN})
    (folder / "pyproject.toml").write_text(f"[tool.cngen]\n{text}", encoding="utf-8")
    try:
        load_settings(folder)
    except CngenError as error:
        assert len(str(error).splitlines()) == 1


# Nothing is executed

HOSTILE: Mapping[str, str] = {
    "writes a file": "open({marker!r}, 'w').close()",
    "exits": "import sys; sys.exit(3)",
    "exits hard": "import os; os._exit(0)",
    "never ends": "while True: pass",
    "is killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "raises": "raise SystemExit(open({marker!r}, 'w'))",
    "replaces a builtin": "import builtins; builtins.open = builtins.print = None",
    "needs a missing package": "import a_package_that_nobody_has.inner as torch",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("file", ["cn/run.py", "cn/__init__.py", "helpers.py"])
def test_hostile_module_is_not_executed(tmp_path: Path, name: str, file: str) -> None:
    """At the head of a node's module, of the package, or of a module that a node imports from."""
    marker = tmp_path / "executed"
    hostile = HOSTILE[name].format(marker=str(marker)) + "\nVALUE = 3\n"
    files = {
        "cn/run.py": f"from helpers import VALUE\n{RUN}    value: int = VALUE\n",
        "helpers.py": "VALUE = 3\n",
    }
    files[file] = hostile + files.get(file, "")

    result = run_child("build", "-C", str(write_project(tmp_path / "project", files)))

    assert result.returncode in (0, 1), result.stderr
    assert "CN" in result.stdout or (tmp_path / "project" / STORE).exists()
    assert not marker.exists()


EVIL_PLACES: Mapping[str, str] = {
    "default": "{evil}",
    "inside an f-string": 'f"""{{{evil}}}"""',
    "inside a list": "[{evil}]",
    "inside arithmetic": "1 + {evil}",
    "walrus": "(x := {evil})",
    "comprehension": "[{evil} for _ in '1']",
    "condition": "1 if {evil} else 2",
    "lambda called": "(lambda: {evil})()",
    "default_factory": "field(default_factory=lambda: {evil})",
    "sweep": "sweep({evil}, 1)",
    "ref": "ref({evil})",
    "node": "Part(x={evil})",
    "eval": "eval({evil!r})",
    "subscript": "[1, 2][{evil}]",
}


@pytest.mark.parametrize("name", EVIL_PLACES)
def test_value_is_not_executed(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "executed"
    text = EVIL_PLACES[name].format(evil=f"__import__('pathlib').Path({str(marker)!r}).touch()")
    classes = f"class Part(CN): x: int = 1\nclass Run(CN):\n    value: int = {text}\n"

    judge(tmp_path / "project", {"run.py": VOCABULARY + classes})

    assert not marker.exists()


@pytest.mark.parametrize(
    "source",
    [
        "from cngen import CN\n@{evil}\nclass Run(CN):\n    x: int = 1\n",
        "from cngen import CN\nclass Run(CN, name={evil}):\n    x: int = 1\n",
        "from cngen import CN\nclass Run(CN, metaclass={evil}):\n    x: int = 1\n",
        "from cngen import CN\nclass Run(CN, {evil}):\n    x: int = 1\n",
        "from cngen import CN\nclass Run(CN):\n    x: {evil} = 1\n",
        'from cngen import CN\nclass Run(CN):\n    x: "{evil}" = 1\n',
        "from cngen import CN\nclass Run(CN):\n    {evil}\n    x: int = 1\n",
    ],
    ids=[
        "decorator",
        "keyword",
        "metaclass",
        "base",
        "annotation",
        "text annotation",
        "class body",
    ],
)
def test_class_is_not_executed(tmp_path: Path, source: str) -> None:
    marker = tmp_path / "executed"

    judge(tmp_path / "project", {"run.py": source.format(evil=f"open({str(marker)!r}, 'w')")})

    assert not marker.exists()


@pytest.mark.parametrize(
    "module", ["libcst", "jinja2", "click", "json", "dataclasses", "sitecustomize", "cn"]
)
def test_project_does_not_replace_the_compilers_modules(tmp_path: Path, module: str) -> None:
    """A file of the project with the name of a package that the compiler imports stays unread."""
    marker = tmp_path / "executed"
    project = write_project(tmp_path / "project", {"cn/run.py": RUN})
    (project / f"{module}.py").write_text(f"open({str(marker)!r}, 'w').close()\n")
    code = f"import sys; from cngen.cli import main; main(['build', '-C', {str(project)!r}])"

    result = run_python("-c", code, cwd=tmp_path)

    assert (project / STORE).exists(), result.stdout + result.stderr
    assert not marker.exists()
