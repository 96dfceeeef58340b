"""Draws small trees in which a lot meets: what one class says of a place, another one says differently.

The classes are always the same, their defaults and what experiments say of them are drawn: primary configs
that derive from each other, experiments with several bases (of one and of several of them), values that
can't be folded beside others, constants and enums that come from outside the root on several ways.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, is_dataclass
from typing import TypeVar

from hypothesis import strategies as st

from .folders import written
from .interpreter import Reading, group_of, read
from .stacking import NoReading, applied, config_of, steps_of

T = TypeVar("T")

PRIMARY = ("Run", "Trial", "Last")
EXPERIMENTS = ("Fast", "Tiny", "Wide", "Night", "Both", "More")
KEYS = ("a", "b", "c")

OUTSIDE = {
    "outer/__init__.py": "from .consts import LIMIT as CAP, NAMES, Mode\n",
    "outer/consts.py": (
        "from enum import Enum\n\n\n"
        'class Mode(Enum):\n    FAST = "fast"\n    SLOW = 2\n\n\n'
        'LIMIT = 3\nCAP = LIMIT\nNAMES = ["x", "y"]\n'
    ),
    "outer/deep/__init__.py": "from outer import *\nfrom ..consts import Mode as Speed\n",
}
WAYS = (
    ("from outer import CAP, NAMES, Mode", ""),
    ("from outer.consts import CAP, NAMES, Mode", ""),
    ("from outer.deep import CAP, NAMES, Speed as Mode", ""),
    ("import outer", "outer."),
    ("import outer.consts as kept", "kept."),
    ("from outer import consts", "consts."),
)
"""How a file gets what is outside, and what stands before each name then."""

NODES = {
    "cn/opt/base.py": """
import os
from cngen import CN
{outside}


class Opt(CN):
    lr: float = 0.1
    mode: {o}Mode = {o}Mode.{mode}


class Sgd(Opt):
    momentum: float = {momentum}
    seps: int = len(os.sep)


class Adam(Opt):
    lr = {lr}
    betas: list[float] = [0.9, 0.99]


class Mixed({mixed}):
    names: list[str] = {o}NAMES + ["z"]
""",
    "cn/part/base.py": """
import os
from cngen import CN
from cn.opt.base import Adam, Mixed, Opt, Sgd
{outside}


class Part(CN):
    size: int = {o}CAP * 2
    inner: Opt = {inner}
    ema: Opt | None = {ema}
    opts: dict[str, Opt] = {opts}
    env: dict[str, str] = {{"home": os.environ.get("CNGEN_UNSET", "none"), "b": "x"}}


class Big(Part):
    size = {o}CAP + 1
    {big}
""",
}
RUN = """
import os
from cngen import CN, patch
from cn.opt.base import Adam, Mixed, Opt, Sgd
from cn.part.base import Big, Part
{outside}


class Run(CN):
    seed: int = {o}CAP
    mode: {o}Mode | None = None
    table: dict[str, int] = {{"a": 1, "b": {o}CAP}}
    opt: Opt = {opt}
    ema: Opt | None = {ema}
    opts: dict[str, Opt] = {opts}
    part: Part = {part}
"""
EXP = """
from cngen import patch, points, sweep
from cn.opt.base import Adam, Mixed, Opt, Sgd
from cn.part.base import Big, Part
from cn.run import Last, Run, Trial
{outside}
"""


@dataclass
class Drawer:
    """Draws one tree, class by class."""

    draw: st.DrawFn
    files: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)

    def pick(self, values: Sequence[T]) -> T:
        return self.draw(st.sampled_from(values))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def rarely(self, one_in: int) -> bool:
        return self.number(1, one_in) == one_in

    def tree(self, *, swept: bool) -> dict[str, str]:
        for path, text in NODES.items():
            self.file(path, text)
        self.file("cn/run.py", RUN)
        for base, name in (("Run", "Trial"), (self.pick(["Run", "Trial"]), "Last")):
            self.add("cn/run.py", name, [base])
        self.file("cn/exp/base.py", EXP)
        taken: list[str] = []
        for name in EXPERIMENTS[: self.number(3, len(EXPERIMENTS))]:
            if self.add("cn/exp/base.py", name, self.bases(taken)):
                taken.append(name)
        if swept:
            self.sweeping(taken)
        return {**OUTSIDE, **self.files}

    def file(self, path: str, text: str) -> None:
        line, before = self.pick(WAYS)
        self.outside[path] = before
        self.files[path] = text.format(
            outside=line,
            o=before,
            mode=self.pick(["FAST", "SLOW"]),
            momentum=self.pick(["0.9", f"1 / {before}CAP"]),
            lr=self.pick(["0.5", "0.1"]),
            mixed=self.pick(["Sgd, Adam", "Adam, Sgd"]),
            inner=self.option(),
            ema=self.pick(["None", self.option()]),
            opt=self.option(),
            opts=self.entries(),
            part=self.pick(["Part()", "Big()", f"Part(opts={self.entries()})"]),
            big=self.pick(["pass", f"opts = {self.entries()}", f"ema = {self.option()}"]),
        ).lstrip()

    # Classes

    def bases(self, taken: list[str]) -> list[str]:
        if not taken or self.rarely(3):
            return [self.pick(PRIMARY)]
        first = self.pick(taken)
        others = [name for name in (*taken, *PRIMARY) if name != first]
        return [first, self.pick(others)] if self.rarely(2) else [first]

    def add(self, path: str, name: str, bases: list[str]) -> bool:
        """One class more, if Python and the oracle can read it."""
        before = self.files[path]
        header = f"\n\nclass {name}({', '.join(bases)}):\n    "
        try:
            self.files[path] = f"{before}{header}pass\n"
            with self.reading() as reading:
                state = state_of(reading, name)
                lines = self.body(state, self.outside[path])
            self.files[path] = before + header + "\n    ".join(lines or ["pass"]) + "\n"
            with self.reading() as reading:
                state_of(reading, name)
        except (NoReading, TypeError):
            self.files[path] = before
            return False
        return True

    def sweeping(self, taken: list[str]) -> None:
        """An experiment that goes through others, and may inherit from what they inherit from."""
        path = "cn/exp/base.py"
        if not taken:
            return
        named = dict.fromkeys(self.pick(taken) for _ in range(self.number(1, 3)))
        above = re.findall(rf"^class (?:{'|'.join(named)})\((\w+)", self.files[path], re.MULTILINE)
        header = f"\n\nclass Sizes({self.pick([*above, 'Last'])}):\n    "
        more = self.pick(["", "seed = 11\n    "])
        self.files[path] += f"{header}{more}size = points({', '.join(named)})\n"

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """What has been drawn so far, executed."""
        with written({**OUTSIDE, **self.files}) as folder, read(folder) as found:
            yield found

    # Values

    def body(self, state: object, before: str) -> list[str]:
        names = [self.pick(list(vars(state))) for _ in range(self.number(1, 3))]
        texts = {n: self.said(n, getattr(state, n), before) for n in dict.fromkeys(names)}
        return [f"{name} = {text}" for name, text in texts.items() if text]

    def said(self, name: str, value: object, before: str) -> str:
        match name:
            case "seed":
                return self.pick(["7", "8", f"{before}CAP + 2"])
            case "mode":
                return self.pick([f"{before}Mode.SLOW", f"{before}Mode.FAST", "None"])
            case "table":
                return self.pick(["patch(a=5)", "patch(c=6)", '{"a": 3, "b": 4, "c": 5}'])
            case "env":
                return 'patch(b="y")'
            case "size":
                return self.pick(["4", f"{before}CAP * 5"])
            case "opts":
                return self.dict_said(value, before)
            case "part":
                return self.part_said(value, before)
        return self.opt_said(value, before, optional=name == "ema")

    def opt_said(self, value: object, before: str, *, optional: bool = False) -> str:
        ways = [self.option()]
        if optional:
            ways += ["None", "None"]
        if is_dataclass(value):
            ways += [f"patch(lr={self.pick(['7.0', '8.0'])})"] * 2
            ways += [f"patch(mode={before}Mode.SLOW)"]
        return self.pick(ways)

    def dict_said(self, value: object, before: str) -> str:
        key = self.pick(KEYS)
        old = value.get(key) if isinstance(value, dict) else None
        ways = [self.entries(), f"patch({key}={self.opt_said(old, before)})"]
        if is_dataclass(old):
            ways.append(f'{{"{key}": {self.opt_said(old, before)}}}')
        return self.pick(ways)

    def part_said(self, value: object, before: str) -> str:
        if self.rarely(3):
            return self.pick(["Part()", "Big()", f"Big(opts={self.entries()})", "Part(ema=None)"])
        name = self.pick(["opts", "opts", "ema", "inner", "size", "env"])
        return f"patch({name}={self.said(name, getattr(value, name), before)})"

    def option(self) -> str:
        return self.pick(["Opt()", "Sgd()", "Adam()", "Mixed()", "Sgd(lr=2.0)", "Adam(betas=[])"])

    def entries(self) -> str:
        keys = self.pick([("a",), ("b",), ("a", "b"), ("b", "c"), ()])
        return "{" + ", ".join(f'"{key}": {self.option()}' for key in keys) + "}"


def state_of(reading: Reading, name: str) -> object:
    """The config of a primary config or of an experiment."""
    cls = next(c for c in reading.classes if c.__name__ == name)
    if not group_of(cls):
        return cls()
    return applied(reading, config_of(cls)(), steps_of(reading, cls))


@st.composite
def interactions(draw: st.DrawFn, *, swept: bool = False) -> dict[str, str]:
    """A whole project: paths and texts."""
    return Drawer(draw).tree(swept=swept)
