"""Class definitions -> whether each is a config node, an enum or neither."""

from collections.abc import Iterable
from enum import Enum

from cngen.reading.enums import ENUMS
from cngen.reading.names import ClassTarget, ExternalTarget, File, Names, Target, ValueTarget
from cngen.syntax.facts import ClassDef, Expr, Subscript


class Kind(Enum):
    """What a class is; UNKNOWN if one of its bases can't be resolved statically."""

    NODE = "node"
    ENUM = "enum"
    PLAIN = "plain"
    UNKNOWN = "unknown"


class Classes:
    """Tells the kind of a class from its bases. `base` holds the qualified names that count as CN."""

    def __init__(self, names: Names, base: Iterable[str]) -> None:
        self._names = names
        targets = (names.named(name) for name in base)
        keys = (target.key for target in targets if isinstance(target, ClassTarget))
        self._base = frozenset({*base, *keys})
        self._kinds: dict[str, Kind] = {}

    def kind(self, target: Target | None) -> Kind:
        """The kind of what a name stands for; PLAIN for what is outside the sources."""
        match target:
            case ClassTarget():
                return self._kind_of_class(target)
            case ExternalTarget(name):
                return (
                    Kind.NODE
                    if name in self._base
                    else Kind.ENUM
                    if _is_enum_base(name)
                    else Kind.PLAIN
                )
        return Kind.UNKNOWN

    def is_base(self, target: Target | None) -> bool:
        """Whether this is CN itself."""
        return (isinstance(target, ExternalTarget) and target.name in self._base) or (
            isinstance(target, ClassTarget) and target.key in self._base
        )

    def resolve(self, file: File, expression: Expr, before: int | None = None) -> Target | None:
        """The class that an expression names, through aliases like `Base = CN`; None if not static."""
        for _ in range(20):
            written = expression.value if isinstance(expression, Subscript) else expression
            target = self._names.target(file, written, before)
            if not isinstance(target, ValueTarget) or target.assign.value is None:
                return target
            file, expression, before = target.file, target.assign.value, target.assign.start
        return None

    def bases(self, target: ClassTarget) -> tuple[Target | None, ...]:
        """What each base of a class stands for, in their order; None for one that isn't static."""
        definition = target.definition
        return tuple(self.resolve(target.file, b, definition.start) for b in definition.bases)

    def nested_kind(self, file: File, definition: ClassDef) -> Kind:
        """The kind of a class that isn't at module level."""
        return _join(self.kind(self.resolve(file, base)) for base in definition.bases)

    def _kind_of_class(self, target: ClassTarget) -> Kind:
        if target.key in self._base:
            return Kind.NODE
        if target.key not in self._kinds:
            self._kinds[target.key] = (
                Kind.NODE
            )  # while bases are read: a cycle is reported as one of nodes
            self._kinds[target.key] = _join(self.kind(base) for base in self.bases(target))
        return self._kinds[target.key]


def _is_enum_base(name: str) -> bool:
    module, _, last = name.rpartition(".")
    return module == "enum" and last in ENUMS


def _join(kinds: Iterable[Kind]) -> Kind:
    """A class is a node or an enum as soon as one base is."""
    found = set(kinds)
    return next(
        (kind for kind in (Kind.NODE, Kind.ENUM, Kind.UNKNOWN) if kind in found), Kind.PLAIN
    )
