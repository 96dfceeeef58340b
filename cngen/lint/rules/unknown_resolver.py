"""CN406."""

from collections.abc import Iterator

from cngen.compose.references import uses
from cngen.diagnostics import Diagnostic, RuleId, Severity, did_you_mean
from cngen.hydra.interpolations import Resolver
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.syntax.facts import FunctionDef, Other

_KNOWN = (
    "hydra",
    "now",
    "oc.create",
    "oc.decode",
    "oc.deprecated",
    "oc.dict.keys",
    "oc.dict.values",
    "oc.env",
    "oc.select",
    "python_version",
)
_REGISTERS = frozenset({"register_new_resolver", "register_resolver"})


class UnknownResolver(Rule):
    """An interpolation calls a resolver that nothing registers.

    ## What it does
    In `${name:...}` the name must be a resolver of OmegaConf or Hydra, or one of `resolvers` in `[tool.cngen]`.
    Nothing is reported if the sources themselves register resolvers.

    ## Why is it bad
    OmegaConf looks for the resolver when the value is read, perhaps hours into a job:
    `UnsupportedInterpolationType`. cngen doesn't read the application, where resolvers are registered, so the
    settings have to name them.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN


    class Run(CN):
        user: str = "${env:USER}"
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN


    class Run(CN):
        user: str = "${oc.env:USER}"
    ```
    """

    id = RuleId("CN406", "unknown-resolver", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such name, once for each place in the sources."""
        known = (*_KNOWN, *tree.settings.resolvers)
        for use in uses(tree):
            for name in use.names:
                if isinstance(name, Resolver) and name.name not in known:
                    if _registers(tree):
                        return
                    hint = (
                        did_you_mean(name.name, known)
                        or f'if the application registers it, set `resolvers = ["{name.name}"]` in [tool.cngen]'
                    )
                    message = f"unknown resolver `{name.name}`"
                    yield self.found(use.span, message, hint)


def _registers(tree: Tree) -> bool:
    """Whether the sources register resolvers, whose names only running them would show."""
    return any(
        not _REGISTERS.isdisjoint(statement.names)
        for module in tree.modules.values()
        for statement in module.body
        if isinstance(statement, Other | FunctionDef)
    )
