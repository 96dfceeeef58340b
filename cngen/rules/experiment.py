"""CN501."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.model import Tree
from cngen.rules.base import Rule


class Experiment(Rule):
    """A node in a config group inherits from a primary config: an experiment, which cngen can't compile yet."""

    code = "CN501"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such node."""
        for node in tree.nodes.values():
            bases = [tree.nodes[key] for key in node.lineage[1:]]
            primary = next(
                (base for base in bases if not base.group and base.option is not None), None
            )
            if node.group and primary is not None:
                message = f"`{node.name}` is an experiment over `{primary.name}`, which can't be compiled yet"
                yield self.found(
                    node.span,
                    message,
                    "move it to the root folder to make it another primary config",
                )
