"""Nodes with methods, checks and class attributes, over data-only bases and under data-only subclasses."""

from typing import ClassVar

from cngen import CN
from cn.model.part.base import Part, Wide


class Counter:
    """A mix-in that is no node."""

    def count(self) -> int:
        return 40


class Model(CN):
    width: int = 4
    part: Part = Wide()
    parts: dict[str, Part] = {"a": Part()}

    def describe(self) -> str:
        return f"{type(self).__name__} of {self.width}"


class Deep(Model):
    depth: int = 2
    kinds: ClassVar[tuple[str, ...]] = ("deep",)

    def __post_init__(self) -> None:
        if isinstance(self.depth, int) and self.depth < 1:
            raise ValueError("depth must be positive")

    def describe(self) -> str:
        return f"{super().describe()} x {self.depth}"

    @property
    def total(self) -> int:
        return self.width * self.depth


class Named(Deep, Counter):
    label: str = "it"

    def __repr__(self) -> str:
        return f"<{self.label}>"


class Tail(Named):
    width = 5
    kinds = ("deep", "tail")
