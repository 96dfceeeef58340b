"""The top level of a file -> what binds its names, in which order and under which conditions."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cngen.syntax.facts import (
    Assign,
    Attribute,
    BinOp,
    Block,
    Branch,
    ClassDef,
    Compare,
    Constant,
    Expr,
    FString,
    FunctionDef,
    Import,
    Name,
    Other,
    Sequence,
    Statement,
    UnaryOp,
    free_names,
)

OWN_NAMES = frozenset(
    {
        "__annotations__", "__builtins__", "__cached__", "__dict__", "__doc__", "__file__", "__loader__",
        "__name__", "__package__", "__path__", "__spec__",
    }
)  # fmt: skip
"""What Python binds in every module by itself."""

PYTHONS = ([3, 10], [3, 14])
"""The versions of Python, from and to, for which a store has to be right."""

_IN_PLACE = (
    r"\[[^\]\n]*\]\s*[-+*/|&^%]?=(?!=)"
    r"|\.(?:add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update)\("
)
_CHANGE = re.compile(rf"\bglobal\s+([\w, ]+)|(?<![\w.])(\w+)(?:{_IN_PLACE})")
_ATTRIBUTE_CHANGE = re.compile(rf"(?<![\w.])(\w+)\.(\w+)(?:{_IN_PLACE}|\s*[-+*/|&^%]?=(?!=))")

Succeeds: TypeAlias = Callable[[Import], bool | None]
"""Whether an import is known to succeed, or to fail."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A place where a name is bound: by one of `options`, and if it isn't certain maybe by none."""

    start: int
    options: tuple[Statement, ...]
    is_certain: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Mutation:
    """A place where what a name holds changes, or (through `global`) which value it holds."""

    start: int
    is_rebound: bool


@dataclass(slots=True)
class Bindings:
    """What the top level of one file binds.

    `touched` are names that a statement mentions which isn't read, and may have changed what they hold;
    `changes` are the places where it is changed. `public` is `__all__`, if it is plain.
    """

    by_name: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    changes: Mapping[str, tuple[Mutation, ...]] = field(default_factory=dict)
    public: frozenset[str] | None = None


def bindings_of(body: tuple[Statement, ...], text: str, succeeds: Succeeds) -> Bindings:
    """What the statements of a file bind."""
    found = Bindings()
    for name, binding in _bindings(body, succeeds):
        if name:
            found.by_name.setdefault(name, []).append(binding)
        else:
            found.stars.append(binding)
    for statement in body:
        if isinstance(statement, Other):
            found.touched.update(statement.names - statement.bound)
    found.changes = _changes(text, body, found)
    found.public = _public(found)
    return found


def _bindings(
    body: Iterable[Statement], succeeds: Succeeds, is_certain: bool = True
) -> Iterator[tuple[str, Binding]]:
    """Each name with a binding, in the order of the file; the empty name for a star import."""
    for statement in body:
        match statement:
            case Import(bound=name) if not statement.is_inside:
                yield name, Binding(statement.start, (statement,), is_certain)
            case Assign(target=name, value=value) if value is not None:
                yield name, Binding(statement.start, (statement,), is_certain)
            case ClassDef(name=name) | FunctionDef(name=name):
                yield name, Binding(statement.start, (statement,), is_certain)
            case Other(block=Block() as block):
                yield from _of_block(statement, block, succeeds, is_certain)
            case Other(bound=bound):
                for name in sorted(bound):
                    yield name, Binding(statement.start, (statement,), is_certain)


def _of_block(
    whole: Other, block: Block, succeeds: Succeeds, is_certain: bool
) -> Iterator[tuple[str, Binding]]:
    branches = _possible(block, succeeds)
    is_one = len(branches) == 1 and block.kind in ("if", "try", "with")
    if is_one:
        yield from _bindings(branches[0].body, succeeds, is_certain)
    else:
        is_any = block.kind in ("if", "try")
        yield from _merged(whole, branches, succeeds, is_certain and is_any)
    yield from _bindings(block.always, succeeds, is_certain)
    if block.kind != "try":
        known = {name for name, _ in _bindings(whole_body(block), succeeds)}
        for name in sorted(whole.bound - known):
            yield name, Binding(whole.start, (whole,), is_certain and block.kind == "with")


def whole_body(block: Block) -> Iterator[Statement]:
    """Every statement of a block."""
    for branch in block.branches:
        yield from branch.body
    yield from block.always


def _merged(
    whole: Other, branches: tuple[Branch, ...], succeeds: Succeeds, is_any: bool
) -> Iterator[tuple[str, Binding]]:
    """What one of several branches binds; certain where one of them runs and all bind it."""
    states = [_state(branch.body, succeeds) for branch in branches]
    for name in dict.fromkeys(name for state in states for name in state):
        found = [state[name] for state in states if name in state]
        options = tuple(option for binding in found for option in binding.options)
        is_all = len(found) == len(states) and all(binding.is_certain for binding in found)
        yield name, Binding(whole.start, options, is_any and is_all)


def _state(body: tuple[Statement, ...], succeeds: Succeeds) -> Mapping[str, Binding]:
    """What each name is bound to after some statements."""
    state: dict[str, Binding] = {}
    for name, binding in _bindings(body, succeeds):
        before = state.get(name)
        if before is not None and not binding.is_certain:
            options = (*before.options, *binding.options)
            binding = Binding(binding.start, options, before.is_certain)
        state[name] = binding
    return state


# What runs


def _possible(block: Block, succeeds: Succeeds) -> tuple[Branch, ...]:
    """The branches that may run; one for type checkers counts where no other may bind a name."""
    if block.kind == "try":
        outcome = _outcome(block.branches[0].body, succeeds)
        if outcome is None:
            return block.branches
        handlers = block.branches[1:]
        return block.branches[:1] if outcome or not handlers else handlers
    if block.kind != "if":
        return block.branches
    found: list[Branch] = []
    for branch in block.branches:
        known = _known(branch.test) if branch.test is not None else True
        if known is not False:
            found.append(branch)
        elif _is_for_checkers(branch.test) and not block.branches[-1].body:
            return (branch,)
        if known is True:
            break
    return tuple(found)


def _outcome(body: tuple[Statement, ...], succeeds: Succeeds) -> bool | None:
    """Whether a body runs to its end; None where that isn't known."""
    results = [
        succeeds(statement)
        if isinstance(statement, Import)
        else True
        if isinstance(statement, ClassDef | FunctionDef) or _is_safe(statement)
        else None
        for statement in body
    ]
    return next((result for result in results if result is not True), True)


def _is_safe(statement: Statement) -> bool:
    """Whether an assignment can't fail."""
    return isinstance(statement, Assign) and isinstance(statement.value, Constant | Name)


def _known(test: Expr) -> bool | None:
    """Whether a condition holds on every Python; None where that isn't known."""
    if isinstance(test, Constant):
        return bool(test.value)
    if isinstance(test, UnaryOp) and test.op == "not":
        inner = _known(test.operand)
        return None if inner is None else not inner
    if _is_for_checkers(test):
        return False
    return _by_version(test) if isinstance(test, Compare) else None


def _by_version(test: Compare) -> bool | None:
    """Whether `sys.version_info >= (3, 8)`, or `<`, holds on every Python."""
    right = test.rights[0]
    name = getattr(test.left, "id", getattr(test.left, "attr", ""))
    parts = right.items if isinstance(right, Sequence) else ()
    numbers = [p.value for p in parts if isinstance(p, Constant) and isinstance(p.value, int)]
    if name != "version_info" or test.ops not in ((">=",), ("<",)) or len(numbers) != len(parts):
        return None
    is_new = True if numbers <= PYTHONS[0] else False if numbers > PYTHONS[1] else None
    return is_new if is_new is None or test.ops == (">=",) else not is_new


def _is_for_checkers(test: Expr | None) -> bool:
    """Whether a condition is `TYPE_CHECKING`, which holds for type checkers only."""
    name = getattr(test, "id", getattr(test, "attr", ""))
    return isinstance(test, Name | Attribute) and name == "TYPE_CHECKING"


# What changes in place


def is_changeable(value: Expr | None) -> bool:
    """Whether what an expression makes may be changed in place."""
    match value:
        case Constant() | FString() | Compare():
            return False
        case UnaryOp(operand=operand):
            return is_changeable(operand)
        case BinOp(left=left, right=right):
            return is_changeable(left) or is_changeable(right)
        case Sequence("tuple", items):
            return any(is_changeable(item) for item in items)
    return True


def _changes(
    text: str, body: tuple[Statement, ...], bindings: Bindings
) -> Mapping[str, tuple[Mutation, ...]]:
    """Where names may come to hold something else without a statement of the top level that binds them.

    A function may do so where it is called, or another name for the same value. What looks like a change
    anywhere in the text counts.
    """
    found: dict[str, set[Mutation]] = {}
    runs = _Runs(body)
    for match in _CHANGE.finditer(text):
        places = runs.places(match.start())
        for name in re.findall(r"\w+", match[1] or match[2]):
            changes = {Mutation(place, match[1] is not None) for place in places}
            found.setdefault(name, set()).update(changes)
    waiting = [*found]
    while waiting:
        name = waiting.pop()
        changed = {change for change in found[name] if not change.is_rebound}
        for other in {o for one in bindings.by_name.get(name, ()) for o in _shared(one)}:
            if changed - found.get(other, set()):
                found.setdefault(other, set()).update(changed)
                waiting.append(other)
    return {n: tuple(sorted(places)) for n, places in found.items() if n in bindings.by_name}


def attribute_changes(
    text: str, body: tuple[Statement, ...], is_wanted: Callable[[str], bool]
) -> Iterator[tuple[str, str, int]]:
    """Where a file changes what an attribute of a name holds while it is imported: both names, and the offset.

    Only names that are wanted are looked at: most of what looks like a change is `self.x = ...` in a method.
    """
    matches = list(_ATTRIBUTE_CHANGE.finditer(text))
    wanted = {name for name in {match[1] for match in matches} if is_wanted(name)}
    runs = _Runs(body)
    for match in (match for match in matches if match[1] in wanted):
        for place in runs.places(match.start()):
            yield match[1], match[2], place


class _Runs:
    """Tells where the statements of a file run: those in functions where something mentions these."""

    def __init__(self, body: tuple[Statement, ...]) -> None:
        self._functions = [
            (function.start, function.end, owner)
            for statement in body
            for owner, function in _functions(statement)
        ]
        self._body = body

    def places(self, offset: int) -> set[int]:
        """The place where the code at an offset runs while the file is imported."""
        found = (owner for start, end, owner in self._functions if start <= offset < end)
        owner = next(found, None)
        return {offset} if owner is None else self._mentions({owner})

    def _mentions(self, owners: set[str]) -> set[int]:
        size = 0
        while len(owners) > size:
            size = len(owners)
            for statement in self._body:
                for owner, function in _functions(statement):
                    owners |= {owner} if function.names & owners else set()
        return {s.start for s in self._body if _evaluated(s) & owners}


def _functions(statement: Statement) -> Iterator[tuple[str, FunctionDef]]:
    """The functions that a statement defines, each with the name by which it is reached."""
    if isinstance(statement, FunctionDef):
        yield statement.name, statement
    elif isinstance(statement, ClassDef):
        for inner in statement.body:
            yield from ((statement.name, function) for _, function in _functions(inner))


def _evaluated(statement: Statement) -> set[str]:
    """The names that a statement reads when it runs."""
    match statement:
        case Assign(value=value) if value is not None:
            return free_names(value)
        case ClassDef(bases=bases, decorators=decorators, body=body):
            inner = {name for inside in body for name in _evaluated(inside)}
            return inner.union(*(free_names(part) for part in (*bases, *decorators)))
        case Other(names=names):
            return set(names)
    return set()


def _shared(binding: Binding) -> set[str]:
    """The names that what a binding holds is made of."""
    values = [s.value for s in binding.options if isinstance(s, Assign) and s.value is not None]
    return {name for value in values for name in free_names(value)}


def _public(bindings: Bindings) -> frozenset[str] | None:
    found = bindings.by_name.get("__all__", [])
    if len(found) != 1 or "__all__" in bindings.changes or len(found[0].options) != 1:
        return None
    value = getattr(found[0].options[0], "value", None)
    items = value.items if isinstance(value, Sequence) else ()
    names = [i.value for i in items if isinstance(i, Constant) and isinstance(i.value, str)]
    return frozenset(names) if isinstance(value, Sequence) and len(names) == len(items) else None
