"""The tree of a `__post_init__` -> what it writes into its object and into the nodes that this holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

import libcst as cst

from cngen.syntax.names_in import descend

_SETTLING = (cst.ModuloAssign, cst.BitAndAssign, cst.BitOrAssign)
_GROWING = (
    cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.FloorDivide, cst.Power, cst.LeftShift, cst.RightShift,
    cst.BitXor, cst.MatrixMultiply,
)  # fmt: skip
_ROUNDING = (cst.Modulo, cst.FloorDivide)
_CONVERSIONS = frozenset({"str", "int", "float", "list", "tuple", "Path"})
"""Calls through which a value still is what it was."""

_APPENDING = frozenset({"append", "extend", "insert"})
_MARKS: Mapping[type[cst.CSTNode], str] = {
    cst.Assign: r"=(?!=)",
    cst.AugAssign: r"(?:\*\*|//|>>|<<|[-+*/%@&|^])=",
    cst.AnnAssign: r":(?:[^:=\n]|(?<=\\)\n)+=(?!=)",
    cst.Call: r"\.(?:\s|\\\n)*(?:append|extend|insert)\b",
}
"""What is after the target of a statement, as a pattern."""

_VIEWS = frozenset({"values", "copy"})
_CODE = cst.Module(body=())
ANY_ITEM = "*"
"""Stands in a path for an item of a list, or for a key that isn't written out."""

_Write = cst.Assign | cst.AugAssign | cst.AnnAssign | cst.Call


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition around a statement, whether it holds there, and what it reads; none for a `match`."""

    test: cst.BaseExpression | None
    holds: bool
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Write:
    """`self.a = value`, or an `append` to it; `path` has dots, `text` is the target as written,
    and `mark` a pattern of what is after it.

    `reads` are the paths that the value reads, `guards` those of which a condition around it may keep
    what is there. It `grows` if each run changes the value once more.
    """

    path: str
    text: str
    mark: str
    reads: frozenset[str]
    guards: frozenset[str]
    grows: bool


@dataclass(slots=True)
class _Names:
    """What the names in a method stand for: the object, what lies in it, or what was made of that."""

    paths: dict[str, str] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)


def writes(node: cst.FunctionDef) -> Iterator[Write]:
    """What a method writes, in source order."""
    parameters = (*node.params.posonly_params, *node.params.params)
    if not parameters:
        return
    names = _Names({parameters[0].name.value: ""})
    for found, guards in _guarded(node, names):
        if isinstance(found, cst.Assign | cst.AugAssign | cst.AnnAssign):
            value = found.value
            targets = (
                [t.target for t in found.targets]
                if isinstance(found, cst.Assign)
                else [found.target]
            )
            for target in targets if value is not None else ():
                yield from _written(found, target, guards, names)
                if not isinstance(found, cst.AugAssign):
                    _bind(names, target, value)
        elif isinstance(found, cst.For):
            _bind(names, found.target, found.iter, is_item=True)
        elif isinstance(found, cst.Call) and _is_appending(func := found.func):
            yield from _written(found, func.value, guards, names)


def _is_appending(func: cst.BaseExpression) -> TypeGuard[cst.Attribute]:
    return isinstance(func, cst.Attribute) and func.attr.value in _APPENDING


def _written(
    found: _Write, target: cst.BaseExpression, guards: tuple[Guard, ...], names: _Names
) -> Iterator[Write]:
    path = _path(target, names)
    is_local = isinstance(target, cst.Name) and not isinstance(found, cst.Call)
    if not path or path.endswith(ANY_ITEM) or is_local:
        return
    reads, value = _reads(found, names), None
    if isinstance(found, cst.Assign | cst.AugAssign | cst.AnnAssign):
        reads, value = (_reads(found.value, names) if found.value else frozenset()), found.value
    if not isinstance(found, cst.Assign | cst.AnnAssign):
        reads |= {path}
    protecting = {
        p for g in guards for p in g.reads if p != path or not _is_vain(g, path, value, names)
    }
    grows = path in reads and _grows(found, path, names)
    if grows:
        protecting = {p for g in guards for p in g.reads if p != path or _settles(g, path, names)}
    text, mark = _CODE.code_for_node(target), _MARKS[type(found)]
    yield Write(path, text, mark, reads, frozenset(protecting), grows)


def _bind(
    names: _Names,
    target: cst.BaseExpression,
    value: cst.BaseExpression | None,
    is_item: bool = False,
) -> None:
    """Let a local name stand for what it is set to."""
    if not isinstance(target, cst.Name) or value is None:
        return
    path = _path(value, names)
    names.paths.pop(target.value, None)
    if path:
        names.paths[target.value] = f"{path}.{ANY_ITEM}" if is_item else path
    names.reads[target.value] = _reads(value, names)


def _path(node: cst.BaseExpression, names: _Names) -> str | None:
    """Where in the object an expression lies, empty for itself; None if it is anything else."""
    match node:
        case cst.Name(value):
            return names.paths.get(value)
        case cst.Attribute(value, attr):
            return _joined(_path(value, names), attr.value)
        case cst.Subscript(value, slice=[cst.SubscriptElement(cst.Index(index))]):
            is_text = isinstance(index, cst.SimpleString) and isinstance(index.evaluated_value, str)
            key = str(index.evaluated_value) if is_text else ANY_ITEM  # type: ignore[attr-defined]
            return _joined(_path(value, names), key)
        case cst.Call(cst.Attribute(value, cst.Name(view)), args=[]) if view in _VIEWS:
            return _path(value, names)
    return None


def _joined(above: str | None, name: str) -> str | None:
    return None if above is None else f"{above}.{name}" if above else name


def _reads(node: cst.CSTNode, names: _Names) -> frozenset[str]:
    """The paths that something reads, those above them not included."""
    found: set[str] = set()
    for inner in descend(node):
        if isinstance(inner, cst.Attribute | cst.Subscript):
            found |= {path for path in [_path(inner, names)] if path}
        elif isinstance(inner, cst.Name):
            found |= names.reads.get(inner.value, frozenset())
            found |= {path for path in [names.paths.get(inner.value)] if path}
    return frozenset(found)


# Conditions


def _guarded(
    node: cst.FunctionDef, names: _Names
) -> Iterator[tuple[cst.CSTNode, tuple[Guard, ...]]]:
    """Everything in a function, in source order, each with the conditions around it or before it."""
    waiting: list[tuple[cst.CSTNode, tuple[Guard, ...]]] = [(node, ())]
    while waiting:
        current, guards = waiting.pop()
        yield current, guards
        below: list[tuple[cst.CSTNode, tuple[Guard, ...]]] = []
        for child in current.children:
            inner = guards
            if isinstance(current, cst.If | cst.While):
                holds = child is not current.orelse
                inner = (*guards, Guard(current.test, holds, _reads(current.test, names)))
            elif isinstance(current, cst.Match):
                inner = (*guards, Guard(None, True, _reads(current.subject, names)))
            below.append((child, inner))
            if isinstance(child, cst.If) and _returns(child):
                guards = (*guards, Guard(child.test, False, _reads(child.test, names)))
        waiting.extend(reversed(below))


def _returns(node: cst.If) -> bool:
    """Whether a condition ends the function where it holds."""
    last = node.body.body[-1] if node.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, cst.Return)


def _leaves(test: cst.BaseExpression, holds: bool) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The single conditions of a condition, and whether each is wanted to hold."""
    match test:
        case cst.UnaryOperation(cst.Not(), operand):
            yield from _leaves(operand, not holds)
        case cst.BooleanOperation(left, _, right):
            yield from _leaves(left, holds)
            yield from _leaves(right, holds)
        case _:
            yield test, holds


def _is_vain(guard: Guard, path: str, value: cst.BaseExpression | None, names: _Names) -> bool:
    """Whether a condition on a path keeps no value but the one that is assigned where it holds, or None."""
    if guard.test is None or value is None:
        return False
    found = [leaf for leaf in _leaves(guard.test, guard.holds) if path in _reads(leaf[0], names)]
    is_single = not isinstance(_inside_not(guard.test), cst.BooleanOperation)
    return bool(found) and all(
        _keeps_only(leaf, holds, path, value, names)
        or (is_single and _is_presence(leaf, path, names) is holds)
        for leaf, holds in found
    )


def _inside_not(test: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(test, cst.UnaryOperation):
        test = test.expression
    return test


def _keeps_only(
    test: cst.BaseExpression, holds: bool, path: str, value: cst.BaseExpression, names: _Names
) -> bool:
    """`self.a != 1` around `self.a = 1`, and `not self.a` around `self.a = True`."""
    if _path(test, names) == path:
        return not holds and _text(value) == "True"
    other = _compared(test, path, names)
    if other is None:
        return False
    operator, right = other
    differs = isinstance(operator, cst.NotEqual | cst.IsNot)
    is_known = differs or isinstance(operator, cst.Equal | cst.Is)
    return is_known and differs == holds and _text(right) == _text(value)


def _is_presence(test: cst.BaseExpression, path: str, names: _Names) -> bool | None:
    """Whether a condition tests that there is something (or, where it is False, nothing); None for others."""
    if _path(test, names) == path:
        return True
    other = _compared(test, path, names)
    if other is None or _text(other[1]) != "None":
        return None
    if isinstance(other[0], cst.IsNot | cst.NotEqual):
        return True
    return False if isinstance(other[0], cst.Is | cst.Equal) else None


def _compared(
    test: cst.BaseExpression, path: str, names: _Names
) -> tuple[cst.BaseCompOp, cst.BaseExpression] | None:
    """The operator and the other side of a comparison of a path with one other value."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    operator, right = test.comparisons[0].operator, test.comparisons[0].comparator
    if _path(test.left, names) == path:
        return operator, right
    return (operator, test.left) if _path(right, names) == path else None


def _settles(guard: Guard, path: str, names: _Names) -> bool:
    """Whether a condition may no longer hold once a value has grown: not one that there is a value."""
    if guard.test is None:
        return True
    leaves = [leaf for leaf, _ in _leaves(guard.test, True) if path in _reads(leaf, names)]
    return any(_is_presence(leaf, path, names) is None for leaf in leaves)


def _text(node: cst.CSTNode) -> str:
    return "".join(_CODE.code_for_node(node).split()).strip("()")


# Values


def _grows(found: _Write, path: str, names: _Names) -> bool:
    """Whether what reads the value that it replaces changes it again in each run."""
    if isinstance(found, cst.Call):
        return True
    if isinstance(found, cst.AugAssign):
        return not isinstance(found.operator, _SETTLING)
    return found.value is not None and _is_growing(found.value, path, names)


def _is_growing(value: cst.BaseExpression, path: str, names: _Names) -> bool:
    """The same of an expression. A call may be a conversion, which leaves its own result alone."""
    match value:
        case cst.IfExp(test, body, orelse):
            guard = Guard(test, True, _reads(test, names))
            is_settled = path in guard.reads and _settles(guard, path, names)
            return not is_settled and any(_is_growing(v, path, names) for v in (body, orelse))
        case cst.BooleanOperation(_, _, right):
            return _is_growing(right, path, names)
        case cst.BinaryOperation(left, cst.Modulo()):
            is_text = isinstance(left, cst.SimpleString | cst.ConcatenatedString)
            return is_text and path in _reads(value, names)
        case cst.BinaryOperation(_, operator):
            is_growing = isinstance(operator, _GROWING) and not _is_rounded(value)
            return is_growing and path in _read_plainly(value, names)
        case cst.List(elements) | cst.Tuple(elements):
            return any(_path(element.value, names) == path for element in elements)
        case cst.FormattedString():
            return path in _read_plainly(value, names)
        case cst.Call(cst.Attribute(cst.SimpleString(), cst.Name("format"))):
            return path in _read_plainly(value, names, frozenset({"format"}))
        case cst.Call(cst.Attribute(_, cst.Name("join")), args=[_, *others]):
            return any(_path(argument.value, names) == path for argument in others)
    return False


def _is_rounded(value: cst.BinaryOperation) -> bool:
    """Whether a part of a sum or product rounds: `n // 8 * 8` is the same in the next run."""
    parts = (part for part in descend(value) if isinstance(part, cst.BinaryOperation))
    return any(isinstance(part.operator, _ROUNDING) for part in parts if part is not value)


def _read_plainly(
    value: cst.CSTNode, names: _Names, through: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The paths that a value reads, but for those that a call may have changed."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Attribute | cst.Subscript | cst.Name):
            found |= _reads(current, names)
        elif not isinstance(current, cst.Call) or _called(current) in _CONVERSIONS | through:
            waiting.extend(current.children)
    return frozenset(found)


def _called(call: cst.Call) -> str:
    """The last name of what a call calls."""
    name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return name.value if isinstance(name, cst.Name) else ""
