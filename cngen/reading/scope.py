"""Where an expression is: its file, and the names that are bound around it."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from cngen.diagnostics import Span
from cngen.model.values import Value
from cngen.reading.names import File, RuntimeTarget, ValueTarget
from cngen.syntax.facts import Assign, Expr, first_name


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression is: names above `before` in its file, and those of its class body.

    Those are fields with their values (`local`), `inner` classes and methods, and parameters for types.
    `bound` are those that a comprehension or a call binds.
    """

    file: File
    before: int
    local: Mapping[str, Expr] = field(default_factory=dict)
    aliases: tuple[Assign | RuntimeTarget, ...] = ()
    inner: Set[str] = frozenset()
    type_parameters: frozenset[str] = frozenset()
    bound: Mapping[str, "Value | Given"] = field(default_factory=dict)

    def hides(self, expression: Expr) -> bool:
        """Whether a name or dotted name begins in the class body, a comprehension or a helper."""
        name = first_name(expression)
        held = (self.local, self.inner, self.type_parameters, self.bound)
        return any(name in names for names in held)

    def is_nested_in(self, target: ValueTarget | RuntimeTarget) -> bool:
        """Whether following this constant or helper would lead back to where we are."""
        if isinstance(target, RuntimeTarget):
            return target in self.aliases
        return any(assign is target.assign for assign in self.aliases)


@dataclass(frozen=True, slots=True)
class Given:
    """An expression that is read where it was written, as the argument of a call of a helper is."""

    expression: Expr
    scope: "Scope"


def span_of(expression: Expr, scope: Scope) -> Span:
    return Span(scope.file.source.path, expression.start, expression.end)


Read: TypeAlias = Callable[[Expr, Scope], Value]
"""Reads an expression where it is."""
