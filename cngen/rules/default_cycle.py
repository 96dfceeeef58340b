"""CN303."""

from collections.abc import Iterator

from cngen.composition import effective
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
            path = [Instance(node.key, (), node.span)]
            waiting = [_held(tree, path[0])]
            while waiting:
                inner = next(waiting[-1], None)
                if inner is None:
                    waiting.pop()
                    done.add(path.pop())
                elif inner in path:
                    cycle = [tree.nodes[i.node].name for i in (*path[path.index(inner) :], inner)]
                    message = f"these defaults hold each other: {' -> '.join(cycle)}"
                    yield self.found(inner.span, message, "make one of them optional")
                elif inner not in done:
                    path.append(inner)
                    waiting.append(_held(tree, inner))


def _held(tree: Tree, instance: Instance) -> Iterator[Instance]:
    for field in tree.nodes[instance.node].fields:
        given = instance.get(field.name)
        value = given if given is not None else effective(tree, field)
        for inner in instances(value) if value is not None else ():
            if inner.node in tree.nodes:
                yield inner
