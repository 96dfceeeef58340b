"""Annotations as written -> Types."""

from dataclasses import dataclass

from cngen import codes
from cngen.diagnostics import Report, Span
from cngen.model.types import (
    ANY,
    NONE,
    DictType,
    EnumType,
    ListType,
    LiteralType,
    NodeType,
    OtherType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
)
from cngen.reading.folding import ValueFolder
from cngen.reading.kinds import Classes, Kind
from cngen.reading.lookup import new_type
from cngen.reading.names import (
    ClassTarget,
    ExternalTarget,
    File,
    Names,
    RuntimeTarget,
    Target,
    ValueTarget,
)
from cngen.reading.scope import Scope
from cngen.syntax.facts import (
    Attribute,
    BinOp,
    Constant,
    Expr,
    Name,
    Sequence,
    Subscript,
    first_name,
)

_SCALARS = {
    **{f"builtins.{name}": ScalarType(name) for name in ("int", "float", "bool", "str", "bytes")},
    "pathlib.Path": ScalarType("Path"),
    "typing.Any": ANY,
    "types.NoneType": NONE,
}
_LISTS = {
    "list": "list", "List": "list", "set": "set", "Set": "set", "frozenset": "frozenset", "FrozenSet": "frozenset",
    "Sequence": "Sequence", "MutableSequence": "MutableSequence", "Iterable": "Iterable",
    "Collection": "Collection", "AbstractSet": "AbstractSet", "MutableSet": "MutableSet",
}  # fmt: skip
_DICTS = {"dict": "dict", "Dict": "dict", "Mapping": "Mapping", "MutableMapping": "MutableMapping"}
_WRAPPERS = frozenset({"Annotated", "Final", "Required", "NotRequired", "ReadOnly"})
_SPECIAL = {
    f"{module}.{name}": name
    for module in ("typing", "typing_extensions", "dataclasses")
    for name in ("ClassVar", "InitVar", "KW_ONLY")
}
_CONTAINER_MODULES = frozenset({"builtins", "typing", "typing_extensions", "collections.abc"})


@dataclass(frozen=True, slots=True)
class Annotations:
    """Reads the annotations of one tree."""

    names: Names
    classes: Classes
    folder: ValueFolder
    report: Report

    def read(self, expression: Expr, scope: Scope) -> Type:
        """The type that an annotation means; an undefined name is reported and read as `Any`."""
        match expression:
            case Constant(value=None, text="None"):
                return NONE
            case Name() | Attribute():
                return self._named(expression, scope)
            case BinOp(left, "|", right):
                return _union([self.read(left, scope), self.read(right, scope)])
            case Subscript(value, index):
                return self._generic(expression, value, index, scope)
        return OtherType(_text(scope.file, expression))

    def special(self, expression: Expr | None, scope: Scope) -> str:
        """`ClassVar`, `InitVar` or `KW_ONLY` where an annotation is one of them, bare or with `[...]`."""
        written = expression.value if isinstance(expression, Subscript) else expression
        if not isinstance(written, Name | Attribute):
            return ""
        target = self.names.target(scope.file, written, scope.before)
        return _SPECIAL.get(target.name, "") if isinstance(target, ExternalTarget) else ""

    def _named(self, expression: Name | Attribute, scope: Scope) -> Type:
        if scope.hides(expression):
            return self._hidden(expression, scope)
        target = self.names.target(scope.file, expression, scope.before)
        if (
            isinstance(target, ValueTarget)
            and target.assign.value is not None
            and not scope.is_nested_in(target)
        ):
            inner = Scope(target.file, target.assign.start, {}, (*scope.aliases, target.assign))
            made = new_type(self.names, target)
            return self.read(made[0] if made is not None else target.assign.value, inner)
        if self.names.lacks(scope.file, first_name(expression)):
            return ANY  # reported at the import
        if target is None and isinstance(expression, Name):
            span = Span(scope.file.source.path, expression.start, expression.end)
            message, hint = self.names.why_unknown(scope.file, "type", expression.id, scope.before)
            hint = hint or "import it, or correct the name"
            self.report(codes.UNKNOWN_TYPE.found(span, message, hint))
            return ANY
        if isinstance(target, RuntimeTarget) and self._may_be_held(target):
            span = Span(scope.file.source.path, expression.start, expression.end)
            text = _text(scope.file, expression)
            message = f"the type `{text}` has several definitions, and which one applies isn't known statically"
            self.report(
                codes.UNKNOWN_TYPE.found(span, message, "define it once, without a condition")
            )
            return ANY
        return self._of_target(target, _text(scope.file, expression))

    def _hidden(self, expression: Name | Attribute, scope: Scope) -> Type:
        """A name of the class body, which is no type that the store can name."""
        name = first_name(expression)
        if name in scope.type_parameters:
            return OtherType(name)
        span = Span(scope.file.source.path, expression.start, expression.end)
        message = f"`{name}` is the field of that name here, not a type"
        hint = "rename the field, or import the type by another name"
        if name in scope.inner:
            message = (
                f"the type `{name}` is defined in the class body, which the store doesn't have"
            )
            hint = "define it at the top level of the file"
        self.report(codes.UNKNOWN_TYPE.found(span, message, hint))
        return ANY

    def _may_be_held(self, target: RuntimeTarget) -> bool:
        """Whether one of the things that a name may stand for is a node or an enum."""
        kinds = {self.classes.kind(option) for option in target.options}
        return bool(kinds & {Kind.NODE, Kind.ENUM})

    def _of_target(self, target: Target | None, text: str) -> Type:
        if isinstance(target, ClassTarget):
            kind = self.classes.kind(target)
            if kind is Kind.NODE and not self.classes.is_base(target):
                return NodeType(target.key)
            return EnumType(target.key) if kind is Kind.ENUM else OtherType(text)
        if isinstance(target, ExternalTarget):
            if target.name in _SCALARS:
                return _SCALARS[target.name]
            container = _container(target)
            if container in _LISTS:
                return ListType(ANY, _LISTS[container])
            if container in _DICTS:
                return DictType(ANY, ANY, _DICTS[container])
            if container in ("tuple", "Tuple"):
                return TupleType((ANY,), open=True)
        return OtherType(text)

    def _generic(self, whole: Expr, value: Expr, index: Expr, scope: Scope) -> Type:
        target = self.names.target(scope.file, value, scope.before)
        container = _container(target) if isinstance(target, ExternalTarget) else ""
        arguments = (
            index.items if isinstance(index, Sequence) and index.kind == "tuple" else (index,)
        )
        if container == "Literal":
            return LiteralType(tuple(self.folder.read(a, scope) for a in arguments))
        if container in _WRAPPERS and arguments:
            return self.read(arguments[0], scope)
        if container in ("Optional", "Union"):
            members = [self.read(a, scope) for a in arguments]
            return _union([*members, NONE] if container == "Optional" else members)
        if container in _LISTS and len(arguments) == 1:
            return ListType(self.read(arguments[0], scope), _LISTS[container])
        if container in _DICTS and len(arguments) == 2:
            return DictType(
                self.read(arguments[0], scope), self.read(arguments[1], scope), _DICTS[container]
            )
        if container in ("tuple", "Tuple"):
            items = [a for a in arguments if _text(scope.file, a) != "..."]
            return TupleType(
                tuple(self.read(a, scope) for a in items), open=len(items) < len(arguments)
            )
        if isinstance(target, ClassTarget) and self.classes.kind(target) is Kind.NODE:
            return self._of_target(
                target, _text(scope.file, whole)
            )  # its parameters are for checkers
        return OtherType(_text(scope.file, whole))


def _container(target: ExternalTarget) -> str:
    module, _, name = target.name.rpartition(".")
    return name if module in _CONTAINER_MODULES else ""


def _union(members: list[Type]) -> Type:
    """A union without nesting and repetition, `None` last."""
    flat: list[Type] = []
    for member in members:
        flat.extend(member.members if isinstance(member, UnionType) else (member,))
    unique = list(dict.fromkeys(m for m in flat if m != NONE)) + ([NONE] if NONE in flat else [])
    return unique[0] if len(unique) == 1 else UnionType(tuple(unique))


def _text(file: File, expression: Expr) -> str:
    """The annotation as written, on one line."""
    return " ".join(file.text[expression.start : expression.end].split())
