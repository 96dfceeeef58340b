"""Experiments that can't be meant so, each over the same small tree, with the places of their findings."""

TREE = {
    "cn/opt/base.py": """\
from cngen import CN

class Opt(CN, abstract=True):
    lr: float = 0.1

class Adam(Opt):
    betas: list[float] = [0.9, 0.99]

class SGD(Opt):
    momentum: float = 0.9
""",
    "cn/head/base.py": """\
from cngen import CN

class Head(CN):
    dim: int = 7
""",
    "cn/run.py": """\
from enum import Enum
from pathlib import Path
from typing import Any

from cngen import CN
from cn.head.base import Head
from cn.opt.base import Adam, Opt

class Mode(Enum):
    FAST = 1

class Part(CN):
    size: int = 1

class Run(CN):
    seed: int = 1
    rate: float = 0.5
    name: str = "a"
    raw: bytes = b""
    any: Any = None
    path: Path = Path("a")
    steps: list[int] = [1, 2]
    table: dict[str, int] = {"a": 1, "b": 2}
    mode: Mode = Mode.FAST
    opt: Opt = Adam()
    ema: Opt | None = None
    heads: dict[str, Head] = {"left": Head()}
    part: Part = Part()
    parts: dict[str, Part] = {"a": Part()}
""",
}
HEAD = """\
from cngen import CN, MISSING, interval, patch, points, ref, sweep
from cn.head.base import Head
from cn.opt.base import SGD, Adam, Opt
from cn.run import Mode, Part, Run

"""

BODIES = {
    "new field": "class E(Run):\n    |CN501|sead: int = 2\n",
    "unannotated new field": "class E(Run):\n    |CN201|sead = 2\n",
    "sweep of a field that the option lacks": "class E(Run):\n    opt = Adam(momentum=|CN501|sweep(1, 2))\n",
    "patch of a field that the option lacks": "class E(Run):\n    opt = patch(|CN204|momentum=0.5)\n",
    "patch of a field that the option of the base lacks": """\
class Base(Run):
    opt = SGD()

class E(Base):
    opt = patch(|CN204|betas=[0.5])
""",
    "patch of a key's node": "class E(Run):\n    heads = patch(left=patch(|CN204|dimm=3))\n",
    "patch of a plain value": "class E(Run):\n    seed = |CN501|patch(a=1)\n",
    "patch of a key that isn't there": "class E(Run):\n    heads = patch(mid=|CN501|patch(dim=1))\n",
    "patch of None": "class E(Run):\n    ema = |CN501|patch(lr=1.0)\n",
    "swept patch of an unknown field": "class E(Run):\n    opt = sweep(patch(lr=0.1), patch(momentum=|CN501|1))\n",
    "value of an experiment": "class E(Run):\n    seed = |CN203|'a'\n",
    "patched value": "class E(Run):\n    opt = patch(lr=|CN203|'a')\n",
    "swept value": "class E(Run):\n    seed = sweep(1, |CN502|'a')\n",
    "swept float for an int": "class E(Run):\n    seed = sweep(1, |CN502|1e3)\n",
    "swept None": "class E(Run):\n    rate = sweep(0.1, |CN502|None)\n",
    "swept value in a node": "class E(Run):\n    opt = Adam(lr=sweep(0.1, |CN502|'b'))\n",
    "swept value in a list": "class E(Run):\n    steps = sweep([1], [2, |CN502|'b'])\n",
    "swept node of another kind": "class E(Run):\n    opt = sweep(Adam(), |CN502|Head())\n",
    "swept value for a node": "class E(Run):\n    opt = sweep(Adam(), |CN502|1)\n",
    "swept node for a value": "class E(Run):\n    seed = sweep(1, |CN502|Head())\n",
    "argument of a swept node": "class E(Run):\n    opt = sweep(Adam(), SGD(|CN204|betas=[1]))\n",
    "value in a swept node": "class E(Run):\n    opt = sweep(Adam(), SGD(lr=|CN203|'a'))\n",
    "swept abstract node": "class E(Run):\n    opt = sweep(Adam(), |CN304|Opt())\n",
    "interval of text": "class E(Run, sweeper='optuna'):\n    rate = interval(0.1, |CN502|'a')\n",
    "interval of floats for an int": "class E(Run, sweeper='optuna'):\n    seed = interval(1, |CN502|2.5)\n",
    "interval of a node": "class E(Run, sweeper='optuna'):\n    opt = interval(|CN502|1, 2)\n",
    "empty interval": "class E(Run, sweeper='optuna'):\n    rate = |CN502|interval(2.0, 1.0)\n",
    "logarithm of zero": "class E(Run, sweeper='optuna'):\n    rate = interval(|CN502|0.0, 1.0, log=True)\n",
    "patch below a sweep": """\
class Base(Run):
    opt = sweep(Adam(), Adam(lr=1.0))

class E(Base):
    opt = patch(lr=|CN503|2.0)
""",
    "swept experiment that sets what is fixed": """\
class Small(Run):
    seed = 2

class E(Run):
    seed = 3
    sizes = points(|CN503|Small)
""",
    "swept experiment that sets what is swept": """\
class Small(Run):
    opt = patch(lr=1.0)

class E(Run):
    opt = sweep(Adam(), SGD())
    sizes = points(|CN503|Small)
""",
    "sweep beside a parameter by hand": """\
class E(Run):
    seed = sweep(1, 2)
    hydra = {"sweeper": {"params": {|CN503|"seed": "1,2"}}}
""",
    "swept, then set": "class E(Run):\n    seed = sweep(1, 2)\n    |CN503|seed = 3\n",
    "set, then swept": "class E(Run):\n    seed = 3\n    |CN503|seed = sweep(1, 2)\n",
    "same values": "class E(Run):\n    seed = sweep(1, 2, |CN504|1)\n",
    "same after conversion": "class E(Run):\n    rate = sweep(1, |CN504|1.0)\n",
    "same nodes": "class E(Run):\n    opt = sweep(Adam(), SGD(), |CN504|Adam(lr=0.1))\n",
    "same experiments": "class A(Run):\n    seed = 2\nclass E(Run):\n    p = points(A, |CN504|A)\n",
    "same zipped points": """\
class E(Run):
    seed = sweep(1, 1, |CN504|1, zip="z")
    rate = sweep(0.1, 0.2, 0.1, zip="z")
""",
    "zip of other length": """\
class E(Run):
    seed = sweep(1, 2, zip="z")
    rate = |CN505|sweep(0.1, 0.2, 0.3, zip="z")
""",
    "zip of a base of other length": """\
class Base(Run):
    seed = sweep(1, 2, zip="z")

class E(Base):
    rate = |CN505|sweep(0.1, 0.2, 0.3, zip="z")
""",
    "no values": "class E(Run):\n    seed = |CN507|sweep()\n",
    "no experiments": "class E(Run):\n    p = |CN507|points()\n",
    "sweep in a node": "class Other(Head):\n    dim = |CN508|sweep(1, 2)\n",
    "patch in a node": "class Other(Adam, group='opt'):\n    betas = |CN508|patch(a=1)\n",
    "points in a node": "class Other(Head):\n    p = |CN508|points(Run)\n",
    "sweep in a list": "class E(Run):\n    steps = [|CN508|sweep(1, 2), 3]\n",
    "sweep in an expression": "class E(Run):\n    seed = |CN209|sweep(1, 2) * 2\n",
    "points for a field": "class A(Run):\n    rate = 1.0\nclass E(Run):\n    seed = |CN508|points(A)\n",
    "launcher of a node": "class |CN508|Other(Head, launcher='joblib'): ...\n",
    "hydra in a node": "class Other(Head):\n    hydra = |CN508|{'mode': 'MULTIRUN'}\n",
    "sweep in a sweep": "class E(Run):\n    opt = sweep(Adam(lr=|CN509|sweep(0.2, 0.3)), SGD())\n",
    "interval in a sweep": """\
class E(Run, sweeper="optuna"):
    opt = sweep(Adam(lr=|CN509|interval(0.2, 0.3)), SGD())
""",
    "sweep in a sweep of values": "class E(Run):\n    seed = sweep(1, |CN509|sweep(2, 3))\n",
    "launcher of a swept experiment": """\
class A(Run, launcher="joblib"):
    seed = 2

class E(Run):
    p = points(|CN510|A)
""",
    "sweep of a swept experiment": "class A(Run):\n    seed = sweep(2, 3)\nclass E(Run):\n    p = points(|CN510|A)\n",
    "points over a node": "class E(Run):\n    p = points(|CN510|Adam)\n",
    "points over a base": "class A(Run):\n    seed = 2\nclass E(A):\n    p = points(|CN510|A)\n",
    "points over itself": "class E(Run):\n    p = points(|CN510|E)\n",
    "points over an abstract one": """\
class A(Run, abstract=True):
    seed = 2

class E(Run):
    p = points(|CN510|A)
""",
    "node of another group first": "class E(Run):\n    ema = sweep(|CN301|Head())\n",
    "points over a value": "class E(Run):\n    p = points(|CN510|1)\n",
    "required again": "class E(Run):\n    |CN511|seed: int\n",
    "missing again": "class E(Run):\n    seed = |CN511|MISSING\n",
    "node missing again": "class E(Run):\n    opt = |CN511|MISSING\n",
    "patched away": "class E(Run):\n    opt = patch(lr=|CN307|MISSING)\n",
    "missing in an abstract base": """\
class Base(Run, abstract=True):
    seed = MISSING

class |CN511|E(Base):
    rate = 0.1
""",
    "many jobs": "class |CN512|E(Run):\n    seed = sweep(*range(100))\n    rate = sweep(*range(11))\n",
    "swept bytes": "class E(Run):\n    raw = sweep(|CN513|b'a', |CN513|b'b')\n",
    "swept computed value": "import time\nclass E(Run):\n    rate = sweep(|CN513|time.time(), 1.0)\n",
    "swept missing value": "class E(Run):\n    seed = sweep(1, |CN513|MISSING)\n",
    "swept set": "class E(Run):\n    any = sweep(1, |CN513|{2, 3})\n",
    "swept dict with odd keys": "class E(Run):\n    any = sweep(1, |CN513|[{'a b': 1}])\n",
    "sweep under an odd key": "class E(Run):\n    table = patch(**{'a b': |CN513|sweep(1, 2)})\n",
    "interval without a sweeper": "class E(Run):\n    rate = |CN514|interval(0.1, 0.2)\n",
    "dict that loses a key": "class E(Run):\n    table = |CN515|{'a': 3}\n",
    "swept dict that loses a key": "class E(Run):\n    table = sweep({'a': 3, 'b': 4}, |CN515|{'a': 3})\n",
    "experiment as a type": "class A(Run):\n    seed = 2\nclass Other(CN):\n    |CN516|a: A | None = None\n",
    "experiment as a value": "class A(Run):\n    seed = 2\nclass E(Run):\n    any = |CN516|A()\n",
    "method of an experiment": "class |CN517|E(Run):\n    def f(self):\n        return 1\n",
    "defaults list of an experiment": "class E(Run):\n    defaults = |CN517|['_self_']\n",
    "dict of root nodes": "class E(Run):\n    parts = |CN518|{'b': |CN518|Part()}\n",
    "sweep over root nodes": "class E(Run):\n    part = sweep(|CN518|Part(), |CN518|Part(size=2))\n",
    "choice of a root node": "class E(Run):\n    part = |CN518|Part(size=2)\n",
    "unknown option of a sweep": "class E(Run):\n    seed = |CN209|sweep(1, 2, zipp='a')\n",
    "patch by position": "class E(Run):\n    opt = |CN209|patch(1)\n",
    "interval with one end": "class E(Run):\n    rate = |CN209|interval(1)\n",
    "unknown star": "import torch\nclass E(Run):\n    seed = |CN209|sweep(*torch.SEEDS)\n",
    "first swept value": "class E(Run):\n    opt = sweep(|CN203|1, Adam())\n",
    "first swept dict of another node": "class E(Run):\n    heads = sweep({'left': |CN301|Adam()}, {'left': Head()})\n",
    "sweep of a new field": "class E(Run):\n    |CN501|x: int = sweep(1, 2)\n",
    "annotated points": "class E(Run):\n    |CN501|p: list = points(Run)\n",
    "annotated hydra": "class E(Run):\n    |CN202|hydra: dict = {}\n",
    "swept member that an enum lacks": "class E(Run):\n    mode = sweep(Mode.FAST, |CN210|Mode.SLOW)\n",
    "sweep in a patch of None": "class E(Run):\n    ema = |CN501|patch(lr=sweep(1.0, 2.0))\n",
    "patch of a new key in a whole dict": "class E(Run):\n    heads = {'new': |CN508|patch(dim=3)}\n",
    "patch of a base that another one lacks": """\
class A(Run):
    opt = SGD(lr=4.0)

class B(Run):
    opt = patch(betas=[0.1])

class |CN501|G(B, A):
    name = "x"
""",
    "same patches": "class E(Run):\n    opt = sweep(patch(lr=1), |CN504|patch(lr=1.0))\n",
    "same dicts": "class E(Run):\n    heads = sweep({'left': Head()}, |CN504|{'left': Head(dim=7)})\n",
    "two sweeps over one experiment's place": """\
class A(Run):
    seed = 2

class B(Run):
    seed = 3

class E(Run):
    p = points(A, B)
    q = points(|CN503|A, B)
""",
    "sweep under a key that is no string": "class E(Run):\n    any = {1: |CN508|sweep(1, 2), 'b': 3}\n",
    "mixin beside the primary config": """\
class Seeded(CN, abstract=True):
    seed: int = 9

class |CN517|E(Seeded, Run):
    rate = 2.0
""",
    "interval by keywords": "class E(Run):\n    rate = |CN209|interval(low=1.0, high=2.0)\n",
    "logarithm that is no truth": "class E(Run):\n    rate = |CN209|interval(1.0, 2.0, log=1)\n",
    "interval that two classes inherit": """\
class A(Run):
    seed = |CN514|interval(1, 5)

class B(A):
    rate = 2.0
""",
    "many jobs once": """\
class |CN512|A(Run):
    seed = sweep(*range(100))
    rate = sweep(*range(11))

class B(A):
    name = "b"
""",
    "node for a key that Hydra can't name": """\
class E(Run):
    heads = |CN519||CN306|{'left': Head(), 'a-é': Head()}
""",
    "swept node in a dict that is built in place": """\
class E(Run):
    heads = |CN306||CN519|{'left': Head(), '1': sweep(|CN519|Head(), Head(dim=2))}
""",
    "interpolation for a node": "class E(Run):\n    ema = |CN519|ref('opt')\n",
    "swept interpolation for a node": "class E(Run):\n    ema = sweep(Adam(), |CN519|ref('opt'))\n",
    "hydra that is no dict": "class E(Run):\n    hydra = |CN520|'x'\n",
    "section that Hydra lacks": "class E(Run):\n    hydra = {|CN520|'sweper': {}}\n",
    "dotted section of Hydra": "class E(Run):\n    hydra = {|CN520|'run.dir': 'x'}\n",
    "mode beside a sweep": "class E(Run):\n    seed = sweep(1, 2)\n    hydra = {'mode': |CN520|'RUN'}\n",
    "sweep in the settings of Hydra": "class E(Run):\n    hydra = {'launcher': {'n_jobs': |CN520|sweep(1, 2)}}\n",
    "patch for the settings of Hydra": "class E(Run):\n    hydra = |CN520|patch(job=patch(name='a'))\n",
    "node in the settings of Hydra": "class E(Run):\n    hydra = {'job': {'name': |CN520|Adam()}}\n",
    "launcher that is no text": "class E(Run, |CN108|launcher=1):\n    seed = 2\n",
}

EXPERIMENTS: dict[str, dict[str, str]] = {
    f"experiment: {name}": TREE | {"cn/exp/e.py": HEAD + body} for name, body in BODIES.items()
}
EXPERIMENTS["experiment: sweep in a primary config"] = {
    "cn/run.py": "from cngen import CN, sweep\n\nclass Run(CN):\n    seed: int = |CN508|sweep(1, 2)\n"
}
EXPERIMENTS["experiment: launcher that an experiment can't replace"] = {
    "cn/run.py": """\
from cngen import CN, sweep

class Run(CN):
    seed: int = 1

class Grid(Run, launcher="joblib"):
    seed = sweep(1, 2)
    hydra = {"launcher": {"n_jobs": 3}}
""",
    "cn/exp/e.py": "from cn.run import Grid\n\nclass |CN520|E(Grid, launcher='basic'): ...\n",
}
EXPERIMENTS["experiment: new field of a primary config that sweeps it"] = {
    "cn/run.py": "from cngen import CN, sweep\n\nclass Run(CN):\n    seed: int = 1\n\n"
    "class Wide(Run):\n    extra: int = |CN508|sweep(1, 2)\n"
}
EXPERIMENTS["experiment: dict with keys that are no strings"] = {
    "cn/head/base.py": "from cngen import CN\n\nclass Head(CN):\n    dim: int = 7\n\nclass Big(Head): ...\n",
    "cn/run.py": "from cngen import CN\nfrom cn.head.base import Big, Head\n\nclass Run(CN):\n"
    "    by_int: dict[int, Head] = {1: Head(), 2: Big()}\n",
    "cn/exp/e.py": "from cn.head.base import Big, Head\nfrom cn.run import Run\n\nclass E(Run):\n"
    "    by_int = |CN519|{1: Big(), 2: Head()}\n",
}
EXPERIMENTS["experiment: swept literal"] = {
    "cn/run.py": "from typing import Literal\nfrom cngen import CN\n\nclass Run(CN):\n"
    "    |CN206|kind: Literal['x', 'y'] = 'x'\n",
    "cn/exp/e.py": "from cngen import sweep\nfrom cn.run import Run\n\nclass E(Run):\n"
    "    kind = sweep('x', |CN502|'z')\n",
}
