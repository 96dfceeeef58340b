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
                when = "is computed when the store is imported"
                message = f"`{node.name}.{name}` {when}: its value isn't known from the sources"
                hint = "use a literal, or an interpolation such as `${oc.env:NAME,default}`"
                yield self.found(value.span, message, hint)
