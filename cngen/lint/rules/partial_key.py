"""CN405."""

from collections.abc import Iterator

from cngen.compose.keys import Partial
from cngen.compose.references import Destination, Resolved, resolved
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.partial_keys import lacking
from cngen.lint.rule import Rule
from cngen.lint.wording import listed
from cngen.model.tree import Tree


class PartialKey(Rule):
    """An interpolation names a key that only some of the options on its way have.

    ## What it does
    Where a part of the key leads into a config group, each option that can be chosen there must have the rest of
    the key, and the field must not be None by default. Two kinds of options don't count: those that exclude the
    interpolation itself (an optimizer may refer to its own keys), and those that the experiment with the
    interpolation replaces.

    ## Why is it bad
    `optimizer=adam` composes, and reading the value fails, perhaps hours into the job.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN


    class Optimizer(CN, abstract=True):
        lr: float = 1e-3


    class Adam(Optimizer):
        betas: list[float] = [0.9, 0.99]


    class SGD(Optimizer):
        momentum: float = 0.9

    # cn/run.py
    from cngen import CN, ref
    from cn.optimizer.base import SGD, Optimizer


    class Run(CN):
        optimizer: Optimizer = SGD()
        decay: float = ref("optimizer.momentum")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.optimizer.base import SGD, Optimizer

    class Run(CN):
        optimizer: Optimizer = SGD()
        decay: float = "${oc.select:optimizer.momentum,0.0}"
    ```
    """

    id = RuleId("CN405", "partial-key", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such key, with the first of its parts for which this is so."""
        for key in resolved(tree):
            if key.failing:
                continue
            found = (
                (target, partial, without)
                for target in key.targets
                for partial in target.found.partial
                if (without := lacking(tree, target, partial))
            )
            first = next(found, None)
            if first is not None:
                yield self._finding(tree, key, *first)

    def _finding(
        self,
        tree: Tree,
        key: Resolved,
        target: Destination,
        partial: Partial,
        lacking: tuple[str, ...],
    ) -> Diagnostic:
        options = [tree.nodes[node] for node in lacking if node]
        names = sorted(node.option or node.name for node in options)
        part, place = target.path[partial.number], ".".join(target.path[: partial.number])
        text, default = f"`{key.key.text}`", "give a default: `${oc.select:key,default}`"
        if not names:
            message = f"the key {text} doesn't always exist: `{place}` is None by default"
            return self.found(key.use.span, message, default)
        verb = "doesn't" if len(names) == 1 else "don't"
        message = f"only some options have the key {text}: {listed(names)} {verb} define `{part}`"
        return self.found(key.use.span, message, f"declare it in their base, or {default}")
