"""Classes and calls that make enums -> what the store says of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.diagnostics import Span
from cngen.model.tree import EnumClass
from cngen.reading.enums import PLAIN_TYPES, members_of
from cngen.reading.kinds import Classes, Kind
from cngen.reading.names import ClassTarget, File, Names
from cngen.syntax.facts import Assign, ClassDef, Constant


@dataclass(frozen=True, slots=True)
class EnumClasses:
    """The enums of one tree."""

    names: Names
    classes: Classes

    def plain_type(self, enum: ClassTarget) -> str:
        """The plain type that the members of an enum are of, empty if none."""
        for found in self.classes.bases(enum):
            plain = (
                self.plain_type(found)
                if isinstance(found, ClassTarget) and self.classes.kind(found) is Kind.ENUM
                else PLAIN_TYPES.get(getattr(found, "name", ""), "")
            )
            if plain:
                return plain
        return ""

    def made_by_calls(self, file: File) -> Iterator[ClassDef]:
        for statement in file.module.body:
            if isinstance(statement, Assign):
                made = self.names.made_enum(file, statement)
                if made is not None:
                    yield made


def enum_class(target: ClassTarget) -> EnumClass:
    text = target.file.text
    found = tuple(
        (name, s.value.text if isinstance(s.value, Constant) else text[s.value.start : s.value.end])
        for name, s in members_of(target.definition).items()
        if s.value is not None
    )
    definition, source = target.definition, target.file.source
    span = Span(source.path, definition.start, definition.end)
    return EnumClass(target.key, definition.name, source.module, found, span)
