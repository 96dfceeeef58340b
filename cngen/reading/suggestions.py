"""A value -> the annotation that it calls for."""

from dataclasses import dataclass

from cngen.reading.enum_classes import enum_class
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import ClassTarget, Names
from cngen.reading.scope import Scope
from cngen.syntax.facts import Attribute, Call, Constant, Dict, Expr, Name, Sequence, UnaryOp


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggests annotations in one tree."""

    names: Names
    classes: Classes

    def annotation_for(self, value: Expr, scope: Scope) -> str:
        """The annotation that a value implies, empty if none: of a literal, a member or a node."""
        text = scope.file.text
        if isinstance(value, Attribute):
            enum = self.names.target(scope.file, value.value, scope.before)
            if isinstance(enum, ClassTarget) and self.classes.kind(enum) is Kind.ENUM:
                is_member = value.attr in dict(enum_class(enum).members)
                return text[value.value.start : value.value.end] if is_member else ""
        named = value.func if isinstance(value, Call) and not value.args else value
        if isinstance(named, Name | Attribute):
            node = self.names.target(scope.file, named, scope.before)
            is_node = isinstance(node, ClassTarget) and self.classes.kind(node) is Kind.NODE
            return text[named.start : named.end] if is_node else ""
        return _literal_type(value)


def _literal_type(value: Expr) -> str:
    """The type of a literal, or of a list or dict whose items are of one type; empty for another."""
    match value:
        case Constant(str() as text) if "${" in text or text == "???":
            return ""
        case Constant(bool() | int() | float() | str() | bytes() as plain):
            return type(plain).__name__
        case UnaryOp("-", Constant(int() | float()) as number):
            return _literal_type(number)
        case Sequence("list", items):
            kinds = {_literal_type(item) for item in items}
            return f"list[{kinds.pop()}]" if len(kinds) == 1 and "" not in kinds else ""
        case Dict(items=pairs):
            keys = {_literal_type(key) if key is not None else "" for key, _ in pairs}
            kinds = {_literal_type(item) for _, item in pairs}
            if len(keys) == len(kinds) == 1 and "" not in keys | kinds:
                return f"dict[{keys.pop()}, {kinds.pop()}]"
    return ""
