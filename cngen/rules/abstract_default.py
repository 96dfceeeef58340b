"""CN304."""

from collections.abc import Iterator

from cngen.composition import is_composed
from cngen.diagnostic import Diagnostic
from cngen.model import Tree
from cngen.rules.base import Rule, instances, written_values


class AbstractDefault(Rule):
    """An abstract node is chosen as a default, but it is stored nowhere: it is a base only."""

    code = "CN304"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every instance that a defaults list would have to name."""
        for node, name, _, value in written_values(tree):
            field = node.field(name)
            if field is None or not is_composed(field, value):
                continue
            for instance in instances(value):
                chosen = tree.nodes.get(instance.node)
                if chosen is not None and chosen.option is None:
                    message = f"`{node.name}.{name}` chooses `{chosen.name}`, which is abstract"
                    yield self.found(instance.span, message, "choose a node that inherits from it")
