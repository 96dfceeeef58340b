"""What each bad input gets: a code, at its place, in one run with all others.

A place is marked in the source itself: `|CN204|` stands right before the character that the finding
points at.
"""

import dataclasses
import re
from pathlib import Path

import pytest
from hydra.conf import HydraConf

from cngen.compiler import compile_tree
from cngen.diagnostic import Severity
from cngen.rules.hydra_settings import SECTIONS
from cngen.settings import load_settings

from .bad_experiments import EXPERIMENTS
from .bad_experiments import HEAD as FROM
from .bad_experiments import TREE as OVER
from .conftest import MakeProject
from .places import MARK, marks, places

HEAD = "from cngen import CN, MISSING, default, ref\n"

ERRORS: dict[str, dict[str, str]] = {
    "syntax error": {
        "cn/run.py": "class Run(CN):\n    x: int = = 3\n",
        "expect": "CN001 cn/run.py 2",
    },
    "broken file beside a wrong one": {
        "cn/a.py": "def (:\n",
        "cn/b.py": HEAD + "class B(CN):\n    |CN201|x = 3\n",
        "expect": "CN001 cn/a.py 1",
    },
    "too deep": {
        "cn/run.py": "x = " + "(" * 9000 + ")" * 9000 + "\n",
        "expect": "CN003 cn/run.py 1",
    },
    "base from an outside star import": {
        "cn/run.py": "from torch import *\n\n\nclass Run(|CN101|Base):\n    x: int = 1\n"
    },
    "computed base": {
        "cn/run.py": "def make():\n    ...\n\n\nclass Run(|CN101|make()):\n    x: int = 1\n"
    },
    "base that nothing defines": {"cn/run.py": "class Run(|CN101|CN):\n    x: int = 1\n"},
    "node in an if": {
        "cn/run.py": HEAD + "|CN102|if True:\n    class Run(CN):\n        x: int = 1\n"
    },
    "node in a try": {
        "cn/run.py": HEAD
        + "|CN102|try:\n    class Run(CN):\n        x: int = 1\nexcept Exception:\n    pass\n"
    },
    "node in a function": {
        "cn/run.py": HEAD + "|CN102|def f():\n    class Run(CN):\n        x: int = 1\n"
    },
    "node in a class": {
        "cn/run.py": HEAD + "class Run(CN):\n    class |CN102|Inner(CN):\n        x: int = 1\n"
    },
    "two nodes for one option": {
        "cn/model/a.py": HEAD + "class Mlp(CN): ...\n",
        "cn/model/b.py": HEAD + 'class |CN103|Other(CN, name="mlp"): ...\n',
    },
    "options that differ by case": {
        "cn/model/a.py": HEAD
        + 'class A(CN, name="mlp"): ...\nclass |CN103|B(CN, name="MLP"): ...\n'
    },
    "option against alias": {
        "cn/model/a.py": HEAD + "class Mlp(CN): ...\n",
        "cn/other/b.py": HEAD + 'class |CN103|Net(CN, aliases=["model/mlp"]): ...\n',
    },
    "class twice": {"cn/run.py": HEAD + "class Run(CN): ...\nclass |CN103|Run(CN): ...\n"},
    "module beside folder": {
        "cn/model.py": "|CN104|" + HEAD,
        "cn/model/base.py": HEAD + "class Model(CN): ...\n",
    },
    "option null": {"cn/model/a.py": HEAD + "class |CN105|Null(CN): ...\n"},
    "option true": {"cn/model/a.py": HEAD + "class |CN105|TRUE(CN): ...\n"},
    "option inf": {"cn/model/a.py": HEAD + "class |CN105|Inf(CN): ...\n"},
    "option 1": {"cn/model/a.py": HEAD + 'class |CN105|A(CN, name="1"): ...\n'},
    "option 1e3": {"cn/model/a.py": HEAD + 'class |CN105|A(CN, name="1e3"): ...\n'},
    "option with a comma": {"cn/model/a.py": HEAD + 'class |CN105|A(CN, name="a,b"): ...\n'},
    "option outside ASCII": {"cn/model/a.py": HEAD + "class |CN105|Größe(CN): ...\n"},
    "folder that begins with a digit": {"cn/2d/a.py": HEAD + "class |CN106|A(CN): ...\n"},
    "folder of Hydra": {"cn/hydra/a.py": HEAD + "class |CN106|A(CN): ...\n"},
    "empty part of a group": {"cn/a.py": HEAD + 'class |CN106|A(CN, group="x//y"): ...\n'},
    "cycle of bases": {"cn/run.py": HEAD + "class |CN107|A(B): ...\nclass B(A): ...\n"},
    "own base": {"cn/run.py": HEAD + "class |CN107|A(A): ...\n"},
    "unknown class keyword": {"cn/run.py": HEAD + "class Run(CN, |CN108|abstrct=True): ...\n"},
    "class keyword of another type": {"cn/run.py": HEAD + "class Run(CN, |CN108|name=3): ...\n"},
    "one name in one group": {
        "cn/model/a.py": HEAD + "class Mlp(CN): ...\n",
        "cn/model/b.py": HEAD + 'class |CN109|Mlp(CN, name="other"): ...\n',
        "expect": "CN109 cn/model/b.py 2",
    },
    "no order of bases": {
        "cn/run.py": HEAD + "class A(CN): ...\nclass B(A): ...\nclass |CN113|C(A, B): ...\n"
    },
    "frozen": {
        "cn/run.py": "from dataclasses import dataclass\n"
        + HEAD
        + "@|CN111|dataclass(frozen=True)\nclass Run(CN): ...\n"
    },
    "slots": {
        "cn/run.py": "import dataclasses as d\n"
        + HEAD
        + "@|CN111|d.dataclass(slots=True)\nclass Run(CN): ...\n"
    },
    "__slots__": {"cn/run.py": HEAD + 'class Run(CN):\n    |CN111|__slots__ = ("a",)\n'},
    "own constructor": {"cn/run.py": HEAD + "class Run(CN):\n    |CN112|def __init__(self): ...\n"},
    "attribute without annotation": {"cn/run.py": HEAD + "class Run(CN):\n    |CN201|depth = 4\n"},
    "reserved names": {
        "cn/run.py": HEAD
        + "class Run(CN):\n    defaults: int = |CN305|4\n    |CN202|hydra: int = 1\n    |CN202|items: int = 1\n"
        + "    |CN202|größe: int = 1\n    |CN202|__x: int = 1\n    |CN202|field: int = 1\n    |CN202|get: int = 1\n",
    },
    "values of other types": {
        "cn/run.py": "from enum import Enum\nfrom pathlib import Path\n"
        + HEAD
        + "class Mode(Enum):\n    FULL = 'full'\nclass Run(CN):\n"
        + "    a: int = |CN203|1e6\n    b: str = |CN203|None\n    c: Mode = |CN203|'full'\n    d: int = |CN203|True\n"
        + "    e: bool = |CN203|1\n    f: str = |CN203|3\n    g: int = |CN203|'5'\n    h: Path = |CN203|'x'\n"
        + "    i: list[int] = [1, |CN203|'a']\n    j: dict[str, int] = {'a': |CN203|1.5}\n"
        + "    k: list[int | str] = [|CN203|1.5]\n"
        + "    l: tuple[int, int] = |CN203|(1,)\n    m: list[int] = |CN203|{1: 2}\n"
        + "    n: list[float | str] = [|CN203|1]\n",
    },
    "value outside its Literal": {
        "cn/run.py": "from typing import Literal\n"
        + HEAD
        + "class Run(CN):\n    |CN206|a: Literal['x', 'y'] = |CN203|'z'\n"
    },
    "keyword that a node lacks": {
        "cn/opt/base.py": HEAD + "class Adam(CN):\n    lr: float = 1.0\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Adam\nclass Run(CN):\n    opt: Adam = Adam(|CN204|lrr=1.0)\n",
    },
    "argument of another type": {
        "cn/opt/base.py": HEAD + "class Adam(CN):\n    lr: float = 1.0\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Adam\nclass Run(CN):\n    opt: Adam = Adam(lr=|CN203|'x')\n",
    },
    "positional argument": {
        "cn/opt/base.py": HEAD + "class Adam(CN):\n    lr: float = 1.0\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Adam\nclass Run(CN):\n    opt: Adam = |CN209|Adam(1.0)\n",
    },
    "nodes that only running would tell": {
        "cn/opt/base.py": HEAD + "class Adam(CN):\n    lr: float = 1.0\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Adam\nclass Run(CN):\n    opts: list[Adam] = |CN209|[Adam() for _ in range(3)]\n",
    },
    "division by zero": {"cn/run.py": HEAD + "class Run(CN):\n    x: float = |CN209|1 / 0\n"},
    "retyped field": {
        "cn/run.py": HEAD + "class A(CN):\n    x: int = 1\nclass B(A):\n    |CN205|x: str = 'a'\n"
    },
    "retyped by a second base": {
        "cn/run.py": HEAD
        + "class A(CN):\n    x: int = 1\nclass B(CN):\n    x: str = 'a'\nclass |CN205|C(A, B): ...\n"
    },
    "statement in a body": {
        "cn/run.py": HEAD
        + "class Run(CN):\n    x: int = 1\n    |CN208|x += 2\n    |CN208|if x:\n        y: int = 1\n"
    },
    "method with the name of a field": {
        "cn/run.py": HEAD
        + "class A(CN):\n    x: int = 1\nclass B(A):\n    |CN208|def x(self): ...\n"
    },
    "member that an enum lacks": {
        "cn/run.py": "from enum import Enum\n"
        + HEAD
        + "class Mode(Enum):\n    FULL = 1\nclass Run(CN):\n    mode: Mode = |CN210|Mode.FUL\n"
    },
    "undefined type": {"cn/run.py": HEAD + "class Run(CN):\n    x: |CN211|Intt = 1\n"},
    "interpolation that OmegaConf refuses": {
        "cn/run.py": HEAD
        + 'class Run(CN):\n    x: str = |CN212|"${a b}"\n    y: str = |CN212|"${"\n'
    },
    "default of another class": {
        "cn/opt/base.py": HEAD + "class Opt(CN): ...\n",
        "cn/net/base.py": HEAD + "class Net(CN): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nfrom cn.net.base import Net\nclass Run(CN):\n    opt: Opt = |CN301|Net()\n"
        + "    many: list[Opt] = [Opt(), |CN301|Net()]\n    named: dict[str, Opt] = {'a': |CN301|Net}\n",
    },
    "option that a field can't hold": {
        "cn/opt/base.py": HEAD
        + "class Opt(CN): ...\nclass Adam(Opt): ...\nclass |CN302|Stray(CN): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Adam, Opt\nclass Run(CN):\n    opt: Opt = Adam()\n",
    },
    "cycle of defaults": {
        "cn/a/base.py": "from cngen import CN\nfrom cn.b.base import B\nclass A(CN):\n    b: B = B()\n",
        "cn/b/base.py": "from cngen import CN\nfrom cn.a.base import A\nclass B(CN):\n    a: A = |CN303|A()\n",
    },
    "abstract default": {
        "cn/opt/base.py": HEAD + "class Opt(CN, abstract=True): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nclass Run(CN):\n    opt: Opt = |CN304|Opt()\n",
    },
    "defaults list with mistakes": {
        "cn/opt/base.py": HEAD + "class Opt(CN): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nclass Run(CN):\n    opt: Opt = MISSING\n"
        + '    defaults = ["_self_", |CN305|{"overide opt": "base"}, |CN305|{"optt": "base"}, |CN305|{"opt": "bse"}]\n',
    },
    "_self_ behind": {
        "cn/opt/base.py": HEAD + "class Opt(CN): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nclass Run(CN):\n    opt: Opt = MISSING\n"
        + '    defaults = |CN305|[{"opt": "base"}, "_self_"]\n',
    },
    "defaults that a list by hand passes over": {
        "cn/opt/base.py": HEAD + "class Opt(CN):\n    lr: int = 1\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nclass Run(CN):\n    a: Opt = |CN308|Opt(lr=2)\n"
        + "    b: Opt = |CN308|Opt()\n    c: Opt = Opt()\n    d: Opt = MISSING\n"
        + '    defaults = ["_self_", {"opt@a": "base"}, {"opt@c": "base"}]\n'
        + "class |CN308|Other(Run): ...\n",
    },
    "required again": {
        "cn/run.py": HEAD
        + "class A(CN):\n    x: int = 1\nclass B(A):\n    x = |CN307|MISSING\n"
        + "class Run(CN):\n    a: A = A()\nclass Other(Run):\n    a = B()\n"
    },
    "node for a reference": {
        "cn/opt/base.py": HEAD + "class Opt(CN): ...\n",
        "cn/run.py": HEAD
        + "from cn.opt.base import Opt\nclass A(CN):\n    a: Opt\n    b: Opt = ref('.a')\n"
        + "class B(A):\n    b = |CN307|Opt()\n"
        + "class Run(CN):\n    x: A\n",
    },
    **EXPERIMENTS,
}

HINTS = {
    "detph": (
        HEAD + "class A(CN):\n    depth: int = 1\nclass B(A):\n    detph = 4\n",
        "did you mean `depth`?",
    ),
    "lrr": (
        HEAD + "class A(CN):\n    lr: int = 1\nclass B(CN):\n    a: A = A(lrr=1)\n",
        "did you mean `lr`?",
    ),
    "float": (HEAD + "class A(CN):\n    x: int = 1e6\n", "write `1_000_000`"),
    "none": (HEAD + "class A(CN):\n    x: str = None\n", "make the type `str | None`"),
    "enum": (
        "from enum import Enum\n"
        + HEAD
        + "class M(Enum):\n    RED = 'red'\nclass A(CN):\n    x: M = 'red'\n",
        "write the member `M.RED`",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_bad_input(name: str, make_project: MakeProject) -> None:
    """Exactly the marked findings, at their places, and no store."""
    files = dict(ERRORS[name])
    unmarked = files.pop("expect", "")
    expected = {place for path, text in files.items() for place in marks(path, text)}
    project = make_project({path: MARK.sub("", text) for path, text in files.items()})
    compiled = compile_tree(load_settings(project))

    assert compiled.text is None
    found = places(project, compiled.diagnostics)
    if unmarked:
        code, path, line = unmarked.split()
        extra = {
            place for place in found if (place[0], place[1], place[3]) == (path, int(line), code)
        }
        assert extra, found
        found -= extra - expected
    assert found == expected, compiled.diagnostics


@pytest.mark.parametrize("name", HINTS)
def test_hint(name: str, make_project: MakeProject) -> None:
    """What to do, in the user's own names."""
    source, hint = HINTS[name]
    compiled = compile_tree(load_settings(make_project({"cn/run.py": source})))
    assert hint in [d.hint for d in compiled.diagnostics]


def test_every_code_has_a_case() -> None:
    """No code can be told that no case here or among the golden trees shows."""
    package = Path(compile_tree.__code__.co_filename).parent
    told = {
        code
        for path in package.rglob("*.py")
        for code in re.findall(r'"(CN\d\d\d)"', path.read_text())
    }
    shown = set(re.findall(r"CN\d\d\d", repr(ERRORS)))
    for findings in (Path(__file__).parent / "cases").rglob("findings.txt"):
        shown |= set(re.findall(r"CN\d\d\d", findings.read_text()))
    assert told - shown == {"CN002", "CN110", "CN506"}, "give the code a case"


def test_not_utf8(make_project: MakeProject) -> None:
    """A file that isn't UTF-8 is a finding; with its coding declared it is read."""
    project = make_project({"cn/run.py": HEAD + "class Run(CN):\n    x: str = 'a'\n"})
    (project / "cn/run.py").write_bytes(
        (HEAD + "class Run(CN):\n    x: str = 'é'\n").encode("latin-1")
    )
    assert [d.code for d in compile_tree(load_settings(project)).diagnostics] == ["CN002"]
    declared = ("# -*- coding: latin-1 -*-\n" + HEAD + "class Run(CN):\n    x: str = 'é'\n").encode(
        "latin-1"
    )
    (project / "cn/run.py").write_bytes(declared)
    text = compile_tree(load_settings(project)).text
    assert text is not None
    assert '"é"' in text


def test_a_zip_without_company_is_a_warning(make_project: MakeProject) -> None:
    """It runs as it stands, but most likely a name is misspelled."""
    body = "class E(Run):\n    seed = sweep(1, 2, zip='a')\n    rate = sweep(0.1, 0.2, zip='b')\n"
    compiled = compile_tree(load_settings(make_project({**OVER, "cn/exp/e.py": FROM + body})))
    assert [d.code for d in compiled.diagnostics] == ["CN506", "CN506"]
    assert compiled.text is not None
    joined = body + "class F(E):\n    name = sweep('a', 'b', zip='a')\n"
    compiled = compile_tree(load_settings(make_project({**OVER, "cn/exp/e.py": FROM + joined})))
    assert [d.message for d in compiled.diagnostics] == ["nothing else is zipped as `b`"]


def test_old_group_is_a_warning(make_project: MakeProject) -> None:
    """`_group` still works."""
    project = make_project({"cn/a.py": HEAD + 'class A(CN):\n    _group = "x/y"\n'})
    compiled = compile_tree(load_settings(project))
    assert [(d.code, d.severity) for d in compiled.diagnostics] == [("CN110", Severity.WARNING)]
    assert compiled.text is not None
    assert 'cs.store(group="x/y", name="a", node=A)' in compiled.text


def test_the_sections_of_hydra_are_its_own() -> None:
    """What `hydra = {...}` may hold is what Hydra's config has, without what Hydra fills in itself."""
    fields = {field.name for field in dataclasses.fields(HydraConf)}
    assert {*SECTIONS} == fields - {"defaults", "overrides"}
