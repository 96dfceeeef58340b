"""CN217."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.project.sources import module_name
from cngen.reading.enums import is_member_name
from cngen.syntax.facts import Assign, ClassDef, Constant, Expr, FunctionDef, Sequence, UnaryOp


class EnumAlias(Rule):
    """Two members of an enum have equal values, so the second is an alias of the first.

    ## What it does
    Finds members of the tree's own enums whose value equals an earlier one's, as Python compares them: `1`, `1.0`
    and `True` are equal. An alias that is written as one (`SLOW = FAST`) is fine.

    ## Why is it bad
    Python makes the later name an alias of the earlier member: `Mode.SLOW` is `Mode.FAST`. A config with
    `mode=SLOW` runs as `FAST`, and logs `FAST`.

    ## Example
    ```python
    # cn/run.py
    from enum import Enum

    from cngen import CN

    class Mode(Enum):
        FAST = 1
        SLOW = 1

    class Run(CN):
        mode: Mode = Mode.SLOW
    ```

    ## Use instead
    ```python
    # cn/run.py
    from enum import Enum

    from cngen import CN

    class Mode(Enum):
        FAST = 1
        SLOW = 2

    class Run(CN):
        mode: Mode = Mode.SLOW
    ```
    """

    id = RuleId("CN217", "enum-alias", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every member that is an alias."""
        if not tree.enums:
            return
        for path, module in tree.modules.items():
            dotted = module_name(path, tree.settings)
            for definition in module.body:
                if isinstance(definition, ClassDef) and f"{dotted}.{definition.name}" in tree.enums:
                    yield from self._enum(path, definition)

    def _enum(self, path: str, definition: ClassDef) -> Iterator[Diagnostic]:
        if any(isinstance(s, FunctionDef) and s.name == "__new__" for s in definition.body):
            return  # it makes the values
        seen: dict[object, str] = {}
        for statement in definition.body:
            if not isinstance(statement, Assign) or not is_member_name(statement.target):
                continue
            value = _literal(statement.value)
            if value is None:
                continue
            first = seen.setdefault(value, statement.target)
            if first != statement.target:
                name = definition.name
                message = f"`{name}.{statement.target}` has the same value as `{name}.{first}`, and is an alias of it"
                span = Span(path, statement.start, statement.end)
                yield self.found(span, message, "give it another value, or remove it")


def _literal(expression: Expr | None) -> object:
    """The value of a literal, something hashable; None for anything else."""
    match expression:
        case Constant(value):
            return value
        case UnaryOp("-", Constant(int() | float() as value)):
            return -value
        case Sequence(("tuple" | "list") as kind, items):
            inner = [_literal(item) for item in items]
            return None if None in inner else (kind, *inner)
    return None
