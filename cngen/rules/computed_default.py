"""CN207."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic, Severity
from cngen.model import Computed, Tree
from cngen.rules.base import Rule, written_values


class ComputedDefault(Rule):
    """A default is computed when the store is imported, so it depends on the machine and the moment.

    The expression is carried over into the store with the imports that it needs.
    """

    code = "CN207"
    severity = Severity.WARNING

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such value."""
        for node, name, _, value in written_values(tree):
            if isinstance(value, Computed):
                message = (
                    f"`{node.name}.{name}` is computed at import: its value depends on the machine"
                )
                yield self.found(
                    value.span,
                    message,
                    "use a literal, or an interpolation such as `${oc.env:NAME,default}`",
                )
