"""Defaults lists written by hand, each with what Hydra composes of it and what cngen finds.

`refused` is a config that Hydra doesn't compose, `loses` one in which a class that is chosen turns into another,
`open` one that composes with a value that is missing; everything else is the object.
"""

# ruff: noqa: E501

from dataclasses import dataclass, field

BASE = {
    "cn/__init__.py": "",
    "cn/opt/base.py": """\
from cngen import CN

class Opt(CN):
    lr: float = 0.1

class Sgd(Opt):
    momentum: float = 0.9

class Nesterov(Sgd):
    nu: float = 0.5

class Adam(Opt):
    beta: float = 0.99
""",
    "cn/head/base.py": """\
from cngen import CN

class Head(CN):
    dim: int = 1

class Mlp(Head):
    width: int = 5
""",
    "cn/model/base.py": """\
from cngen import CN
from cn.opt.base import Opt, Sgd
from cn.model.enc.base import Enc

class Model(CN):
    opt: Opt

class Deep(Model):
    depth: int = 2

class Eyed(Model):
    enc: Enc
    sub: Opt = Sgd()
""",
    "cn/model/enc/base.py": """\
from cngen import CN

class Enc(CN):
    dim: int = 1

class Vit(Enc):
    heads: int = 3
""",
}
RUN = """\
from typing import Any

from cngen import CN, MISSING
from cn.head.base import Head, Mlp
from cn.model.base import Deep, Model
from cn.opt.base import Adam, Opt, Sgd
"""
OWN = """\
from typing import Any

from cngen import CN, MISSING
from cn.model.base import Model
from cn.model.enc.base import Enc
from cn.opt.base import Adam, Opt, Sgd
"""
EXPERIMENT = """\
from cngen import patch
from cn.opt.base import Adam, Opt, Sgd
from cn.run import Run
"""


@dataclass(frozen=True)
class Case:
    """One tree: the bodies of `Run`, of `Own(Model)` in the group `model`, and of an experiment.

    `found` are the codes that are reported, each with the file.
    """

    title: str
    run: str
    outcome: str
    found: tuple[str, ...] = ()
    own: str = ""
    keywords: str = ""
    experiment: str = ""
    base: str = "CN"
    files: dict[str, str] = field(default_factory=dict)
    config: str = "run"
    overrides: tuple[str, ...] = ()

    def tree(self) -> dict[str, str]:
        """The sources."""
        imports = f"from cn.base import {self.base}\n" if self.base != "CN" else ""
        imports += "from cn.model.own import Own\n" if self.own else ""
        written = {"cn/run.py": f"{RUN}{imports}{_class('Run', self.base, self.run)}"}
        if self.own:
            bases = ", ".join(filter(None, ("Model", self.keywords)))
            written["cn/model/own.py"] = OWN + _class("Own", bases, self.own)
        if self.experiment:
            written["cn/exp/e.py"] = EXPERIMENT + _class("E", "Run", self.experiment)
        return {**BASE, **written, **self.files}

    @property
    def command(self) -> tuple[str, ...]:
        """The overrides of the command line."""
        started = ("+exp=e",) if self.experiment and self.config == "run" else ()
        return (*started, *self.overrides)


def _class(name: str, bases: str, body: str) -> str:
    return "\n\n".join(("", f"class {name}({bases}):\n")).lstrip("\n") + "".join(
        f"    {line}\n" for line in body.split("\n")
    )


CASES = (
    Case(
        "self first",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "self last",
        'opt: Opt = MISSING\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "loses opt: Sgd became Opt",
        found=("CN305 run",),
    ),
    Case(
        "self last base",
        'opt: Opt = MISSING\ndefaults = [{"opt": "base"}, "_self_"]',
        "Run(opt=Opt(lr=0.1))",
        found=("CN305 run",),
    ),
    Case(
        "self absent",
        'opt: Opt = MISSING\ndefaults = [{"opt": "sgd"}]',
        "loses opt: Sgd became Opt",
        found=("CN305 run",),
    ),
    Case(
        "self middle",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = [{"opt": "sgd"}, "_self_", {"model": "deep"}]',
        "loses opt: Sgd became Opt",
        found=("CN305 run",),
    ),
    Case(
        "self middle ok",
        'o: Any = MISSING\nmodel: Model = MISSING\ndefaults = [{"opt@o": "sgd"}, "_self_", {"model": "deep"}]',
        "Run(o=Sgd(lr=0.1, momentum=0.9), model=Deep(opt=Opt(lr=0.1), depth=2))",
    ),
    Case(
        "self twice",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, "_self_"]',
        "refused",
        found=("CN305 run",),
    ),
    Case("empty", "x: int = 1\ndefaults = []", "Run(x=1)"),
    Case("only self", 'x: int = 1\ndefaults = ["_self_"]', "Run(x=1)"),
    Case(
        "any last",
        'opt: Any = MISSING\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "any last None",
        'opt: Any = None\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "loses opt: Sgd became NoneType",
        found=("CN305 run",),
    ),
    Case(
        "any last 3",
        'opt: Any = 3\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "any first 3",
        'opt: Any = 3\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "any last dict",
        'opt: Any = {\'a\': 1}\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "any first dict",
        'opt: Any = {\'a\': 1}\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "none first",
        'opt: Opt | None = None\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "none last",
        'opt: Opt | None = None\ndefaults = [{"opt": "sgd"}, "_self_"]',
        "loses opt: Sgd became NoneType",
        found=("CN305 run",),
    ),
    Case(
        "global over run",
        'lr: float = 3.0\ndefaults = ["_self_", {"opt@_global_": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "global under run",
        'lr: float = 3.0\ndefaults = [{"opt@_global_": "sgd"}, "_self_"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "here over run",
        'lr: float = 3.0\ndefaults = ["_self_", {"opt@_here_": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "group word",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt@_group_": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "name word",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt@_name_": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "global field",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt@_global_.opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "global nofield",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt@_global_.foo": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "absolute",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "double slash",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"//opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "trailing slash",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt/": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "unknown group",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opts": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "unknown option",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sdg"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "optional unknown option",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"optional opt": "sdg"}]',
        "open",
    ),
    Case(
        "optional known",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"optional opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "optional unknown group",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"optional opts@opt": "sgd"}]',
        "open",
    ),
    Case(
        "keyword typo",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"overide opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
        found=("CN305 run",),
    ),
    Case(
        "two spaces",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"optional  opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "override unmatched",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"override opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "override same list",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override opt": "adam"}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
    ),
    Case(
        "override before",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"override opt": "adam"}, {"opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "override below",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"override opt@model.opt": "sgd"}]',
        "Run(model=Deep(opt=Sgd(lr=0.1, momentum=0.9), depth=2))",
    ),
    Case(
        "override below slash",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"override /opt@model.opt": "sgd"}]',
        "Run(model=Deep(opt=Sgd(lr=0.1, momentum=0.9), depth=2))",
    ),
    Case(
        "override below wrongkey",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"override opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "override twice",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override opt": "adam"}, {"override opt": "sgd"}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
        found=("CN305 run",),
    ),
    Case(
        "override list",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override opt": ["adam"]}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
    ),
    Case(
        "override null",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override opt": None}]',
        "open",
    ),
    Case(
        "optional override",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"optional override opt": "adam"}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
    ),
    Case(
        "override optional",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override optional opt": "adam"}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
    ),
    Case("null", 'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": None}]', "open"),
    Case(
        "null optional field",
        'opt: Opt | None = None\ndefaults = ["_self_", {"opt": None}]',
        "Run(opt=None)",
    ),
    Case("missing", 'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "???"}]', "refused"),
    Case("MISSING", 'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": MISSING}]', "refused"),
    Case(
        "options",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["base", "sgd"]}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "options chain",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["base", "sgd", "nesterov"]}]',
        "Run(opt=Nesterov(lr=0.1, momentum=0.9, nu=0.5))",
    ),
    Case(
        "options down",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["sgd", "base"]}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "options siblings",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["sgd", "adam"]}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "options one",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["sgd"]}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case("options none", 'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": []}]', "open"),
    Case(
        "options unknown",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["base", "sdg"]}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "options optional unknown",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"optional opt": ["base", "sdg"]}]',
        "Run(opt=Opt(lr=0.1))",
    ),
    Case(
        "options interp",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt": ["base", "${model}"]}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "twice same",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "twice other",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"opt": "adam"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "twice packages",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"opt@o": "adam"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Adam(lr=0.1, beta=0.99))",
    ),
    Case(
        "twice list node same",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"model": "deep"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "twice list and single",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "base"}, {"opt": ["sgd"]}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp unknown",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "${kind_of}"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "interp known",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"opt@o": "${opt}"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp known later",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt@o": "${opt}"}, {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp key with at",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt@o": "sgd"}, {"opt": "${opt@o}"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp to missing option",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt": "${model}"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "interp string",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, "opt/${opt}@o"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp env",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "${oc.env:KIND,sgd}"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "interp self",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "${opt}"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "interp two",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt": "${model}_${model}"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "interp defaults",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt": "${defaults.1.model}"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "string at",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", "opt/sgd@o"]',
        "open",
    ),
    Case(
        "string abs",
        'opt: Opt = MISSING\ndefaults = ["_self_", "/opt/sgd"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "string nogroup",
        'opt: Opt = MISSING\ndefaults = ["_self_", "sgd"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string unknown",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sdg"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string global",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd@_global_"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string twice",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd", "opt/sgd"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "string siblings",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd", "opt/adam"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string and group",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "base"}, "opt/sgd"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "string keyword",
        'opt: Opt = MISSING\ndefaults = ["_self_", "optional opt/sgd"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string self at",
        'opt: Opt = MISSING\ndefaults = ["_self_@opt", {"opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string missing",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/???"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "string empty",
        'opt: Opt = MISSING\ndefaults = ["_self_", ""]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "self include", 'x: int = 1\ndefaults = ["_self_", "run"]', "refused", found=("CN305 run",)
    ),
    Case(
        "self include at",
        'x: int = 1\no: Any = None\ndefaults = ["_self_", "run@o"]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "other config",
        'x: int = 1\ndefaults = ["_self_", "other"]',
        "refused",
        found=("CN305 run",),
        files={"cn/other.py": "from cngen import CN\nclass Other(CN):\n    x: int = 2\n"},
    ),
    Case(
        "other config at",
        'x: int = 1\no: Any = None\ndefaults = ["_self_", "other@o"]',
        "Run(x=1, o=Other(x=2))",
        files={"cn/other.py": "from cngen import CN\nclass Other(CN):\n    x: int = 2\n"},
    ),
    Case(
        "base config",
        'defaults = ["base", "_self_"]\ny: int = 3',
        "refused",
        found=("CN305 run",),
        files={"cn/base.py": "from cngen import CN\nclass Base(CN):\n    x: int = 2\n"},
    ),
    Case(
        "base config first",
        'defaults = ["base", "_self_"]\ny: int = 3',
        "Run(x=2, y=3)",
        base="Base",
        files={"cn/base.py": "from cngen import CN\nclass Base(CN):\n    x: int = 2\n"},
    ),
    Case(
        "base config with opt",
        'defaults = ["base", "_self_"]\ny: int = 3',
        "loses opt: Sgd became Opt",
        found=("CN305 run", "CN308 run"),
        base="Base",
        files={
            "cn/base.py": "from cngen import CN\nfrom cn.opt.base import Opt, Sgd\nclass Base(CN):\n    opt: Opt = Sgd()\n"
        },
    ),
    Case(
        "base config last",
        'defaults = ["_self_", "base"]\ny: int = 3',
        "refused",
        found=("CN305 run",),
        base="Base",
        files={"cn/base.py": "from cngen import CN\nclass Base(CN):\n    x: int = 2\n"},
    ),
    Case(
        "cycle two",
        'x: int = 1\ndefaults = ["_self_", "other"]',
        "refused",
        found=("CN305 other", "CN305 run"),
        files={
            "cn/other.py": "from cngen import CN\nclass Other(CN):\n    x: int = 2\n    defaults = ['_self_', 'run']\n"
        },
    ),
    Case(
        "hydra logging",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/job_logging": "none"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra logging wrong",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/job_logging": "nope"}]',
        "refused",
        found=("CN311 run",),
    ),
    Case(
        "hydra logging slash",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override /hydra/job_logging": "none"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra launcher",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/launcher": "joblib"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra launcher wrong",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/launcher": "jobblib"}]',
        "refused",
        found=("CN311 run",),
    ),
    Case(
        "hydra sweeper sampler",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/sweeper": "optuna"}, {"override hydra/sweeper/sampler": "random"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra sampler alone",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/sweeper/sampler": "random"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "hydra no override",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"hydra/launcher": "joblib"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "hydra unknown group",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/loging": "none"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "hydra unknown group no override",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"hydra/loging": "none"}]',
        "refused",
        found=("CN311 run",),
    ),
    Case(
        "hydra string",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, "hydra/job_logging/none"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra override first",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"override hydra/job_logging": "none"}, {"opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "hydra null",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/launcher": None}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra job_logging null",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/job_logging": None}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra at",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/job_logging@hydra.job_logging": "none"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "hydra callbacks",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"override hydra/callbacks": "cb"}]',
        "refused",
        found=("CN311 run",),
    ),
    Case(
        "package below",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt@model.opt": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package below missing",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt@model.foo": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package below before",
        'model: Model = MISSING\ndefaults = ["_self_", {"opt@model.opt": "sgd"}, {"model": "deep"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package two below",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "eyed"}, {"opt@model.enc.foo": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package sub",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "eyed"}, {"opt@model.sub": "adam"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package scalar",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "deep"}, {"opt@model.depth": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package scalar own",
        'x: int = 1\ndefaults = ["_self_", {"opt@x": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package str own",
        'x: str = \'a\'\ndefaults = ["_self_", {"opt@x": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package list own",
        'x: list[int] = [1]\ndefaults = ["_self_", {"opt@x": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package list nodes",
        'x: list[Opt] = []\ndefaults = ["_self_", {"opt@x": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package list index",
        'x: list[Opt] = []\ndefaults = ["_self_", {"opt@x.0": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package any below",
        'x: Any = None\ndefaults = ["_self_", {"opt@x.y.z": "sgd"}]',
        "Run(x={'y': {'z': Sgd(lr=0.1, momentum=0.9)}})",
    ),
    Case(
        "package any scalar below",
        'x: Any = 3\ndefaults = ["_self_", {"opt@x.y": "sgd"}]',
        "Run(x={'y': Sgd(lr=0.1, momentum=0.9)})",
    ),
    Case(
        "package dict",
        'heads: dict[str, Head] = {}\ndefaults = ["_self_", {"head@heads.a": "mlp"}]',
        "Run(heads={'a': Mlp(dim=1, width=5)})",
    ),
    Case(
        "package dict last",
        'heads: dict[str, Head] = {}\ndefaults = [{"head@heads.a": "mlp"}, "_self_"]',
        "Run(heads={'a': Mlp(dim=1, width=5)})",
    ),
    Case(
        "package dict wrong",
        'heads: dict[str, Head] = {}\ndefaults = ["_self_", {"opt@heads.a": "sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package dict itself",
        'heads: dict[str, Head] = {}\ndefaults = ["_self_", {"head@heads": "mlp"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "package dict any itself",
        'heads: dict[str, Any] = {}\ndefaults = ["_self_", {"head@heads": "mlp"}]',
        "Run(heads=Mlp(dim=1, width=5))",
    ),
    Case(
        "package dict float itself",
        'heads: dict[str, float] = {}\ndefaults = ["_self_", {"opt@heads": "sgd"}]',
        "Run(heads=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "package dict float key",
        'heads: dict[str, float] = {}\ndefaults = ["_self_", {"opt@heads.a": "sgd"}]',
        "Run(heads={'a': Sgd(lr=0.1, momentum=0.9)})",
    ),
    Case(
        "package dict plain",
        'heads: dict = {}\ndefaults = ["_self_", {"opt@heads.a.b": "sgd"}]',
        "Run(heads={'a': {'b': Sgd(lr=0.1, momentum=0.9)}})",
    ),
    Case(
        "package dict any last",
        'heads: dict[str, Any] = {}\ndefaults = [{"head@heads.a": "mlp"}, "_self_"]',
        "Run(heads={'a': Mlp(dim=1, width=5)})",
    ),
    Case(
        "package dict None",
        'heads: dict[str, Head] | None = None\ndefaults = ["_self_", {"head@heads.a": "mlp"}]',
        "Run(heads={'a': Mlp(dim=1, width=5)})",
    ),
    Case(
        "package dict None last",
        'heads: dict[str, Head] | None = None\ndefaults = [{"head@heads.a": "mlp"}, "_self_"]',
        "loses heads.a: Mlp became NoneType",
        found=("CN305 run",),
    ),
    Case(
        "wrong class",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"head@opt": "mlp"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "wrong class last",
        'opt: Opt = MISSING\ndefaults = [{"head@opt": "mlp"}, "_self_"]',
        "loses opt: Mlp became Opt",
        found=("CN305 run",),
    ),
    Case(
        "nofield",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"head": "mlp"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "nofield last",
        'opt: Opt = MISSING\ndefaults = [{"head": "mlp"}, "_self_"]',
        "open",
        found=("CN305 run",),
    ),
    Case(
        "int value",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": 3}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "bool",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": True}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "list of list",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": [["sgd"]]}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "two keys",
        'opt: Opt = MISSING\nmodel: Model = MISSING\ndefaults = ["_self_", {"opt": "sgd", "model": "deep"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "zero keys",
        'opt: Opt = MISSING\ndefaults = ["_self_", {}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "int item", 'opt: Opt = MISSING\ndefaults = ["_self_", 3]', "refused", found=("CN305 run",)
    ),
    Case(
        "none item",
        'opt: Opt = MISSING\ndefaults = ["_self_", None]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "nested package rename",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt@opt:opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "upper",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "Sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "yaml ext",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd.yaml"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "string yaml ext",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd.yaml"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "nested group",
        'model: Model = MISSING\nenc: Any = None\ndefaults = ["_self_", {"model/enc@enc": "vit"}]',
        "open",
    ),
    Case(
        "nested group default pkg",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "eyed"}, {"override model/enc": "vit"}]',
        "Run(model=Eyed(opt=Opt(lr=0.1), enc=Vit(dim=1, heads=3), sub=Sgd(lr=0.1, momentum=0.9)))",
    ),
    Case(
        "nested group in option slash",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "../opt/sgd"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "option with slash",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "eyed"}, {"model": "enc/vit"}]',
        "refused",
        found=("CN305 run",),
    ),
    Case(
        "default plus opt",
        'opt: Opt = Sgd()\ndefaults = ["_self_", "opt/sgd"]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "default plus opt wrong",
        'opt: Opt = Sgd()\ndefaults = ["_self_", "opt/adam"]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
        found=("CN308 run",),
    ),
    Case(
        "default none listed",
        'opt: Opt = Sgd()\ndefaults = ["_self_"]',
        "open",
        found=("CN308 run",),
    ),
    Case(
        "default plus list",
        'opt: Opt = Sgd()\ndefaults = ["_self_", {"opt": ["sgd"]}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "default plus abs",
        'opt: Opt = Sgd()\ndefaults = ["_self_", {"/opt@_here_.opt": "sgd"}]',
        "refused",
        found=("CN305 run", "CN308 run"),
    ),
    Case(
        "default plus glob",
        'opt: Opt = Sgd()\ndefaults = ["_self_", {"opt@_global_.opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "default plus override",
        'opt: Opt = Sgd()\ndefaults = ["_self_", {"opt": "adam"}, {"override opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "default plus optional",
        'opt: Opt = Sgd()\ndefaults = ["_self_", {"optional opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9))",
    ),
    Case(
        "default dict",
        'heads: dict[str, Head] = {\'a\': Mlp()}\ndefaults = ["_self_", {"head@heads.a": "mlp"}]',
        "Run(heads={'a': Mlp(dim=1, width=5)})",
    ),
    Case(
        "own abs",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "own rel",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}]',
    ),
    Case(
        "own group word",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_group_": "sgd"}]',
    ),
    Case(
        "own here field",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_here_.opt": "sgd"}]',
    ),
    Case(
        "own global right",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_global_.model.opt": "sgd"}]',
    ),
    Case(
        "own global wrong",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_global_.foo": "sgd"}]',
    ),
    Case(
        "own global opt in run",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "open",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_global_.opt": "sgd"}]',
    ),
    Case(
        "own self last",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "loses model.opt: Sgd became Opt",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = [{"/opt": "sgd"}, "_self_"]',
    ),
    Case(
        "own self absent any",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='o: Any = MISSING\ndefaults = [{"/opt@o": "sgd"}, {"/opt": "base"}]',
    ),
    Case(
        "own base string",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["deep", "_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "own base string 2",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["base", "_self_", {"/opt@opt": "sgd"}]',
    ),
    Case(
        "own base string 3",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "Run(model=Own(opt=Opt(lr=0.1)))",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["base", "_self_"]',
    ),
    Case(
        "own base null then",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "loses model.opt: Sgd became Opt",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["base", "_self_", {"override /opt@opt": "sgd"}]',
    ),
    Case(
        "own base override slashless",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "loses model.opt: Sgd became Opt",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["base", "_self_", {"override /opt": "sgd"}]',
    ),
    Case(
        "own enc rel",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9), enc=Vit(dim=1, heads=3)))",
        own='enc: Enc = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"enc": "vit"}, {"/opt": "sgd"}]',
    ),
    Case(
        "own enc abs",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9), enc=Vit(dim=1, heads=3)))",
        own='enc: Enc = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"/model/enc@enc": "vit"}, {"/opt": "sgd"}]',
    ),
    Case(
        "own enc abs no at",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='enc: Enc = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"/model/enc": "vit"}, {"/opt": "sgd"}]',
    ),
    Case(
        "own override others",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"model": "own"}, {"opt": "sgd"}]',
        "Run(model=Own(opt=Adam(lr=0.1, beta=0.99)), opt=Sgd(lr=0.1, momentum=0.9))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt": "adam"}]',
    ),
    Case(
        "own override outer",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"model": "own"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)), opt=Adam(lr=0.1, beta=0.99))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt@_global_.opt": "adam"}]',
    ),
    Case(
        "own override outer late",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"model": "own"}, {"opt": "sgd"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt@_global_.opt": "adam"}]',
    ),
    Case(
        "own override nothing",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt@_global_.opt": "adam"}]',
    ),
    Case(
        "own interp to outer",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"model": "own"}, {"opt": "sgd"}]',
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)), opt=Sgd(lr=0.1, momentum=0.9))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "${opt}"}]',
    ),
    Case(
        "own interp to outer early",
        'model: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "${opt}"}]',
    ),
    Case(
        "own interp nothing",
        'model: Model = MISSING\ndefaults = ["_self_", {"model": "own"}]',
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "${opt}"}]',
    ),
    Case(
        "own interp sub override",
        'model: Model = MISSING\nsel: Any = MISSING\ndefaults = ["_self_", {"model": "${opt}"}, {"opt@sel": "sgd"}]',
        "refused",
        found=("CN305 run",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt": "adam"}]',
    ),
    Case(
        "generated run",
        "model: Model = MISSING",
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
        overrides=("model=own",),
    ),
    Case(
        "generated run own not default",
        "model: Model = Deep()",
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@foo": "sgd"}]',
        overrides=("model=own",),
    ),
    Case(
        "generated run own default",
        "model: Model = Own()",
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "generated run own default bad",
        "model: Model = Own()",
        "refused",
        found=("CN305 model/own",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@foo": "sgd"}]',
    ),
    Case(
        "generated run own variation",
        "model: Model = Own(opt=Adam())",
        "Run(model=Own(opt=Adam(lr=0.1, beta=0.99)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "generated run own variation nested",
        "model: Model = Own(opt=Sgd(lr=3.0))",
        "Run(model=Own(opt=Sgd(lr=3.0, momentum=0.9)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "generated run own variation string",
        "model: Model = Own(opt=Adam())",
        "refused",
        found=("CN312 run",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", "/opt/sgd@opt"]',
    ),
    Case(
        "generated run own variation list",
        "model: Model = Own(opt=Adam())",
        "Run(model=Own(opt=Adam(lr=0.1, beta=0.99)))",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": ["base", "sgd"]}]',
    ),
    Case(
        "generated run own variation other field",
        "model: Model = Own(n=3)",
        "Run(model=Own(opt=Sgd(lr=0.1, momentum=0.9), n=3))",
        own='n: int = 1\nopt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "generated run own variation unlisted",
        "model: Model = Own(opt=Adam())",
        "refused",
        found=("CN312 run",),
        own='opt: Opt = MISSING\ndefaults = ["_self_"]',
    ),
    Case(
        "in list",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9))])",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "in list global",
        "models: list[Model] = [Own()]",
        "open",
        found=("CN312 run",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt@_global_.x": "sgd"}]',
    ),
    Case(
        "in list string",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9))])",
        own='opt: Opt = MISSING\ndefaults = ["_self_", "/opt/sgd@opt"]',
    ),
    Case(
        "in list interp",
        "models: list[Model] = [Own()]",
        "open",
        found=("CN312 run",),
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "${opt}"}]',
    ),
    Case(
        "in list two",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9))])",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": ["base", "sgd"]}]',
    ),
    Case(
        "in list below",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9), sub=Deep(opt=Opt(lr=0.1), depth=2))])",
        found=("CN312 run",),
        own='sub: Model = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"/model@sub": "deep"}, {"override /opt@sub.opt": "adam"}]',
    ),
    Case(
        "in list below2",
        "models: list[Model] = [Own()]",
        "open",
        found=("CN312 run",),
        own='sub: Any = MISSING\nopt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"/opt@sub.x": "adam"}]',
    ),
    Case(
        "in list override",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Adam(lr=0.1, beta=0.99))])",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}, {"override /opt": "adam"}]',
    ),
    Case(
        "in list args",
        "models: list[Model] = [Own(opt=Adam())]",
        "Run(models=[Own(opt=Adam(lr=0.1, beta=0.99))])",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "in dict int",
        "models: dict[int, Model] = {1: Own()}",
        "Run(models={1: Own(opt=Sgd(lr=0.1, momentum=0.9))})",
        own='opt: Opt = MISSING\ndefaults = ["_self_", {"/opt": "sgd"}]',
    ),
    Case(
        "in list any None",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9), a=None)])",
        found=("CN312 run",),
        own='opt: Opt = MISSING\na: Any = None\ndefaults = ["_self_", {"/opt": "sgd"}, {"/opt@a": "sgd"}]',
    ),
    Case(
        "in list dict",
        "models: list[Model] = [Own()]",
        "Run(models=[Own(opt=Sgd(lr=0.1, momentum=0.9), a={'x': Sgd(lr=0.1, momentum=0.9)})])",
        own='opt: Opt = MISSING\na: dict[str, Opt] = {}\ndefaults = ["_self_", {"/opt": "sgd"}, {"/opt@a.x": "sgd"}]',
    ),
    Case(
        "exp",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
        experiment="opt = Adam()",
    ),
    Case(
        "exp patch",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=2.0))",
        experiment="opt = patch(momentum=2.0)",
    ),
    Case(
        "exp var",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Adam(lr=2.0, beta=0.99))",
        experiment="opt = Adam(lr=2.0)",
    ),
    Case(
        "exp string",
        'opt: Opt = MISSING\ndefaults = ["_self_", "opt/sgd"]',
        "refused",
        found=("CN519 exp/e",),
        experiment="opt = Adam()",
    ),
    Case(
        "exp list",
        'opt: Opt = MISSING\ndefaults = ["_self_", {"opt": ["base", "sgd"]}]',
        "Run(opt=Adam(lr=0.1, beta=0.99))",
        experiment="opt = Adam()",
    ),
    Case(
        "exp unlisted",
        'opt: Opt = MISSING\ndefaults = ["_self_"]',
        "refused",
        found=("CN519 exp/e",),
        experiment="opt = Adam()",
    ),
    Case(
        "exp interp",
        'opt: Opt = MISSING\no: Opt = MISSING\ndefaults = ["_self_", {"opt": "sgd"}, {"opt@o": "${opt}"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), o=Adam(lr=0.1, beta=0.99))",
        experiment="o = Adam()",
    ),
    Case(
        "exp none",
        'opt: Opt | None = None\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=None)",
        experiment="opt = None",
    ),
    Case(
        "exp other value",
        'opt: Opt = MISSING\nx: int = 1\ndefaults = ["_self_", {"opt": "sgd"}]',
        "Run(opt=Sgd(lr=0.1, momentum=0.9), x=3)",
        experiment="x = 3",
    ),
    Case(
        "exp dict",
        'h: dict[str, Opt] = {}\ndefaults = ["_self_", {"opt@h.a": "sgd"}]',
        "Run(h={'b': Adam(lr=0.1, beta=0.99)})",
        # A second experiment that adds the key would collide with it: no entry can be overridden.
        found=("CN519 exp/e",),
        experiment="h = {'b': Adam()}",
    ),
    Case(
        "exp dict patch",
        'h: dict[str, Opt] = {}\ndefaults = ["_self_", {"opt@h.a": "sgd"}]',
        "Run(h={'a': Adam(lr=0.1, beta=0.99)})",
        experiment="h = {'a': Adam()}",
    ),
    Case(
        "daily",
        "x: int = 1",
        "Daily(x=3)",
        experiment="x = 3",
        files={
            "cn/daily.py": "from cngen import CN\nclass Daily(CN):\n    x: int = 0\n    defaults = ['_self_', {'exp': 'e'}]\n"
        },
        config="daily",
    ),
    Case(
        "alias rel",
        'model: Model = MISSING\nenc: Any = MISSING\ndefaults = ["_self_", {"model": "own"}, {"other": "own"}]\nother: Any = MISSING',
        "refused",
        found=("CN305 model/own",),
        own="enc: Enc = MISSING\nopt: Opt = MISSING\ndefaults = ['_self_', {'enc': 'vit'}, {'/opt': 'sgd'}]",
        keywords="aliases=['other/own']",
    ),
    Case(
        "abstract own",
        "x: int = 1",
        "Run(x=1)",
        own="defaults = ['_self_', {'/opt@foo': 'sgd'}]",
        keywords="abstract=True",
    ),
)
