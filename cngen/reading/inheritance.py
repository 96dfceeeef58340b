"""A class of the sources -> what it has from its bases, nodes or not."""

from dataclasses import dataclass, field

from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import ClassTarget, ExternalTarget, Names, Target
from cngen.syntax.facts import Assign, Attribute, Expr, FunctionDef, Name, Statement, Subscript

_QUIET = frozenset(
    {"abc", "builtins", "cngen", "collections", "enum", "typing", "typing_extensions"}
)


@dataclass(frozen=True, slots=True)
class Inheritance:
    """Looks bases up in one tree."""

    names: Names
    classes: Classes
    _bases_of: dict[str, list[ClassTarget]] = field(default_factory=dict)

    def behind(self, target: ClassTarget) -> list[ClassTarget]:
        """The bases of a class that are in the sources, nearest first; shared ones behind all that share them."""
        if target.key not in self._bases_of:
            self._bases_of[target.key] = []  # while bases are read: a cycle is reported
            found: dict[str, ClassTarget] = {}
            for below in self.classes.bases(target):
                for one in (below, *self.behind(below)) if isinstance(below, ClassTarget) else ():
                    found.pop(one.key, None)
                    found[one.key] = one
            self._bases_of[target.key] = list(found.values())
        return self._bases_of[target.key]

    def of_mixins(self, target: ClassTarget) -> frozenset[str]:
        """The attributes that a class has from bases that are no nodes: Python takes others for them."""
        found: set[str] = set()
        waiting, seen = [target], {target.key}
        while waiting:
            for below in self.classes.bases(waiting.pop()):
                is_plain = self.classes.kind(below) is not Kind.NODE
                if isinstance(below, ClassTarget) and is_plain and below.key not in seen:
                    seen.add(below.key)
                    waiting.append(below)
                    body = below.definition.body
                    found.update(s.target for s in body if isinstance(s, Assign))
                    found.update(s.name for s in body if isinstance(s, FunctionDef))
        return frozenset(found)

    def is_generic(self, target: ClassTarget) -> bool:
        """Whether a class or one of its bases has parameters for types."""
        definitions = (owner.definition for owner in (target, *self.behind(target)))
        return any(
            definition.type_parameters or any(isinstance(b, Subscript) for b in definition.bases)
            for definition in definitions
        )

    def is_hooked(self, target: ClassTarget) -> bool:
        """Whether a base does something to each of its subclasses, or can't be read."""
        return any(map(self._hooks, (target, *self.behind(target))))

    def _hooks(self, owner: ClassTarget) -> bool:
        definition = owner.definition
        methods = {s.name for s in definition.body if isinstance(s, FunctionDef)}
        metas = (k.value for k in definition.keywords if k.name == "metaclass")
        bases = self.classes.bases(owner)
        return (
            "__init_subclass__" in methods
            or any(not _is_quiet(self.classes.resolve(owner.file, meta)) for meta in metas)
            or any(not (isinstance(base, ClassTarget) or _is_quiet(base)) for base in bases)
        )

    def takes(self, target: ClassTarget) -> frozenset[str] | None:
        """The fields that the constructor of a source class takes; None for any, or if it can't be read."""
        for owner in (target, *self.behind(target)):
            body = owner.definition.body
            methods = {s.name for s in body if isinstance(s, FunctionDef)}
            if methods & {"__init__", "__new__"} or self._hooks(owner) or self._is_of_cngen(owner):
                return None
            if owner.definition.decorators:
                return frozenset(s.target for s in body if isinstance(s, Assign))
        return frozenset()

    def _is_of_cngen(self, owner: ClassTarget) -> bool:
        bases = self.classes.bases(owner)
        return any(isinstance(b, ExternalTarget) and b.name.startswith("cngen.") for b in bases)

    def refuses(self, owner: ClassTarget) -> bool:
        """Whether a class itself can't be built with abstract methods."""
        definition = owner.definition
        meta = [k.value for k in definition.keywords if k.name == "metaclass"]
        metas = (self.classes.resolve(owner.file, part, definition.start) for part in meta)
        found = (*self.classes.bases(owner), *metas)
        wanted = {"abc.ABC", "abc.ABCMeta", "typing.Protocol", "typing_extensions.Protocol"}
        return any(isinstance(one, ExternalTarget) and one.name in wanted for one in found)

    def is_left_open(self, owner: ClassTarget, statement: Statement) -> bool:
        marks = statement.marks if isinstance(statement, FunctionDef) else ()
        for mark in marks:
            first, *rest = mark.split(".")
            expression: Expr = Name(first, 0, 0)
            for attr in rest:
                expression = Attribute(expression, attr, 0, 0)
            found = self.names.target(owner.file, expression, statement.start)
            if isinstance(found, ExternalTarget) and found.name.startswith("abc.abstract"):
                return True
        return False


def _is_quiet(target: Target | None) -> bool:
    """Whether a class from outside is known to leave its subclasses as they are."""
    return isinstance(target, ExternalTarget) and target.name.partition(".")[0] in _QUIET
