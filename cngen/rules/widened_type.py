"""CN206."""

from collections.abc import Iterator

from cngen.classnames import class_names
from cngen.diagnostic import Diagnostic, Severity
from cngen.emission import Emitter, storable
from cngen.model import DictType, ListType, Tree, Type, UnionType
from cngen.rules.base import Rule
from cngen.rules.value_type import type_text


class WidenedType(Rule):
    """A type that OmegaConf can't hold is stored as the nearest one that it can.

    `Literal`, `Sequence`, `set`, unions of containers and the like: defaults are checked against
    the written type, but values from the command line only against the stored one.
    """

    code = "CN206"
    severity = Severity.WARNING

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every field whose annotation changes, where it is declared."""
        emitter = Emitter(tree, class_names(tree), lambda value: value.text)
        for node in tree.nodes.values():
            for field in node.fields:
                if field.name not in node.declared or _unnamed(field.type) == storable(field.type):
                    continue
                if node.bases and any(
                    _inherits_type(tree, base, field.name, field.type) for base in node.bases
                ):
                    continue
                stored = emitter.type(storable(field.type))
                message = f"no config can hold `{type_text(tree, field.type)}`: `{field.name}` is stored as `{stored}`"
                yield self.found(
                    field.span, message, f"annotate it as `{stored}` if that is enough"
                )


def _unnamed(written: Type) -> Type:
    """The type with `List` and the like read as what they are."""
    match written:
        case ListType(item, "list"):
            return ListType(_unnamed(item))
        case DictType(key, value, "dict"):
            return DictType(key, _unnamed(value))
        case UnionType(members):
            return UnionType(tuple(_unnamed(member) for member in members))
    return written


def _inherits_type(tree: Tree, base: str, name: str, written: Type) -> bool:
    inherited = tree.nodes[base].field(name)
    return inherited is not None and inherited.type == written
