"""Facts as written in one file: statements and expressions as plain values, no libcst objects.

The names follow Python's own `ast`. `start` and `end` are offsets in the decoded text; they don't
take part in equality, so that moving code leaves equal facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    value: "Expr"
    attr: str
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; `text` keeps equal values of different types apart (`1`, `1.0`, `True`)."""

    value: "bool | int | float | complex | str | bytes | None" = field(compare=False)
    text: str
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple or set display; `kind` is the type's name."""

    kind: str
    items: tuple["Expr", ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict display; a None key is a `**` item."""

    items: tuple[tuple["Expr | None", "Expr"], ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Starred:
    value: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword argument; without a name it is a `**` argument."""

    name: str | None
    value: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    func: "Expr"
    args: tuple["Expr", ...]
    keywords: tuple[Keyword, ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Subscript:
    value: "Expr"
    index: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class UnaryOp:
    op: str
    operand: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class BinOp:
    left: "Expr"
    op: str
    right: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Lambda:
    """A lambda without parameters, as `default_factory` takes it."""

    body: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class BoolOp:
    """`left and right`, `left or right`."""

    left: "Expr"
    op: str
    right: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison, which may go on: `0 < a <= b`."""

    left: "Expr"
    ops: tuple[str, ...]
    rights: tuple["Expr", ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class IfExp:
    body: "Expr"
    test: "Expr"
    orelse: "Expr"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """`a:b:c` between brackets."""

    lower: "Expr | None"
    upper: "Expr | None"
    step: "Expr | None"
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Replacement:
    """`{value!r:spec}` in an f-string; the spec is a tuple of strings and of further replacements."""

    value: "Expr"
    conversion: str
    spec: tuple["Expr", ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class FString:
    """An f-string: plain strings and replacements, in order."""

    parts: tuple["Expr", ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """`for target in iterable if conditions` of a comprehension."""

    target: "Expr"
    iterable: "Expr"
    conditions: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`kind` is the type that it makes: list, set, dict or generator. Only one of a dict has keys."""

    kind: str
    key: "Expr | None"
    element: "Expr"
    clauses: tuple[Clause, ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other expression: its text and the names that it reads from outside itself."""

    text: str
    names: tuple[str, ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


Expr: TypeAlias = (
    Name
    | Attribute
    | Constant
    | Sequence
    | Dict
    | Starred
    | Call
    | Subscript
    | UnaryOp
    | BinOp
    | BoolOp
    | Compare
    | IfExp
    | Slice
    | Replacement
    | FString
    | Comprehension
    | Lambda
    | Opaque
)


@dataclass(frozen=True, slots=True)
class Import:
    """One bound name: `from module import name as bound`.

    `level` counts the dots of a relative import. `name` is `*` for a star import (`bound` is empty then),
    None for `import module as bound`, and empty for `import a.b`, which binds `a`. `start` and `end` are
    those of the whole statement (or of the block around it), `place` is where the name is in it.
    """

    module: str
    level: int
    name: str | None
    bound: str
    start: int = field(compare=False)
    end: int = field(default=0, compare=False)
    place: tuple[int, int] = field(default=(0, 0), compare=False)
    is_inside: bool = False
    """Whether it is in a block: the block has it as well, in its place."""


@dataclass(frozen=True, slots=True)
class Assign:
    """`target: annotation = value` with a plain name as target; both parts may be absent."""

    target: str
    annotation: Expr | None
    value: Expr | None
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class SelfAssign:
    """`self.attr = value` in a method, also `self.node.attr = value`; `reads` are what the value reads of `self`.

    `guards` are those that the conditions around it test (or one before it, that returns) and may keep. The
    value `grows` if it is made from the old one in such a way that each run changes it again.
    """

    attr: str
    reads: frozenset[str]
    start: int = field(compare=False)
    end: int = field(compare=False)
    guards: frozenset[str] = frozenset()
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, by position or name; one that `is_named` by name only."""

    name: str
    default: Expr | None
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class FunctionDef:
    """A function: the names that it mentions, and what a `__post_init__` assigns to its object.

    `start` and `end` are those of the whole, decorators included; its name is at `place`. `marks` are
    the dotted names of its decorators.
    Of one whose body is one `return` of a call it has the parameters and what is returned.
    """

    name: str
    start: int = field(compare=False)
    end: int = field(compare=False)
    names: frozenset[str] = frozenset()
    assigns: tuple[SelfAssign, ...] = ()
    place: int = field(default=0, compare=False)
    marks: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] | None = None
    returned: Expr | None = None


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class; `start` and `end` are those of its name."""

    name: str
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expr, ...]
    doc: str | None
    body: tuple["Statement", ...]
    start: int = field(compare=False)
    end: int = field(compare=False)
    type_parameters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Other:
    """A statement of any other kind.

    `names` are the names that it mentions (it may change what they hold), `bound` those that it binds,
    `classes` the classes defined anywhere inside it. `del` is a removal.
    """

    names: frozenset[str]
    classes: tuple[ClassDef, ...]
    start: int = field(compare=False)
    end: int = field(compare=False)
    bound: frozenset[str] = frozenset()
    block: "Block | None" = None
    is_removal: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a block, and the condition under which it runs, where one is written."""

    body: tuple["Statement", ...]
    test: Expr | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The statements in an `if`, `try`, `with`, loop or `match` (`kind`), by branch.

    Of an `if` the last branch is what else runs, of a `try` the first is its body with what follows it
    where nothing fails, and the others are the handlers. `always` runs at the end.
    """

    kind: str
    branches: tuple[Branch, ...]
    always: tuple["Statement", ...] = ()


Statement: TypeAlias = Import | Assign | FunctionDef | ClassDef | Other


@dataclass(frozen=True, slots=True)
class Code:
    """A rule's code in a comment."""

    text: str
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment `# cngen: ignore[CN201]`; `word` is what is after `cngen:`, `codes` those in brackets.

    One that is spelled in another way, as `# Cngen ignore[CN201]`, has all before the brackets as its word.
    """

    word: str
    codes: tuple[Code, ...]
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Module:
    """The facts of one file. Imports inside `if` and `try` are treated like those at the top level."""

    body: tuple[Statement, ...]
    ignores: tuple[Ignore, ...] = ()


def first_name(expression: Expr) -> str:
    """`a` of `a.b.c`; empty for what doesn't begin with a name."""
    while isinstance(expression, Attribute):
        expression = expression.value
    return expression.id if isinstance(expression, Name) else ""


def parts(expression: Expr) -> tuple[Expr | Keyword, ...]:
    """What an expression is made of; what is opaque has no parts."""
    match expression:
        case Sequence(items=found) | FString(parts=found):
            return found
        case Call(func=func, args=args, keywords=keywords):
            return (func, *args, *keywords)
        case Dict(items=pairs):
            return tuple(part for pair in pairs for part in pair if part is not None)
        case Comprehension(key=key, element=element, clauses=clauses):
            made = (element,) if key is None else (key, element)
            return (*made, *(part for clause in clauses for part in _clause(clause)))
    return _operands(expression)


def _operands(expression: Expr) -> tuple[Expr, ...]:
    match expression:
        case Attribute(value=a) | Starred(value=a) | UnaryOp(operand=a) | Lambda(body=a):
            return (a,)
        case Subscript(value=a, index=b) | BinOp(left=a, right=b) | BoolOp(left=a, right=b):
            return (a, b)
        case Compare(left=a, rights=rest) | Replacement(value=a, spec=rest):
            return (a, *rest)
        case IfExp(a, b, c):
            return (a, b, c)
        case Slice(lower, upper, step):
            return tuple(part for part in (lower, upper, step) if part is not None)
    return ()


def _clause(clause: Clause) -> tuple[Expr, ...]:
    return (clause.target, clause.iterable, *clause.conditions)


def free_names(expression: Expr) -> set[str]:
    """The names that an expression reads."""
    match expression:
        case Name(id=name):
            return {name}
        case Opaque(names=names):
            return set(names)
        case Comprehension(clauses=clauses):
            bound = {name for clause in clauses for name in free_names(clause.target)}
            first = clauses[0].iterable
            rest = (part for part in parts(expression) if part is not first)
            return _free(rest) - bound | free_names(first)
    return _free(parts(expression))


def _free(expressions: Iterable[Expr | Keyword]) -> set[str]:
    return {
        name
        for part in expressions
        for name in free_names(part.value if isinstance(part, Keyword) else part)
    }


def mentioned_names(statement: Statement) -> set[str]:
    """The names that a statement reads or may read, those in the bodies of functions and classes included."""
    match statement:
        case Assign(_, annotation, value):
            return {name for part in (annotation, value) if part for name in free_names(part)}
        case FunctionDef(names=names) | Other(names=names):
            return set(names)
        case ClassDef(bases=bases, decorators=decorators, body=body):
            inner = (mentioned_names(part) for part in body)
            return {name for part in (*bases, *decorators) for name in free_names(part)}.union(
                *inner
            )
    return set()
