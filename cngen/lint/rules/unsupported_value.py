"""CN222."""

from collections.abc import Iterable, Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import (
    ANY,
    DictType,
    ListType,
    OtherType,
    TupleType,
    Type,
    UnionType,
    is_class_type,
)
from cngen.model.values import Instance, Items, Scalar, Table, Unheld, Value

_HINTS = {
    "range": "write `list(range(...))`",
    "generator": "write a list",
    "set": "write a list, or annotate it with the type of the set: `set[int]`",
    "function": "write its dotted name as a string, for the code that uses it to import",
    "class": "write its dotted name as a string, for the code that uses it to import",
    "OrderedDict": "write a dict: it keeps its order",
    "defaultdict": "write a dict",
    "Decimal": "write a string or a float",
    "Fraction": "write a string or a float",
    "PurePosixPath": "write `Path(...)`",
    "PurePath": "write `Path(...)`",
    "bytearray": "write `bytes`",
    "frozenset": "write a list",
    "Pattern": "write the pattern as a string, and compile it in the code that uses it",
    "datetime": 'write it as a string: `"2020-01-02"`',
    "date": 'write it as a string: `"2020-01-02"`',
    "timedelta": "write a number of seconds",
}


class UnsupportedValue(Rule):
    """A value has a type that no config can hold.

    ## What it does
    Finds dates, decimals, functions, named tuples, objects of plain classes, ranges and anything else that isn't
    a plain value, a path, a member of an enum, a list, a dict or a node, also inside lists and dicts, in nodes
    and in experiments. Classes are reported even if the annotation asks for one (`type[Model]`).

    ## Why is it bad
    OmegaConf refuses such values, in a field of type `Any` too (`Value 'datetime' is not a supported
    primitive type`). The store could not be imported.

    ## Example
    ```python
    # cn/run.py
    from datetime import datetime
    from typing import Any

    from cngen import CN

    class Run(CN):
        start: Any = datetime(2020, 1, 2)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from typing import Any

    from cngen import CN

    class Run(CN):
        start: Any = "2020-01-02"
    ```
    """

    id = RuleId("CN222", "unsupported-value")
    former_names = ("unheld-value",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such value, and every part of one."""
        for node, name, written, value in written_values(tree):
            for kind, part in _unheld(written, value):
                place = f"`{node.name}.{name}`"
                message = f"no config can hold the `{kind}` in {place}"
                hint = _HINTS.get(kind, "write plain values, and create the object where it is used")  # fmt: skip
                yield self.found(part.span, message, hint)


def _unheld(written: Type, value: Value) -> Iterator[tuple[str, Value]]:
    """The parts of a value that no config can hold, each with the name of its type."""
    if isinstance(written, UnionType):
        kinds = (DictType,) if isinstance(value, Table) else (ListType, TupleType)
        found = next((member for member in written.members if isinstance(member, kinds)), None)
        written = found or next((m for m in written.members if is_class_type(m)), written)
    match value:
        case Unheld(kind=kind):
            yield kind, value
        case Scalar(complex()) if isinstance(written, OtherType) or written == ANY:
            yield "complex", value
        case Items(kind, items):
            if kind == "set" and not isinstance(written, ListType):
                yield "set", value
                return
            for number, item in enumerate(items):
                yield from _unheld(_item_type(written, number), item)
        case Table(items=pairs):
            inner = written.value if isinstance(written, DictType) else ANY
            yield from _unheld_keys(key for key, _ in pairs)
            for _, item in pairs:
                yield from _unheld(inner, item)
        case Instance(is_bare=True) if is_class_type(written):
            yield "class", value


def _unheld_keys(keys: Iterable[Value]) -> Iterator[tuple[str, Value]]:
    for key in keys:
        if isinstance(key, Items | Unheld):
            yield key.kind, key
        elif isinstance(key, Scalar) and isinstance(key.value, complex | None):
            yield type(key.value).__name__, key


def _item_type(written: Type, number: int) -> Type:
    match written:
        case ListType(item):
            return item
        case TupleType(items, is_open) if items:
            return items[0] if is_open else items[min(number, len(items) - 1)]
    return ANY
