"""Every way to write a plain field."""

from __future__ import annotations

import math
from dataclasses import field
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Dict, List, Literal, Mapping, Optional, Sequence, Tuple, Union

from cngen import CN, MISSING, default, ref
from cn import sizes
from cn.sizes import KEYS, SIZE as WIDTH
from cn.sizes import TABLE


class Mode(Enum):
    FULL = "full"
    HALF = "half"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


Numbers = List[float]
DEPTH = 3
DEPTH = DEPTH + 1


class Run(CN):
    """Fields of "every" kind, with a \\ and ''' in the text.

    A second paragraph, indented:
        code
    """

    integer: int = int(5e5)
    number: float = 1e-3
    whole: float = 1
    flag: bool = not False
    text: str = "it's" ' "quoted"'
    raw: str = r"a\b"
    data: bytes = b"\x00\xff"
    negative: int = -3
    infinite: float = math.inf
    limit: float = float("inf")
    where: Path = Path("data", "x")
    anything: Any = (1, [2, {"three": None}])
    mode: Mode = Mode.HALF
    level: Level = Level["HIGH"]
    by_value: Mode = Mode("full")
    required: int
    missing: str = MISSING
    optional: Optional[int] = None
    either: Union[int, str] = "x"
    nothing: int | str | None = None
    numbers: Numbers = [0.5, 1]
    keys: list[str] = KEYS + ["state"]
    starred: list[str] = [*KEYS, *sizes.NAMES]
    first: str = KEYS[0]
    high: int = TABLE["high"]
    merged: Dict[str, int] = {**TABLE, "top": 2 * WIDTH}
    empty: list[int] = []
    nested: list[list[int]] = [[1], [2, 3]]
    table: dict[str, dict[str, float]] = {"a": {"b": 1.5}}
    by_mode: dict[Mode, int] = {Mode.FULL: 1}
    by_number: dict[int, str] = {1: "one"}
    pair: Tuple[int, int] = (1, 2)
    many: tuple[str, ...] = ("a",)
    modes: list[Mode] = [Mode.FULL, Mode.HALF]
    copied: list[int] = default([1, 2])
    made: dict[str, int] = field(default_factory=lambda: {"x": WIDTH})
    also_made: list[str] = field(default_factory=list)
    plain: int = field(default=3)
    annotated: Annotated[int, "unit"] = 7
    depth: int = DEPTH
    double: int = depth * 2
    linked: int = ref("integer")
    quoted: "int | None" = 5
    shown: str = "${integer} of ${oc.env:CNGEN_UNSET,nowhere}"
    escaped: str = r"\${not.a.reference}"
    kind: Literal["left", "right"] = "left"
    sizes_: Sequence[int] = (1, 2)
    unique: set[int] = {3, 1}
    lookup: Mapping[str, int] = {"a": 1}
    mixed: tuple[int, str] = (1, "a")
    wide: int | list[int] = [1]
