"""Enums as written -> their members, also of those that a call makes."""

from collections.abc import Iterator, Mapping

from cngen.syntax.facts import (
    Assign,
    Call,
    ClassDef,
    Constant,
    Dict,
    Expr,
    FunctionDef,
    Import,
    Lambda,
    Other,
    Sequence,
    first_name,
)
from cngen.text.quoting import literal

ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"})
"""The enums of the standard library, from which others inherit."""

PLAIN_TYPES = {
    "enum.StrEnum": "str", "builtins.str": "str", "enum.IntEnum": "int", "enum.IntFlag": "int", "builtins.int": "int",
}  # fmt: skip
"""The bases by which members of an enum are plain values as well."""

FLAGS = frozenset({"Flag", "IntFlag"})

_KEYWORDS = frozenset({"names", "module", "qualname", "start"})
_NO_MEMBERS = frozenset({"nonmember", "property", "staticmethod", "classmethod"})


def members_of(definition: ClassDef) -> Mapping[str, Assign]:
    """The members of an enum by name, as assigned in its body, aliases of others included."""
    ignored = _ignored(definition)
    return {
        statement.target: statement
        for statement in definition.body
        if isinstance(statement, Assign)
        and statement.value is not None
        and is_member_name(statement.target)
        and statement.target not in ignored
        and not _is_descriptor(statement.value)
    }


def is_member_name(name: str) -> bool:
    """Whether a name in the body of an enum may be a member: `_A` is one, `_A_` and `__A` are none."""
    is_special = len(name) > 2 and name[0] == name[-1] == "_"
    return not is_special and not name.startswith("__") and name != "_"


def is_open(definition: ClassDef) -> bool:
    """Whether an enum may have members that aren't seen: its body has more than assignments."""
    return any(
        isinstance(statement, Import) or (isinstance(statement, Other) and bool(statement.bound))
        for statement in definition.body
    )


def makes_values(definition: ClassDef) -> bool:
    """Whether the values of the members aren't those that are assigned."""
    makers = ("__new__", "__init__", "_generate_next_value_", "_missing_")
    return any(isinstance(s, FunctionDef) and s.name in makers for s in definition.body)


def made_by_call(name: str, assign: Assign, base: str) -> ClassDef | None:
    """The class that `Mode = Enum("Mode", ["A", "B"])` makes; None if it is known only at run time."""
    call = assign.value
    if not isinstance(call, Call) or base not in ENUMS:
        return None
    given = {keyword.name: keyword.value for keyword in call.keywords}
    names = call.args[1] if len(call.args) == 2 else given.get("names")
    is_known = set(given) <= _KEYWORDS and len(call.args) + ("names" in given) == 2
    if names is None or not is_known:
        return None
    found = _listed(names, base, given.get("start"))
    if found is None:
        return None
    body = tuple(
        Assign(member, None, value, call.start + number, call.start + number)
        for number, (member, value) in enumerate(found)
    )
    return ClassDef(name, (call.func,), (), (), None, body, assign.start, assign.end)


def _listed(names: Expr, base: str, start: Expr | None) -> list[tuple[str, Expr]] | None:
    """The members that a call lists, each with its value."""
    match names:
        case Dict(items=pairs):
            return _pairs([(key, value) for key, value in pairs if key is not None], len(pairs))
        case Sequence(("list" | "tuple"), items) if all(isinstance(i, Sequence) for i in items):
            inner = [i.items for i in items if isinstance(i, Sequence) and len(i.items) == 2]
            return _pairs([(pair[0], pair[1]) for pair in inner], len(items))
        case Sequence(("list" | "tuple"), items):
            texts = [i.value for i in items if isinstance(i, Constant) and isinstance(i.value, str)]
            is_whole = len(texts) == len(items)
        case Constant(str() as text):
            texts, is_whole = text.replace(",", " ").split(), True
        case _:
            return None
    first = start.value if isinstance(start, Constant) else 1 if start is None else None
    if not is_whole or not isinstance(first, int) or (base in FLAGS and start is not None):
        return None
    return [(text, _numbered(base, text, first, n, names)) for n, text in enumerate(texts)]


def _pairs(found: list[tuple[Expr, Expr]], count: int) -> list[tuple[str, Expr]] | None:
    texts = [
        (key.value, value)
        for key, value in found
        if isinstance(key, Constant) and isinstance(key.value, str)
    ]
    return texts if len(texts) == count else None


def _numbered(base: str, name: str, first: int, number: int, names: Expr) -> Expr:
    """The value that a member has which is only named."""
    value: int | str = first + number
    if base in FLAGS:
        value = 1 << (first + number - 1)
    elif base == "StrEnum":
        value = name.lower()
    return Constant(value, literal(value), names.start, names.end)


def _ignored(definition: ClassDef) -> frozenset[str]:
    """What `_ignore_` keeps from being members."""
    return frozenset(
        name
        for statement in definition.body
        if isinstance(statement, Assign) and statement.target == "_ignore_"
        for name in _texts(statement.value)
    )


def _texts(value: Expr | None) -> Iterator[str]:
    match value:
        case Constant(str() as text):
            yield from text.replace(",", " ").split()
        case Sequence(items=items):
            for item in items:
                yield from _texts(item)


def _is_descriptor(value: Expr) -> bool:
    """Whether Python leaves an attribute as it is: functions and properties are no members."""
    if isinstance(value, Lambda):
        return True
    named = value.func if isinstance(value, Call) else value
    last = getattr(named, "attr", first_name(named))
    return isinstance(value, Call) and last in _NO_MEMBERS
