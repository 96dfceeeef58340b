"""CN303."""

from collections.abc import Iterator

from cngen.composition import effective, normal
from cngen.diagnostic import Diagnostic
from cngen.model import Instance, Tree
from cngen.rules.base import Rule, instances


class DefaultCycle(Rule):
    """A node's defaults hold the node itself: `A` holds `B` holds `A`. Such a config would never end."""

    code = "CN303"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each cycle once, at the default that closes it."""
        done: set[Instance] = set()
        for node in tree.nodes.values():
            yield from self._visit(tree, Instance(node.key, (), node.span), [], done)

    def _visit(
        self, tree: Tree, instance: Instance, path: list[Instance], done: set[Instance]
    ) -> Iterator[Diagnostic]:
        if instance in path:
            cycle = [tree.nodes[i.node].name for i in (*path[path.index(instance) :], instance)]
            yield self.found(
                instance.span,
                f"these defaults hold each other: {' -> '.join(cycle)}",
                "make one of them optional",
            )
            return
        if instance in done:
            return
        for inner in _held(tree, instance):
            yield from self._visit(tree, inner, [*path, instance], done)
        done.add(instance)


def _held(tree: Tree, instance: Instance) -> Iterator[Instance]:
    for field in tree.nodes[instance.node].fields:
        given = instance.get(field.name)
        value = given if given is not None else effective(tree, field)
        for inner in instances(value) if value is not None else ():
            if inner.node in tree.nodes:
                yield normal(tree, inner)
