"""The vocabulary that config sources import: typed for editors, inert when it runs.

Sources are read, never executed, by cngen. A source module *is* imported at run time when the
generated store takes an enum or the behaviour of a node from it, so these names must cost nothing
and do nothing then: this module imports nothing at all.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeVar, overload

    from typing_extensions import dataclass_transform

    T = TypeVar("T")

    @overload
    def default(value: type[T]) -> T: ...
    @overload
    def default(value: T) -> T: ...
    def default(value: Any) -> Any:
        """A field's default: a value, or a node class that stands for its instance."""

    @dataclass_transform(kw_only_default=True, field_specifiers=(default,))
    class CN:
        """A config node: a class whose annotated attributes are the fields of one config.

        Class keywords: `name` is the option's name, `abstract` makes it a base only, `aliases` are
        further places (`"group/name"`), `target` is what `hydra.utils.instantiate` builds, and
        `group` overrides the folder. `launcher` and `sweeper` are Hydra's plugins for the jobs of an
        experiment.
        """

        def __init_subclass__(
            cls,
            *,
            name: str = "",
            abstract: bool = False,
            aliases: Sequence[str] = (),
            target: str = "",
            group: str = "",
            launcher: str = "",
            sweeper: str = "",
        ) -> None: ...

    @overload
    def sweep(*values: type[T], zip: str = "") -> T: ...
    @overload
    def sweep(*values: T, zip: str = "") -> T: ...
    def sweep(*values: Any, zip: str = "") -> Any:
        """One job for each value, in an experiment; sweeps that share `zip` advance together."""

    @overload
    def interval(low: int, high: int, /, *, log: bool = False) -> int: ...
    @overload
    def interval(low: float, high: float, /, *, log: bool = False) -> float: ...
    def interval(low: float, high: float, /, *, log: bool = False) -> Any:
        """A range in which a sweeper that searches (`sweeper="optuna"`) picks values."""

else:

    def default(value):
        """A field's default: a value, or a node class that stands for its instance."""
        return value() if isinstance(value, type) else value

    class CN:
        """A config node; see the typed definition above."""

        def __init_subclass__(
            cls,
            *,
            name="",
            abstract=False,
            aliases=(),
            target="",
            group="",
            launcher="",
            sweeper="",
        ):
            super().__init_subclass__()

        def __init__(self, **values):
            self.__dict__.update(values)

    def sweep(*values, zip=""):
        """One job for each value, in an experiment; sweeps that share `zip` advance together."""
        return values[0] if values else None

    def interval(low, high, /, *, log=False):
        """A range in which a sweeper that searches (`sweeper="optuna"`) picks values."""
        return low


MISSING: Any = "???"
"""The value of a field that has no default and must be given."""


def ref(path: str) -> Any:
    """The value of another key: `ref("data.size")` from the root, `ref(".size")` beside this field."""
    return "${" + path + "}"


def patch(**fields: Any) -> Any:
    """Changes fields of whatever is chosen, without choosing: `data = patch(batch_size=2)`."""
    return fields


def points(*experiments: type[CN], zip: str = "") -> Any:
    """One job for each experiment, stacked on the one that has the points: `sizes = points(Small, Large)`."""
    return experiments


__all__ = ["CN", "MISSING", "default", "interval", "patch", "points", "ref", "sweep"]
