"""Names in an expression -> what they mean: a class, a word of the vocabulary, something outside."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cngen.reading.computing import NotKnown
from cngen.reading.enums import FLAGS
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import (
    ClassTarget,
    ExternalTarget,
    File,
    Names,
    RuntimeTarget,
    Target,
    ValueTarget,
)
from cngen.reading.scope import Given, Scope
from cngen.syntax.facts import (
    Assign,
    Call,
    Comprehension,
    Dict,
    Expr,
    FunctionDef,
    Keyword,
    Lambda,
    Name,
    Sequence,
    parts,
)

MAX_ALIASES = 20
MAX_BASES = 500
EXPERIMENT_WORDS = ("sweep", "points", "interval", "patch")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Looks names up in one tree. `vocabulary` holds the modules whose words count as cngen's.

    `targets` are the classes of the instances and members that values were made of.
    """

    names: Names
    classes: Classes
    vocabulary: frozenset[str]
    targets: dict[str, ClassTarget] = field(default_factory=dict)

    def target(self, expression: Expr, scope: Scope) -> Target | None:
        """What a dotted name stands for outside of the class body; None for a part of a value."""
        if isinstance(expression, Name):
            found = scope.bound.get(expression.id)
            if isinstance(found, Given):
                return self.target(found.expression, found.scope)
        if scope.hides(expression):
            return None
        return self.names.target(scope.file, expression, scope.before)

    def class_of(self, expression: Expr, scope: Scope) -> ClassTarget | None:
        target = self.target(expression, scope)
        for _ in range(MAX_ALIASES):  # a class may have other names
            if not isinstance(target, ValueTarget) or target.assign.value is None:
                break
            target = self.names.target(target.file, target.assign.value, target.assign.start)
        return target if isinstance(target, ClassTarget) else None

    def word(self, target: Target | None) -> str:
        """Which of the words for experiments a name stands for, empty for none."""
        name = target.name if isinstance(target, ExternalTarget) else ""
        return next((word for word in EXPERIMENT_WORDS if self.is_helper(name, word)), "")

    def is_helper(self, name: str, helper: str) -> bool:
        module, _, last = name.rpartition(".")
        return last == helper and module in self.vocabulary

    def is_node(self, target: ClassTarget) -> bool:
        return self.classes.kind(target) is Kind.NODE

    def is_dict(self, call: Call, scope: Scope) -> bool:
        return self.target(call.func, scope) == ExternalTarget("builtins.dict")

    def is_flag(self, enum: ClassTarget) -> bool:
        named = (b.name for b in self.classes.bases(enum) if isinstance(b, ExternalTarget))
        return any(name.removeprefix("enum.") in FLAGS for name in named)

    def is_plain(self, key: str) -> bool:
        """Whether the members of an enum are nothing but members: they compare by identity."""
        enum = self.targets[key]
        is_plain = self.classes.bases(enum) == (ExternalTarget("enum.Enum"),)
        return is_plain and not any(
            isinstance(s, FunctionDef) and s.name in ("__bool__", "__eq__", "__hash__")
            for s in enum.definition.body
        )

    def lineage(self, target: ClassTarget) -> list[ClassTarget]:
        """A class and its bases, in the order in which attributes are looked up.

        Raises:
            NotKnown: a base can't be found, or the module changes a class.
        """
        found: list[ClassTarget] = []
        waiting = [target]
        while waiting:
            current = waiting.pop()
            if len(found) > MAX_BASES or self.names.is_changed(
                current.file, current.definition.name, current.definition
            ):
                raise NotKnown
            found.append(current)
            bases = self.classes.bases(current)
            if any(base is None for base in bases):
                raise NotKnown
            waiting.extend(base for base in reversed(bases) if isinstance(base, ClassTarget))
        last = {owner.key: number for number, owner in enumerate(found)}
        return [owner for number, owner in enumerate(found) if last[owner.key] == number]

    def methods(self, target: ClassTarget) -> set[str]:
        return {
            statement.name
            for owner in self.lineage(target)
            for statement in owner.definition.body
            if isinstance(statement, FunctionDef)
        }

    def is_reference(self, target: Target) -> bool:
        """Whether a name stands for what makes an interpolation."""
        if not isinstance(target, ExternalTarget):
            return False
        return target.name in ("omegaconf.II", "omegaconf.SI") or self.is_helper(target.name, "ref")

    def used_too_early(self, expression: Expr, scope: Scope) -> tuple[Name, str] | None:
        """A name that an expression reads before it is bound, and a message about it; None if there is none."""
        for name in _read_at_once(expression):
            line = None
            if not scope.hides(name):
                line = self.names.bound_too_late(scope.file, name.id, scope.before)
            if line is not None:
                return name, f"`{name.id}` is used before its definition in line {line}"
        return None

    def word_inside(self, target: Target) -> str:
        """The word for experiments that what a name stands for uses, empty if it uses none."""
        modules = {ExternalTarget(module) for module in self.vocabulary}
        for file, names in self.names.behind(target):
            meant = {self.word(self.names.lookup(file, name)) for name in names} - {""}
            if any(self.names.lookup(file, name) in modules for name in names):
                meant |= names & set(EXPERIMENT_WORDS)
            if meant:
                return min(meant)
        return ""

    def holds_nodes(self, target: Target) -> bool:
        """Whether a name stands for a node class, a value that holds a node, or a function that returns one."""
        match target:
            case ClassTarget():
                return self.is_node(target)
            case ValueTarget(file, assign) if assign.value is not None:
                return self._makes_nodes(assign.value, file, assign.start)
            case RuntimeTarget():
                found = self.names.function(target)
                returned = found[1].returned if found is not None else None
                if found is not None and returned is not None:
                    return self._makes_nodes(returned, found[0], found[1].end)
        return False

    def _makes_nodes(self, expression: Expr, file: File, before: int) -> bool:
        match expression:
            case Call(func=func):
                made = self.classes.resolve(file, func, before)
                return isinstance(made, ClassTarget) and self.is_node(made)
            case Sequence(items=items):
                return any(self._makes_nodes(item, file, before) for item in items)
            case Dict(items=pairs):
                return any(self._makes_nodes(item, file, before) for _, item in pairs)
            case Comprehension(element=element):
                return self._makes_nodes(element, file, before)
        return False


def _read_at_once(expression: Expr) -> Iterator[Name]:
    """The names that an expression reads when it runs: not those in functions, or bound in it."""
    waiting: list[Expr] = [expression]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Name):
            yield found
        elif not isinstance(found, Lambda | Comprehension):
            inner = (p.value if isinstance(p, Keyword) else p for p in parts(found))
            waiting += reversed([*inner])


def new_type(names: Names, target: Target | None) -> tuple[Expr, File, Assign] | None:
    """What a `NewType` is to Python: the type that it is made of, with its place."""
    if not isinstance(target, ValueTarget) or not isinstance(target.assign.value, Call):
        return None
    file, assign, call = target.file, target.assign, target.assign.value
    made_by = names.target(file, call.func, assign.start)
    is_new_type = getattr(made_by, "name", "") in ("typing.NewType", "typing_extensions.NewType")
    return (call.args[1], file, assign) if is_new_type and len(call.args) == 2 else None
