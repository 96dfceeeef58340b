"""CN508."""

from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import declared_fields, swept_values
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import Interval, Patch, Points, Sweep, Value, outermost

_WORDS = {Sweep: "sweep", Patch: "patch", Points: "points", Interval: "interval"}


class MisplacedSweep(Rule):
    """`sweep`, `patch`, `points`, `interval` or a setting of Hydra itself is used where it has no meaning.

    ## What it does
    Finds them outside experiments and primary configs that inherit from another one, and where those can't use
    them either: a list is swept as a whole, and `points` is not the value of a field. The keywords `launcher` and
    `sweeper` and the attribute `hydra` are for classes with jobs.

    ## Why is it bad
    A plain node is a value: it has no config to start from and no job to run.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, sweep

    class Run(CN):
        seed: int = sweep(1, 2)
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 1
    # cn/exp/seeds.py
    from cngen import sweep
    from cn.run import Run

    class Seeds(Run):
        seed = sweep(1, 2)
    ```
    """

    id = RuleId("CN508", "misplaced-sweep")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such word that is left when experiments are read, and every misplaced setting."""
        for node, field in declared_fields(tree):
            value = field.default
            is_new = bool(node.primary) and tree.nodes[node.primary].field(field.name) is None
            if (node.primary and isinstance(value, Patch)) or (is_new and node.is_experiment):
                continue
            if is_new:  # nothing is below it, so that a sweep isn't its default
                value = dict(node.written).get(field.name)
            for wrong in _left(value):
                yield self._new(node, field, wrong) if is_new else self._word(node, wrong)
        for node in tree.nodes.values():
            yield from self._settings(node)
            for _, value in node.points if not node.primary else ():
                yield self._word(node, value)
        for swept in swept_values(tree):
            for wrong in _left(swept.change.value) if not _is_swept(swept.change.value) else ():
                if not isinstance(wrong, Sweep | Interval):
                    yield self._word(swept.node, wrong)

    def _new(self, node: Node, field: Field, value: Value) -> Diagnostic:
        message = f"the new field `{field.name}` of `{node.name}` has no default to start from"
        hint = "give it a plain default here, and sweep it in a class that inherits from this one"
        return self.found(value.span, message, hint)

    def _word(self, node: Node, value: Value) -> Diagnostic:
        word = next(text for kind, text in _WORDS.items() if isinstance(value, kind))
        if not node.primary:
            hint = "use it in a class that inherits from a primary config"
            return self.found(
                value.span,
                f"`{word}` is not allowed in `{node.name}`, which is not an experiment",
                hint,
            )
        hint = {
            "points": "assign it to a separate attribute, with any name",
            "patch": "write the whole value",
        }.get(word, f"use the {word} as the whole value of a field")
        return self.found(value.span, f"`{word}` is not allowed here", hint)

    def _settings(self, node: Node) -> Iterator[Diagnostic]:
        if not node.group or node.primary:
            return
        hint = "only experiments and primary configs can set how jobs are run"
        for word, said in (("launcher", node.engine.launcher), ("sweeper", node.engine.sweeper)):
            if said:
                yield self.found(
                    node.span, f"`{word}` is not allowed in `{node.name}`, which has no jobs", hint
                )
        if node.engine.settings is not None:
            message = f"`{node.name}` can't change settings of Hydra itself"
            yield self.found(node.engine.settings.span, message, hint)


def _is_swept(value: Value) -> bool:
    return isinstance(value, Sweep | Interval)


def _left(value: Value | None) -> Iterator[Value]:
    return outermost(value, (Sweep, Patch, Points, Interval)) if value is not None else iter(())
