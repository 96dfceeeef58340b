"""CN304."""

from collections.abc import Iterator

from cngen.composition import is_composed
from cngen.diagnostic import Diagnostic
from cngen.model import Instance, Node, Tree, Value
from cngen.rules.base import Rule, instances, swept_values, written_values


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
                    yield self._abstract(f"{node.name}.{name}", chosen, instance)
        for swept in swept_values(tree):
            value = swept.change.value
            chosen = tree.nodes.get(value.node) if isinstance(value, Instance) else None
            is_choice = swept.place is not None and swept.place.is_chosen
            is_told = swept.number == 1  # a sweep starts from its first value
            if is_choice and chosen is not None and chosen.option is None and not is_told:
                yield self._abstract(".".join(swept.change.path), chosen, value)

    def _abstract(self, place: str, chosen: Node, value: Value) -> Diagnostic:
        message = f"`{place}` chooses `{chosen.name}`, which is abstract"
        return self.found(value.span, message, "choose a node that inherits from it")
