"""Run by hand: prints which types the installed Hydra and OmegaConf hold, as docs/hydra.md has it.

    python -m venv h14 && h14/bin/pip install --pre hydra-core==1.4.0rc3
    h14/bin/python tests/hydra/held_types.py

A field of each type stands in an option that is composed into a node: is it stored, composed, given
back as it was, overridden, and may a subclass in its place set it to what the override says?
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import field, make_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NewType

from hydra import compose, initialize
from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, OmegaConf, open_dict

Color = Enum("Color", ["RED", "BLUE"])
Name = NewType("Name", str)
Node = make_dataclass("Node", [("size", int, 1)])
AB = Literal["a", "b"]

# The type, a default, and another value as an override says it (no override adds keys) and as it comes back.
CASES: list[tuple[Any, Any, str, Any]] = [
    (AB, "a", "b", "b"),
    (AB | None, None, "b", "b"),
    (Literal[1, True], 1, "true", True),
    (Literal[Color.RED, Color.BLUE], Color.RED, "BLUE", Color.BLUE),
    (list[AB], ["a"], "[b]", ["b"]),
    (dict[str, AB], {}, "", {"a": "b"}),
    (list[list[AB]], [["a"]], "[[b]]", [["b"]]),
    (AB | int, "a", "3", 3),
    (int | str, 1, "b", "b"),
    (float | str, 1.0, "2", 2.0),
    (Color | int, 1, "RED", Color.RED),
    (Path | int, 1, "b", Path("b")),
    (list[int] | int, 1, "[2]", [2]),
    (list[float] | float, 1.0, "[2]", [2.0]),
    (list[Any] | int, 1, "[2]", [2]),
    (list[int] | list[str], [1], "[b]", ["b"]),
    (list[int] | dict[str, int], [1], "{a:1}", {"a": 1}),
    (dict[str, int] | int, 1, "{a:1}", {"a": 1}),
    (Node | int, 1, "{size:2}", Node(2)),
    (tuple[int, int], (1, 2), "[3,4]", (3, 4)),
    (tuple[int, ...], (1, 2), "[3]", (3,)),
    (tuple[int, str], (1, "a"), "[3,b]", (3, "b")),
    (tuple[AB, int], ("a", 1), "[b,3]", ("b", 3)),
    (tuple[tuple[int, int], ...], ((1, 2),), "[[3,4]]", ((3, 4),)),
    (tuple[int, int] | int, 1, "[3,4]", (3, 4)),
    (tuple[Node, ...], (), "[{size:2}]", (Node(2),)),
    (list[tuple[int, int]], [(1, 2)], "[[3,4]]", [(3, 4)]),
    (dict[str, tuple[int, int]], {}, "", {"a": (3, 4)}),
    (Sequence[int], [1], "[2]", [2]),
    (Mapping[str, int], {}, "", {"a": 2}),
    (set[int], {1}, "[2]", {2}),
    (Name, "a", "b", "b"),
    (Color, Color.RED, "BLUE", Color.BLUE),
    (bytes, b"a", "b", b"b"),
]


def option(name: str, bases: tuple[type, ...], written: Any, value: Any) -> type:
    """A dataclass with one field `x`."""
    x = ("x", written, field(default_factory=lambda: value))
    return make_dataclass(name, [x], bases=bases, kw_only=True)


def store(written: Any, value: Any, other: Any) -> None:
    """A primary config that holds `part`, with the options `base` and `sub`."""
    base = option("Base", (), written, value)
    run = OmegaConf.structured(make_dataclass("Run", [("part", base, MISSING)]))
    with open_dict(run):
        run.defaults = ["_self_", {"part": "base"}]
    cs = ConfigStore.instance()
    cs.store(group="part", name="base", node=base)
    cs.store(group="part", name="sub", node=option("Sub", (base,), written, other))
    cs.store(name="run", node=run)


def back(*overrides: str) -> Any:
    """The value of the field in the object that comes out."""
    with initialize(version_base=None, config_path=None):
        return OmegaConf.to_object(compose("run", list(overrides))).part.x


def outcome(written: Any, value: Any, override: str, other: Any) -> str:
    """What goes wrong, or `held`."""
    step = "stored"
    try:
        store(written, value, other)
        for step, overrides, wanted in (
            ("composed", (), value),
            ("overridden", (f"part.x={override}",), other),
            ("set by a subclass", ("part=sub",), other),
        ):
            if step == "overridden" and not override:
                continue
            found = back(*overrides)
            if (found, type(found)) != (wanted, type(wanted)):
                return f"{step}: comes back as {found!r}"
    except Exception as error:  # bare assertions among them
        return f"not {step}: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    return "held"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for case in CASES:
        text = case[0].__name__ if isinstance(case[0], type) else str(case[0])
        shown = str(case[0]) if "[" in str(case[0]) else text
        print(f"{shown.replace('typing.', '')} = {case[1]!r}: {outcome(*case)}")
