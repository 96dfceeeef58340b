"""What a stale store is told to differ in: trees before and after an edit, stores edited by hand."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cngen.compiler import compile_tree
from cngen.project.settings import load_settings
from cngen.store.reader import NotPython, Stored, read_stored
from cngen.store.staleness import differences, staleness
from tests.support.effort import IS_EXHAUSTIVE
from tests.support.project import CHECKOUT, write_project
from tests.support.reading.experiments import trees_with_experiments
from tests.support.reading.folders import written
from tests.support.reading.promise import READING, show
from tests.support.reading.strategy import trees

TREE = {
    "cn/opt/base.py": """\
from cngen import CN


class Opt(CN, abstract=True):
    lr: float = 0.1


class Adam(Opt):
    \"\"\"Steps that adapt.\"\"\"

    betas: list[float] = [0.9, 0.99]


class SGD(Opt):
    momentum: float = 0.9
""",
    "cn/run.py": """\
import os
from enum import Enum

from cngen import CN

from .opt.base import SGD, Adam, Opt


class Mode(Enum):
    FAST = 1
    SLOW = 2


class Run(CN):
    seed: int = 1
    name: str = "a"
    mode: Mode = Mode.FAST
    cpus: int = os.cpu_count()
    table: dict[str, int] = {"a": 1}
    opt: Opt = Adam(lr=0.2)
    ema: Opt | None = None
""",
    "cn/exp/base.py": """\
from cngen import sweep

from ..opt.base import SGD, Adam
from ..run import Run


class Fast(Run):
    seed = 3
    opt = SGD()


class Wide(Fast):
    name = "wide"


class Lr(Run):
    opt = Adam(lr=sweep(0.1, 0.2))
    seed = sweep(1, 2, zip="a")
    name = sweep("x", "y", zip="a")
""",
}
RUN, OPT, EXP = "cn/run.py", "cn/opt/base.py", "cn/exp/base.py"

EDITS = {
    "default": (RUN, "seed: int = 1", "seed: int = 2", ["`Run.seed` is 2, the store has 1"]),
    "text": (RUN, '"a"\n', '"b"\n', ['`Run.name` is "b", the store has "a"']),
    "no default": (RUN, "seed: int = 1", "seed: int", ["`Run.seed` is MISSING, the store has 1"]),
    "interpolation": (
        RUN,
        'name: str = "a"',
        'name: str = "${mode}"',
        ['`Run.name` is "${mode}", the store has "a"'],
    ),
    "list": (
        OPT,
        "[0.9, 0.99]",
        "[0.9]",
        ["`Adam.betas` is [0.9], the store has [0.9, 0.99]"],
    ),
    "type": (
        RUN,
        "seed: int = 1",
        "seed: int | None = 1",
        ["the type of `Run.seed` is `int | None`, the store has `int`"],
    ),
    "new field": (
        RUN,
        "    mode:",
        "    depth: int = 4\n    mode:",
        ["the field `Run.depth` is missing"],
    ),
    "field gone": (
        OPT,
        "    momentum: float = 0.9",
        "    pass",
        ["the store still has the field `SGD.momentum`"],
    ),
    "order of fields": (
        RUN,
        '    seed: int = 1\n    name: str = "a"\n',
        '    name: str = "a"\n    seed: int = 1\n',
        ["the order of the fields of `Run` differs"],
    ),
    "doc": (OPT, "Steps that adapt", "Steps", ["the docstring of `Adam` differs"]),
    "base": (
        OPT,
        "class SGD(Opt)",
        "class SGD(Adam)",
        ["`SGD` inherits from `Adam`, the store has `Opt`"],
    ),
    "method": (
        OPT,
        "    momentum: float = 0.9",
        "    momentum: float = 0.9\n\n    def go(self) -> None:\n        pass",
        [
            "the field `SGD.lr` is missing",
            "`SGD` inherits from `cn.opt.base.SGD`, `Opt`, the store has `Opt`",
        ],
    ),
    "new option": (
        OPT,
        "class SGD(Opt)",
        "class Lion(Opt):\n    pass\n\n\nclass SGD(Opt)",
        ["the class `Lion` is missing", "the option `opt=lion` is missing"],
    ),
    "renamed option": (
        OPT,
        "class Adam(Opt)",
        'class Adam(Opt, name="adam2")',
        [
            "the option `opt=adam2` is missing",
            "the option `opt=adam2.run` is missing",
            "the store still has the option `opt=adam`",
            "the store still has the option `opt=adam.run`",
            "`run` chooses `opt=adam2.run`, the store chooses `opt=adam.run`",
            "`exp=lr` chooses `opt=adam2`, the store chooses `opt=adam`",
        ],
    ),
    "default option": (
        RUN,
        "opt: Opt = Adam(lr=0.2)",
        "opt: Opt = SGD()",
        [
            "the store still has the option `opt=adam.run`",
            "`run` chooses `opt=sgd`, the store chooses `opt=adam.run`",
        ],
    ),
    "variation": (
        RUN,
        "Adam(lr=0.2)",
        "Adam(lr=0.3)",
        ["`opt=adam.run` sets `lr` to 0.3, the store to 0.2"],
    ),
    "optional node": (
        RUN,
        "ema: Opt | None = None",
        "ema: Opt | None = SGD()",
        ["`run` chooses `opt@ema=sgd`, the store chooses `opt@ema=null`"],
    ),
    "computed": (
        RUN,
        "os.cpu_count()",
        "os.getpid()",
        ["`Run.cpus` is os.getpid() (import os), the store has os.cpu_count() (import os)"],
    ),
    "computed before others": (
        RUN,
        "    seed: int = 1",
        "    pid: int = os.getpid()\n    seed: int = 1",
        ["the field `Run.pid` is missing"],
    ),
    "experiment sets": (
        EXP,
        "seed = 3",
        "seed = 4",
        ["`exp=fast` sets `seed` to 4, the store to 3"],
    ),
    "experiment sets more": (
        EXP,
        "seed = 3",
        'seed = 3\n    table = {"a": 2}',
        ["`exp=fast` sets `table.a` to 2, the store doesn't"],
    ),
    "experiment sets less": (
        EXP,
        "    seed = 3\n",
        "",
        ["the store still sets `seed` to 3 in `exp=fast`"],
    ),
    "experiment chooses more": (
        EXP,
        "seed = 3",
        "seed = 3\n    ema = Adam()",
        ["`exp=fast` chooses `opt@ema=adam`, the store chooses nothing there"],
    ),
    "experiment chooses less": (
        EXP,
        "    opt = SGD()\n",
        "",
        ["the store still chooses `opt=sgd` in `exp=fast`"],
    ),
    "base of an experiment": (
        EXP,
        "class Wide(Fast)",
        "class Wide(Run)",
        ["the store still builds `exp=wide` on `fast`"],
    ),
    "experiment gone": (
        EXP,
        'class Wide(Fast):\n    name = "wide"\n',
        "",
        ["the store still has the experiment `exp=wide`"],
    ),
    "sweep": (
        EXP,
        "sweep(0.1, 0.2)",
        "sweep(0.1, 0.3)",
        [
            '`exp=lr` sweeps `opt.lr` over "0.1,0.3", the store over "0.1,0.2"',
        ],
    ),
    "point": (
        EXP,
        'sweep("x", "y", zip="a")',
        'sweep("x", "z", zip="a")',
        ['`exp/_points/lr/a=p1` sets `name` to "z", the store to "y"'],
    ),
}


@pytest.mark.parametrize(("path", "old", "new", "told"), EDITS.values(), ids=EDITS)
def test_an_edit_is_told(path: str, old: str, new: str, told: list[str], tmp_path: Path) -> None:
    before = text_of(write_project(tmp_path, TREE))
    assert old in TREE[path]
    after = text_of(write_project(tmp_path, TREE | {path: TREE[path].replace(old, new, 1)}))

    assert list(differences(stored(before), stored(after))) == told
    assert staleness(before, after) is not None


def test_a_moved_class_is_told(tmp_path: Path) -> None:
    """To another file of its group: only a comment of the store says where."""
    head, _, tail = TREE[OPT].partition("class SGD")
    before = text_of(write_project(tmp_path, TREE))
    files = {
        OPT: head,
        "cn/opt/sgd.py": f"from cngen import CN\n\nfrom .base import Opt\n\n\nclass SGD{tail}",
        RUN: TREE[RUN].replace(
            "import SGD, Adam, Opt", "import Adam, Opt\nfrom .opt.sgd import SGD"
        ),
        EXP: TREE[EXP].replace("import SGD, Adam", "import Adam\nfrom ..opt.sgd import SGD"),
    }

    after = text_of(write_project(tmp_path, TREE | files))

    assert differences(stored(before), stored(after)) == (
        "`SGD` is in cn/opt/sgd.py, the store has cn/opt/base.py",
    )


def test_a_moved_enum_is_told(tmp_path: Path) -> None:
    before = text_of(write_project(tmp_path, TREE))
    enum = TREE[RUN].partition("class Mode")[2].partition("\n\n\n")[0]
    run = TREE[RUN].replace(f"class Mode{enum}\n\n\n", "").replace("from enum import Enum\n", "")
    files = {
        "cn/mode.py": f"from enum import Enum\n\n\nclass Mode{enum}\n",
        RUN: run.replace("from .opt", "from .mode import Mode\nfrom .opt"),
    }

    after = text_of(write_project(tmp_path, TREE | files))

    assert differences(stored(before), stored(after)) == (
        "`Mode` is `cn.mode.Mode`, the store imports `cn.run.Mode`",
    )


BY_HAND = {
    "value": ("seed: int = 1", "seed: int = 7", "`Run.seed` is 1, the store has 7"),
    "statement": (
        "\n\ncs = Conf",
        "\n\nprint('hello')\ncs = Conf",
        "line 73 was written by hand: `print('hello')`",
    ),
    "import": (
        "from typing",
        "from os import sep\nfrom typing",
        "the store still imports `os.sep`",
    ),
    "import gone": (
        "from cn.run import Mode\n",
        "",
        "the import of `cn.run.Mode` is missing",
    ),
    "call without a name": (
        'cs.store(name="run", node=',
        'cs.store("run", node=',
        "the config `run` is missing",
    ),
    "exported": ('    "Adam",\n', "", "`__all__` lacks `Adam`"),
    "decorator": (
        "@dataclass(kw_only=True)\nclass Adam",
        "class Adam",
        "`Adam` is a `@dataclass(kw_only=True)`, the store has no decorator",
    ),
    "method": (
        "class SGD(Opt):\n",
        "class SGD(Opt):\n    def f(self): ...\n",
        "`SGD` differs",
    ),
    "comment": (
        "# fmt: off\n",
        "",
        "only comments, blank lines or the layout differ, so it was edited by hand",
    ),
    "heading": (
        "store for cn.",
        "store for conf.",
        "the sources are in `cn`, the store is for `conf`",
    ),
    "helper": (
        "    return node\n",
        "    return  node\n",
        "the functions that compute values differ",
    ),
    "twice": (
        'cs.store(group="opt", name="adam", node=Adam)\n',
        'cs.store(group="opt", name="adam", node=Adam)\n' * 2,
        "the store has the option `opt=adam` twice",
    ),
    "package": (
        'name="fast", package="_global_"',
        'name="fast"',
        "the package of `exp=fast` is `_global_`, the store has none",
    ),
    "class": (
        'name="adam", node=Adam',
        'name="adam", node=SGD',
        "`opt=adam` is `Adam`, the store has `SGD`",
    ),
    "order of the defaults list": (
        '{"defaults": ["adam", "_self_"], "lr": 0.2}',
        '{"defaults": ["_self_", "adam"], "lr": 0.2}',
        "the order of the defaults list of `opt=adam.run` differs",
    ),
}


@pytest.mark.parametrize(("written", "edited", "told"), BY_HAND.values(), ids=BY_HAND)
def test_an_edit_by_hand_is_told(written: str, edited: str, told: str, tmp_path: Path) -> None:
    new = text_of(write_project(tmp_path, TREE))
    assert written in new
    stale = staleness(new.replace(written, edited, 1), new)

    assert stale is not None
    assert told in stale.items
    assert stale.reason == "is out of date"


UNREADABLE = {
    "conflict": (
        "<<<<<<< HEAD\na = 1\n=======\n>>>>>>> other\n",
        "contains merge conflict markers",
    ),
    "conflict in a docstring": (
        '"""\n<<<<<<< a\n=======\n>>>>>>> b\n"""\n',
        "contains merge conflict markers",
    ),
    "syntax": ("a = 1\n\ndef\n", "isn't valid Python: line 3"),
    "null": ("a = '\0'\n", "isn't valid Python"),
    "deep": ("a = " + "-" * 100_000 + "1\n", "isn't valid Python"),
    "empty": ("", "is out of date: it contains no configs"),
    "something else": ("x = 1\n", "is out of date: it contains no configs"),
    "an escape": ('"\\d"\n', "is out of date: it contains no configs"),
}


@pytest.mark.parametrize(("old", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_store_that_holds_something_else_is_told(old: str, told: str, tmp_path: Path) -> None:
    stale = staleness(old, text_of(write_project(tmp_path, TREE)))

    assert stale is not None
    assert stale.summary.startswith(told)
    assert "run `cngen build`" in stale.hint


def test_the_summary_is_cut(tmp_path: Path) -> None:
    new = text_of(write_project(tmp_path, TREE))
    stale = staleness(new.replace("int", "str"), new)

    assert stale is not None
    assert stale.is_cut
    assert stale.summary.endswith(f"; and {len(stale.items) - 3} more")


STORES = sorted(CHECKOUT.glob("tests/whole/cases/*/expected/_generated_store.py"))


@pytest.mark.parametrize("path", STORES, ids=[path.parts[-3] for path in STORES])
def test_every_line_matters(path: Path) -> None:
    """A store that lacks one line of a golden one is told to be stale, without a fault."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    step = 1 if IS_EXHAUSTIVE else max(3, len(lines) // 30)
    for number in range(random.Random(path.parts[-3]).randrange(step), len(lines), step):
        stale = staleness("".join([*lines[:number], *lines[number + 1 :]]), text)
        assert stale is not None
        assert stale.items or stale.reason != "is out of date"


@READING
@given(st.lists(trees(), min_size=2, max_size=2))
def test_stores_without_a_difference_are_equal(drawn: list[dict[str, str]]) -> None:
    assert_equal_as_told(*drawn)


@READING
@given(trees_with_experiments(), st.data())
def test_stores_of_experiments_without_a_difference_are_equal(
    files: dict[str, str], data: st.DataObject
) -> None:
    """Of a tree and the same with one digit changed somewhere, which may be told or not compile."""
    text = {path: text for path, text in files.items() if path.endswith(".py")}
    places = [(p, n) for p, t in sorted(text.items()) for n, c in enumerate(t) if c.isdigit()]
    path, at = data.draw(st.sampled_from(places)) if places else ("", 0)
    digit = data.draw(st.sampled_from("0123456789"))
    other = {path: text[path][:at] + digit + text[path][at + 1 :]} if places else {}
    assert_equal_as_told(files, files | other)


def assert_equal_as_told(one: dict[str, str], other: dict[str, str]) -> None:
    show(one)
    show(other)
    texts = []
    for files in (one, other):
        with written(files) as folder:
            texts.append(compile_tree(load_settings(folder)).text)
    old, new = texts
    if old is None or new is None:
        return
    for before, after in ((old, new), (new, old)):
        assert (differences(stored(before), stored(after)) == ()) == (old == new)


def text_of(folder: Path) -> str:
    text = compile_tree(load_settings(folder)).text
    assert text is not None
    return text


def stored(text: str) -> Stored:
    found = read_stored(text)
    assert not isinstance(found, NotPython)
    return found
