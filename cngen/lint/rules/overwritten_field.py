"""CN215."""

from collections.abc import Iterator

from cngen.compose.spots import ANY_KEY as ANY_ITEM
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.lint.queries.bodies import class_of
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.types import DictType, ListType, NodeType, Type, without_none
from cngen.syntax.facts import FunctionDef, SelfAssign


class OverwrittenField(Rule):
    """A `__post_init__` assigns a field that the command line can set as well.

    ## What it does
    Finds assignments in a node's `__post_init__` to its own fields, and to those of nodes that it holds: those
    that replace the value, and those that change it again each time they run. A condition that tests the field
    itself (`if self.warmup is None:`) and a conversion (`self.root = Path(self.root)`) are fine; a condition that
    replaces every other value (`if self.keep != 0.1: self.keep = 0.1`) isn't.

    ## Why is it bad
    The object is created from the composed config, so the method runs after the command line was read: `warmup=5`
    is accepted, shown in the log, and then replaced. And it runs more than once: for a node inside another when
    the store is imported, and again in `OmegaConf.to_object`.

    ## Example
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000
        warmup: int = 0

        def __post_init__(self) -> None:
            self.steps = self.steps * 2
            self.warmup = self.steps // 10
    ```

    ## Use instead
    ```python
    # cn/train.py
    from cngen import CN

    class Train(CN):
        steps: int = 1000
        warmup: int | None = None

        def __post_init__(self) -> None:
            if self.warmup is None:
                self.warmup = self.steps // 10

        @property
        def total(self) -> int:
            return self.steps * 2
    ```
    """

    id = RuleId("CN215", "overwritten-field", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such assignment in a method that a node itself writes."""
        for node in tree.nodes.values():
            definition = class_of(tree, node) if node.behaviour is not None else None
            for method in definition.body if definition is not None else ():
                for assign in method.assigns if isinstance(method, FunctionDef) else ():
                    yield from self._judged(tree, node, assign)

    def _judged(self, tree: Tree, node: Node, assign: SelfAssign) -> Iterator[Diagnostic]:
        path = assign.attr
        if path in assign.guards or not _is_field(tree, frozenset({node.key}), path.split(".")):
            return
        span = Span(node.span.file, assign.start, assign.end)
        if assign.grows:
            message = f"`__post_init__` changes `{path}` each time it runs, which is more than once"
            hint = f"keep `{path}` as it is, and compute a property from it"
            yield self.found(span, message, hint)
        elif not any(f"{path}.".startswith(f"{read}.") for read in assign.reads):
            message = f"`__post_init__` overwrites `{path}`, also where the command line sets it"
            hint = f"make it a property, or assign it only `if self.{path} is None`"
            if "." in path:
                hint = f'make `{path}` a reference, such as `ref("key")`, or compute it in its own class'
            yield self.found(span, message, hint)


def _is_field(tree: Tree, nodes: frozenset[str], path: list[str]) -> bool:
    """Whether a path leads to a field through nodes that some nodes hold."""
    if not path or path[0] == ANY_ITEM:
        return False
    fields = [f for key in nodes if (f := tree.nodes[key].field(path[0])) is not None]
    if len(path) == 1 or not fields:
        return bool(fields)
    held, rest = [_held(tree, field.type) for field in fields], path[1:]
    direct = frozenset().union(*(nodes for nodes, is_item in held if not is_item))
    items = frozenset().union(*(nodes for nodes, is_item in held if is_item))
    return _is_field(tree, direct, rest) or (len(rest) > 1 and _is_field(tree, items, rest[1:]))


def _held(tree: Tree, written: Type) -> tuple[frozenset[str], bool]:
    """The nodes that a field may hold, and whether as items of a list or a dict."""
    held, is_item = without_none(written), False
    if isinstance(held, ListType):
        held, is_item = without_none(held.item), True
    elif isinstance(held, DictType):
        held, is_item = without_none(held.value), True
    if not isinstance(held, NodeType):
        return frozenset(), is_item
    return frozenset(n.key for n in tree.nodes.values() if held.node in n.lineage), is_item
