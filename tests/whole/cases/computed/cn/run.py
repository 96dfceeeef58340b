"""Defaults that only running can tell: carried over into the store with their imports."""

import os
import os.path as osp
from multiprocessing import cpu_count
from pathlib import Path

from cngen import CN, default

from . import tools
from .tools import LIMIT as TOP

TOUCHED = ["a"]
TOUCHED.append("b")


class Run(CN):
    workers: int = min(cpu_count(), 4) * 0 + 2
    here: Path = Path(os.curdir).parent / "x"
    name: str = osp.basename("/a/run.py")
    squares: list[int] = [n * n for n in range(3)]
    label: str = f"{TOP}-{tools.LIMIT}"
    touched: list[str] = TOUCHED
    answer: int = tools.answer()
    factory: int = default(tools.answer())
