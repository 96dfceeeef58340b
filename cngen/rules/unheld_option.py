"""CN302."""

from collections.abc import Iterator

from cngen.composition import Choice, choices
from cngen.diagnostic import Diagnostic
from cngen.model import Instance, Node, NodeType, Tree, node_dict_type, node_type
from cngen.rules.base import Rule


class UnheldOption(Rule):
    """A config group has an option that a field which selects from it couldn't hold.

    ## What it does
    Compares the options of each group with the annotations of the fields that select from it. Told
    once for each option, with the first such field.

    ## Why is it bad
    The option is offered in `--help` and swept over by `glob(*)`, but choosing it fails when the job
    starts.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = Optimizer()
    ```

    ## Use instead
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1
    # cn/schedule/base.py
    from cngen import CN

    class Cosine(CN):
        warmup: int = 100
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import Optimizer
    from cn.schedule.base import Cosine

    class Run(CN):
        optimizer: Optimizer = Optimizer()
        schedule: Cosine = Cosine()
    ```
    """

    code = "CN302"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each such option once, with the first field that couldn't hold it."""
        seen: set[tuple[str, str]] = set()
        told: set[tuple[str, str]] = set()
        for node in tree.nodes.values():
            for group, annotated, name in _selections(tree, node):
                if (group, annotated.node) in seen:
                    continue
                seen.add((group, annotated.node))
                for option, chosen in tree.options(group).items():
                    if tree.is_a(chosen.key, annotated.node) or (group, option) in told:
                        continue
                    told.add((group, option))
                    place, base = (
                        f"`{_annotates(tree, node, name)}.{name}`",
                        tree.nodes[annotated.node].name,
                    )
                    message = f"`{group}={option}` can't be chosen for {place}: `{chosen.name}` is no `{base}`"
                    hint = f"let it inherit from `{base}`, move it to another group, or widen the annotation"
                    yield self.found(chosen.span, message, hint)


def _selections(tree: Tree, node: Node) -> Iterator[tuple[str, NodeType, str]]:
    """The groups from which a node's own fields select, with the annotated node."""
    for choice in choices(tree, node):
        field = node.field(choice.package.partition(".")[0])
        if field is not None and field.name in node.declared and choice.group:
            annotated = node_type(field.type) or node_dict_type(field.type)
            if annotated is not None and annotated.node in tree.nodes:
                if tree.nodes[annotated.node].is_experiment or not _is_held(
                    tree, choice, annotated
                ):
                    continue  # told by other rules
                yield choice.group, annotated, field.name


def _annotates(tree: Tree, node: Node, name: str) -> str:
    """The farthest base whose field has the same annotation: a subclass may only set it."""
    written = node.field(name)
    fields = [(tree.nodes[key], tree.nodes[key].field(name)) for key in node.lineage]
    same = [
        n for n, f in fields if f is not None and written is not None and f.type == written.type
    ]
    return same[-1].name


def _is_held(tree: Tree, choice: Choice, annotated: NodeType) -> bool:
    chosen = choice.value.node if isinstance(choice.value, Instance) else annotated.node
    return tree.is_a(chosen, annotated.node)
