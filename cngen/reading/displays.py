"""Lists, tuples, sets, dicts and comprehensions -> their items."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from cngen import codes
from cngen.diagnostics import Span
from cngen.model.values import EnumMember, Items, Table, Unheld, Value
from cngen.reading.computing import Iterated, NotKnown
from cngen.reading.enum_members import Enums
from cngen.reading.enums import is_open
from cngen.reading.kinds import Kind
from cngen.reading.lookup import Lookup
from cngen.reading.python_values import PythonValues
from cngen.reading.scope import Read, Scope, span_of
from cngen.syntax.facts import (
    Call,
    Clause,
    Comprehension,
    Constant,
    Expr,
    Keyword,
    Name,
    Sequence,
    Starred,
)
from cngen.text.quoting import literal


@dataclass(frozen=True, slots=True)
class Displays:
    """Folds what is written with brackets."""

    fold: Read
    lookup: Lookup
    values: PythonValues
    enums: Enums

    def items(
        self, items: tuple[Expr, ...], scope: Scope, read: Callable[[Expr, Scope], Value]
    ) -> list[Value]:
        found: list[Value] = []
        for item in items:
            if isinstance(item, Starred):
                found.extend(
                    self.values.iterated(self.fold(item.value, scope), span_of(item, scope))
                )
            else:
                found.append(read(item, scope))
        return found

    def dict_of(
        self,
        items: Iterable[tuple[Expr | None, Expr]],
        scope: Scope,
        span: Span,
        read: Callable[[Expr, Scope], Value],
    ) -> Value:
        found: list[tuple[Value, Value]] = []
        for key, value in items:
            if key is not None:
                found.append((self.fold(key, scope), read(value, scope)))
                continue
            folded = self.fold(value, scope)
            if not isinstance(folded, Table):
                raise NotKnown
            found.extend(folded.items)
        return self.values.table(found, span)

    def dict_call(self, call: Call, scope: Scope, span: Span) -> Value | None:
        """`dict(a=1)` and `dict(A, b=2)`, of which the items keep their places."""
        found = self.dict_of(keyword_items(call.keywords), scope, span, self.fold)
        first = self.fold(call.args[0], scope) if call.args else None
        if first is not None and not isinstance(first, Table):
            return None
        before = first.items if isinstance(first, Table) else ()
        return self.values.table(
            (*before, *(found.items if isinstance(found, Table) else ())), span
        )

    def comprehension(self, expression: Comprehension, scope: Scope, span: Span) -> Value:
        found = list(self._each(expression, expression.clauses, scope, is_first=True))
        if expression.kind == "dict":
            return self.values.table([(k, v) for k, v in found if k is not None], span)
        items = [value for _, value in found]
        if expression.kind == "set":
            return self.values.set_of(items, span)
        if expression.kind == "list":
            return Items("list", tuple(items), span)
        made = Iterated("generator", [self.values.python(item) for item in items])
        return Unheld(span, "generator", made)

    def _each(
        self, made: Comprehension, clauses: tuple[Clause, ...], scope: Scope, is_first: bool
    ) -> Iterator[tuple[Value | None, Value]]:
        """Each key and element, in order. Only the first iterable sees the names of a class body."""
        if not clauses:
            key = self.fold(made.key, scope) if made.key is not None else None
            yield key, self.fold(made.element, scope)
            return
        first, *rest = clauses
        span = span_of(first.iterable, scope)
        items = self.values.iterated(self.collection(first.iterable, scope), span)
        inner = replace(scope, local={}) if is_first else scope
        for item in items:
            self.values.work.spend()
            within = replace(inner, bound={**inner.bound, **self._bind(first.target, item, span)})
            if all(self.values.is_true(self.fold(c, within), span) for c in first.conditions):
                yield from self._each(made, tuple(rest), within, is_first=False)

    def _bind(self, target: Expr, value: Value, span: Span) -> dict[str, Value]:
        if isinstance(target, Name):
            return {target.id: value}
        if not isinstance(target, Sequence) or any(isinstance(t, Starred) for t in target.items):
            raise NotKnown
        items = self.values.iterated(value, span)
        if len(items) != len(target.items):
            message = f"this can't be computed: {len(items)} values for {len(target.items)} names"
            self.values.refuse(span, codes.FAILING_EXPRESSION, message, "")
        pairs = zip(target.items, items, strict=True)
        return {name: v for t, i in pairs for name, v in self._bind(t, i, span).items()}

    def collection(self, expression: Expr, scope: Scope) -> Value:
        """What is iterated: an enum gives its members."""
        enum = self.lookup.class_of(expression, scope)
        if enum is None or self.lookup.classes.kind(enum) is not Kind.ENUM:
            return self.fold(expression, scope)
        if is_open(enum.definition) or self.lookup.is_flag(enum):
            raise NotKnown
        span, found = span_of(expression, scope), self.enums.members(enum)
        named = (name for name, member in found.items() if member.name == name)
        return Items("tuple", tuple(EnumMember(enum.key, name, span) for name in named), span)


def keyword_items(keywords: tuple[Keyword, ...]) -> tuple[tuple[Expr | None, Expr], ...]:
    """The keywords of `dict(...)` as the items of a display."""
    return tuple(
        (None if k.name is None else Constant(k.name, literal(k.name), k.start, k.end), k.value)
        for k in keywords
    )
