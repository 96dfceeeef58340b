"""CN203."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Span
from cngen.hydra.fitting import misfit
from cngen.lint.queries.bodies import written_as
from cngen.lint.queries.qualified_names import known_as
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.lint.wording import members_like, shown_value, type_text, value_hint, whole_number
from cngen.model.tree import Tree
from cngen.model.types import EnumType, ScalarType, Type, without_none
from cngen.model.values import Scalar, Value
from cngen.syntax.facts import Constant, UnaryOp


class TypeMismatch(Rule):
    """A value doesn't fit the type of its field.

    ## What it does
    Compares every default, every argument of a node and every value of an experiment with the annotation, without
    the conversions that Hydra makes.

    ## Why is it bad
    Hydra converts some such values and refuses others when the store is imported or a job starts. A float for an
    `int` fails even if it is whole, like `1e6`; an enum is set by the name of a member, not by its value; `None`
    needs a type that includes it. In each case the config differs from the source.

    ## Example
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = "16"
        FULL = "32"

    class Train(CN):
        steps: int = 1e6
        precision: Precision = "32"
    ```

    ## Use instead
    ```python
    # cn/train.py
    from enum import Enum

    from cngen import CN

    class Precision(Enum):
        HALF = "16"
        FULL = "32"

    class Train(CN):
        steps: int = 1_000_000
        precision: Precision = Precision.FULL
    ```
    """

    id = RuleId("CN203", "type-mismatch")
    former_names = ("value-type",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every default and every argument of an instance."""
        for node, name, written, value in written_values(tree):
            found = misfit(tree, written, value)
            if found is not None:
                wanted, wrong = found
                asked, value_said = type_text(tree, wanted), shown_value(tree, wrong)
                message = f"`{node.name}.{name}` expects `{asked}`, got {value_said}"
                fix = _fix(tree, name, without_none(wanted), wrong)
                yield self.found(wrong.span, message, value_hint(tree, wanted, wrong), fix)


def _fix(tree: Tree, name: str, wanted: Type, value: Value) -> Fix | None:
    """The same value as the type wants it, where it is written out for this field."""
    if not isinstance(value, Scalar) or not isinstance(wanted, ScalarType | EnumType):
        return None
    written = written_as(tree, name, value.span)
    path, start, end = value.span
    if not isinstance(written, Constant | UnaryOp):
        return None
    if isinstance(wanted, EnumType):
        members = members_like(tree.enums[wanted.enum], value)
        known = known_as(tree, path, wanted.enum) if len(members) == 1 else ""
        return Fix((Edit(value.span, f"{known}.{members[0]}"),)) if known else None
    if wanted.name == "int" and whole_number(value) is not None:
        return Fix((Edit(value.span, f"{whole_number(value):_}"),))
    if wanted.name == "Path" and isinstance(value.value, str):
        known = known_as(tree, path, "pathlib.Path")
        before, after = Span(path, start, start), Span(path, end, end)
        return Fix((Edit(before, f"{known}("), Edit(after, ")"))) if known else None
    return None
