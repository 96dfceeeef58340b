"""What of the old tree is what of the new one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cngen.diagnostics import Span
from cngen.model.types import EnumType, LiteralType, NodeType, Type, map_type
from cngen.model.values import (
    Argument,
    EnumMember,
    Instance,
    Interpolation,
    Patch,
    Value,
    map_value,
)

REFERENCE = re.compile(r"\$\{[^{}]*\}")
NAME = re.compile(r"[A-Za-z_]\w*(?![\w:])")


@dataclass(frozen=True, slots=True)
class Matching:
    """What of the old tree is what of the new one.

    `nodes` and `enums` go from old keys to new ones; `fields` hold the renamed fields of an old node,
    inherited ones included, and `members` those of an old enum, from old names to new ones. `patched` are
    the old nodes that have what a patch changes, by where its argument is written, and `words` the names
    of fields that have another name wherever there are such fields.
    """

    nodes: Mapping[str, str]
    enums: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patched: Mapping[Span, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def field(self, node: str, name: str) -> str:
        """What a field of an old node is called now."""
        return self.fields.get(node, {}).get(name, name)

    def type(self, written: Type) -> Type:
        """A type of the old tree with the names of the new one."""
        return map_type(written, self._renamed_type)

    def _renamed_type(self, written: Type) -> Type:
        match written:
            case NodeType(key):
                return NodeType(self.nodes.get(key, key))
            case EnumType(key):
                return EnumType(self.enums.get(key, key))
            case LiteralType(values):
                return LiteralType(tuple(self.value(value) for value in values))
        return written

    def value(self, value: Value) -> Value:
        """A value of the old tree with the names of the new one."""
        return map_value(value, self._renamed_value)

    def _renamed_value(self, value: Value) -> Value:
        match value:
            case Instance(node, arguments):
                given = tuple(a.renamed(self.field(node, a.name)) for a in arguments)
                return replace(value, node=self.nodes.get(node, node), arguments=given)
            case Patch(arguments):
                return replace(value, arguments=tuple(self._patched(a) for a in arguments))
            case Interpolation(text):
                return replace(value, text=REFERENCE.sub(self._referred, text))
            case EnumMember(enum, member):
                name = self.members.get(enum, {}).get(member, member)
                return replace(value, enum=self.enums.get(enum, enum), member=name)
        return value

    def _referred(self, reference: re.Match[str]) -> str:
        return NAME.sub(lambda name: self.words.get(name[0], name[0]), reference[0])

    def _patched(self, argument: Argument) -> Argument:
        """A constant may be a patch of several nodes: a name counts as renamed where they agree."""
        holders = self.patched.get(argument.span, frozenset())
        names = {self.field(node, argument.name) for node in holders}
        name = names.pop() if len(names) == 1 else argument.name
        return argument.renamed(name)
