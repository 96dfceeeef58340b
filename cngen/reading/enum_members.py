"""Enums -> their members, by name and by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cngen import codes
from cngen.diagnostics import Span, did_you_mean
from cngen.model.values import EnumMember, Value
from cngen.reading.computing import NotKnown, Work
from cngen.reading.enums import is_member_name, is_open, makes_values, members_of
from cngen.reading.lookup import Lookup
from cngen.reading.names import ClassTarget
from cngen.reading.python_values import PythonValues, Refused
from cngen.reading.scope import Read, Scope
from cngen.syntax.facts import Call, Expr
from cngen.text.quoting import literal

MAX_LOCAL = 200
"""How many members of an enum may name earlier ones."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A name in an enum: the member that it is, and its value where it is known."""

    name: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Enums:
    """The members of the enums of one tree."""

    fold: Read
    lookup: Lookup
    values: PythonValues
    _found: dict[str, Mapping[str, _Member]] = field(default_factory=dict)

    def named(self, enum: ClassTarget, name: str, span: Span) -> Value:
        found = self.members(enum)
        if name in found:
            return EnumMember(enum.key, found[name].name, span)
        if is_open(enum.definition) or not is_member_name(name):
            raise NotKnown
        title = enum.definition.name
        hint = did_you_mean(name, tuple(found)) or f"the members are {', '.join(found)}"
        self.values.refuse(
            span, codes.UNKNOWN_MEMBER, f"the enum `{title}` has no member `{name}`", hint
        )

    def members(self, enum: ClassTarget) -> Mapping[str, _Member]:
        """The members of an enum by every name, each with the one that it is."""
        self.lookup.targets[enum.key] = enum
        if enum.key not in self._found:
            self._found[enum.key] = {}
            work, self.values.work = self.values.work, Work()
            try:
                self._found[enum.key] = dict(self._read_members(enum))
            finally:
                self.values.work = work
        return self._found[enum.key]

    def _read_members(self, enum: ClassTarget) -> Iterator[tuple[str, _Member]]:
        first: dict[object, str] = {}
        local: dict[str, Expr] = {}
        is_made = makes_values(enum.definition)
        for name, assign in members_of(enum.definition).items():
            assert assign.value is not None
            self.values.work = Work()
            scope = Scope(enum.file, assign.start, dict(local) if len(local) < MAX_LOCAL else {})
            value, key = None, object()
            try:
                if not is_made:
                    value = self.fold(assign.value, scope)
                    key = self.values.key(value, value.span)
            except (NotKnown, Refused):
                pass
            local[name] = assign.value
            yield name, _Member(first.setdefault(key, name), value)

    def by_value(self, enum: ClassTarget, call: Call, scope: Scope, span: Span) -> Value:
        if len(call.args) != 1 or call.keywords:
            raise NotKnown
        wanted = self.values.key(self.fold(call.args[0], scope), span)
        if makes_values(enum.definition) or is_open(enum.definition):
            raise NotKnown
        found = self.members(enum)
        for member in found.values():
            if member.value is not None and self.values.key(member.value, span) == wanted:
                return EnumMember(enum.key, member.name, span)
        if self.lookup.is_flag(enum) or any(member.value is None for member in found.values()):
            raise NotKnown
        name, text = enum.definition.name, literal(wanted)
        message = f"the enum `{name}` has no member with the value {text}"
        self.values.refuse(span, codes.UNKNOWN_MEMBER, message, "")
