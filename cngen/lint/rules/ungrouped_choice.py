"""CN518."""

from collections.abc import Iterator

from cngen.compose.defaults import is_composed
from cngen.compose.places import Change, Place, at, state
from cngen.compose.steps import Axis
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Instance, Table, Value


class UngroupedChoice(Rule):
    """An experiment chooses a node in the root folder, or removes one.

    ## What it does
    Checks the nodes that experiments and sweeps choose: their classes must be in a config group.

    ## Why is it bad
    There is no config group to choose from, so nothing that is stacked or swept can override the node of the
    primary config.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Data(CN):
        batch_size: int = 32

    class Run(CN):
        data: Data = Data()
    # cn/exp/small.py
    from cn.run import Data, Run

    class Small(Run):
        data = Data(batch_size=2)
    ```

    ## Use instead
    ```python
    # cn/exp/small.py
    from cngen import patch
    from cn.run import Run

    class Small(Run):
        data = patch(batch_size=2)
    ```
    """

    id = RuleId("CN518", "ungrouped-choice")
    former_names = ("root-choice",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every choice of every experiment, those that are swept included."""
        for written in written_steps(tree):
            step, place = written.step, written.place
            if place is None or not (written.node.is_experiment or isinstance(step, Axis)):
                continue
            before = at(tree, state(tree, tree.nodes[written.node.primary]), step.path)
            for value in (step.value,) if isinstance(step, Change) else step.values:
                for instance in _chosen(place, value):
                    yield from self._choice(tree, instance)
                for key in _removed(tree, before or place, value):
                    message = f"`{key}` holds a node from the root folder, which can't be removed"
                    yield self.found(value.span, message, "move its class into a config group")

    def _choice(self, tree: Tree, instance: Instance) -> Iterator[Diagnostic]:
        node = tree.nodes.get(instance.node)
        if node is not None and not node.group:
            message = f"`{node.name}` is in the root folder, from which nothing can be chosen"
            hint = "move it into a config group, or patch its fields"
            yield self.found(instance.span, message, hint)


def _chosen(place: Place, value: Value) -> Iterator[Instance]:
    """The nodes that a value puts into defaults lists."""
    if place.is_chosen and isinstance(value, Instance):
        yield value
    elif isinstance(value, Table) and is_composed(place.field, value):
        yield from (item for _, item in value.items if isinstance(item, Instance))


def _removed(tree: Tree, place: Place, value: Value) -> Iterator[str]:
    """The keys of nodes of the root folder that a dict loses."""
    if not isinstance(value, Table) or not isinstance(place.value, Table):
        return
    for key, item in place.value.items if is_composed(place.field, place.value) else ():
        node = tree.nodes.get(item.node) if isinstance(item, Instance) else None
        if node is not None and not node.group and key not in dict(value.items):
            yield f"{place.field.name}.{getattr(key, 'value', '')}"
