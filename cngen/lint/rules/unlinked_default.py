"""CN218."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.defaults import choices, effective, origin
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.rule import Rule
from cngen.lint.wording import shown_value
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import EnumMember, Instance, PathValue, Scalar, Value

_LABELS = frozenset({"_target_", "kind", "name", "type"})
"""Fields that name a node: they differ because the nodes do."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A field in a composed config; `origin` is the farthest base that has it."""

    path: tuple[str, ...]
    origin: str
    node: Node
    field: Field
    value: Value
    span: Span


class UnlinkedDefault(Rule):
    """Two fields with the same name in one config have different defaults.

    ## What it does
    Compares, in each composed primary config, the fields of one name that different nodes declare:
    `action_horizon` is 4 in one node and 10 in another. Entries of one dict may differ, and so may `name`, `type`
    and `kind`. Off by default, because it can't know which fields mean the same: select its whole code to turn it
    on.

    ## Why is it bad
    A value that must be equal in two places is written twice. The next edit, or a command line, changes only one
    of them.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Data(CN):
        action_horizon: int = 10

    class Policy(CN):
        action_horizon: int = 4

    class Run(CN):
        data: Data = Data()
        policy: Policy = Policy()
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN, ref

    class Data(CN):
        action_horizon: int = 10

    class Policy(CN):
        action_horizon: int = 4

    class Run(CN):
        data: Data = Data()
        policy: Policy = Policy(action_horizon=ref("data.action_horizon"))
    ```
    """

    id = RuleId("CN218", "unlinked-default", Severity.WARNING)
    default = False

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each later one of two such fields, once for every two nodes that declare them."""
        seen: set[tuple[str, str, str]] = set()
        for node in tree.nodes.values():
            if node.group or node.option is None:
                continue
            named: dict[str, list[_Place]] = {}
            for place in _places(tree, node, None, (), ()):
                named.setdefault(place.field.name, []).append(place)
            for name, places in named.items():
                ordered = sorted(places, key=lambda p: p.span)
                for number, later in enumerate(ordered):
                    first = next((p for p in ordered[:number] if _differ(p, later)), None)
                    key = (name, first.origin, later.origin) if first is not None else None
                    if first is not None and key is not None and key not in seen:
                        seen.add(key)
                        yield self._unlinked(tree, node, first, later)

    def _unlinked(self, tree: Tree, node: Node, first: _Place, later: _Place) -> Diagnostic:
        here, there = shown_value(tree, later.value), shown_value(tree, first.value)
        path, other = ".".join(later.path), ".".join(first.path)
        message = f"`{path}` is {here} in `{node.name}`, but `{other}` is {there}"
        hint = f'if they mean the same, link them: `ref("{other}")`'
        return self.found(later.span, message, hint)


def _differ(one: _Place, other: _Place) -> bool:
    return (
        one.value != other.value
        and one.origin != other.origin
        and not _are_entries(one.path, other.path)
    )


def _are_entries(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two places lie in different entries of one dict, whose packages are `heads.left`."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return "." in a and a.partition(".")[0] == b.partition(".")[0]
    return False


def _places(
    tree: Tree,
    node: Node,
    given: Instance | None,
    path: tuple[str, ...],
    around: tuple[str, ...],
) -> Iterator[_Place]:
    """The plain values of a node and of those below it; `around` are the nodes that hold it."""
    if node.key in around:
        return
    for field in node.fields:
        argument = given.get(field.name) if given is not None else None
        value = argument if argument is not None else effective(tree, field)
        if field.name in _LABELS or not isinstance(value, Scalar | EnumMember | PathValue):
            continue
        if isinstance(value, Scalar) and value.value is None:
            continue
        first = origin(tree, node, field.name)
        span = argument.span if argument is not None else field.span
        yield _Place((*path, field.name), first, node, field, value, span)
    for choice in choices(tree, node, given):
        if isinstance(choice.value, Instance):
            inner = tree.nodes[choice.value.node]
            below = (*path, choice.package)
            yield from _places(tree, inner, choice.value, below, (*around, node.key))
