"""CN501."""

from collections.abc import Iterator

from cngen.compose.experiments import experiments
from cngen.compose.places import Change, Path, at, placed, state
from cngen.compose.steps import Axis
from cngen.compose.written import key_text
from cngen.diagnostics import Diagnostic, RuleId, Span, did_you_mean
from cngen.hydra.names import reason
from cngen.lint.queries.written import Step, swept_values, written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.types import node_type
from cngen.model.values import Instance, Patch, Points, Table, Value, inner_values


class UnknownField(Rule):
    """An experiment sets, patches or sweeps a field that the config doesn't have.

    ## What it does
    Looks up every field that an experiment writes, in its primary config and in the nodes that are
    chosen there.

    ## Why is it bad
    Nothing would read the new key, and Hydra refuses it when a job starts.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
    # cn/exp/fast.py
    from cn.run import Run

    class Fast(Run):
        epochs: int = 3
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        seed: int = 0
        lr: float = 0.1
        epochs: int = 10
    # cn/exp/fast.py
    from cn.run import Run

    class Fast(Run):
        epochs = 3
    ```
    """

    id = RuleId("CN501", "unknown-field")
    former_names = ("foreign-field",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """New fields of experiments, and places in patches and sweeps that aren't there."""
        for node in tree.nodes.values():
            if node.is_experiment:
                yield from self._new_fields(tree, node)
                yield from self._joined(tree, node)
        yield from self._steps(tree)
        for swept in swept_values(tree):
            if swept.place is None and swept.change.path != swept.axis.path:
                path, span = swept.change.path, swept.change.value.span
                yield from self._unknown(tree, swept.node, path, span, False)

    def _steps(self, tree: Tree) -> Iterator[Diagnostic]:
        """What bodies change and sweep; the fields of a patch that fits nothing are reported with it."""
        refused: set[tuple[str, Path]] = set()
        for written in written_steps(tree):
            step = written.step
            value = step.swept if isinstance(step, Axis) else step.value
            above = (step.path[:length] for length in range(1, len(step.path)))
            if any((written.node.key, path) in refused for path in above):
                continue
            if isinstance(value, Patch):
                refused.add((written.node.key, step.path))
                yield self._unpatched(tree, written, value)
            elif written.place is None and not isinstance(value, Points):
                is_reported = isinstance(
                    step, Change
                )  # as an unknown argument, where a node is patched
                yield from self._unknown(tree, written.node, step.path, value.span, is_reported)

    def _unpatched(self, tree: Tree, written: Step, patch: Patch) -> Diagnostic:
        """A patch of what has no fields, or isn't there."""
        path = written.step.path
        *above, key = path
        message = f"`{'.'.join(path)}` has no fields to patch"
        holder = at(tree, state(tree, written.node), tuple(above)) if above else None
        is_there = written.place is not None and written.place.value is not None
        if not is_there and holder is not None and isinstance(holder.value, Table):
            message = f"`{'.'.join(above)}` has no key `{key}` to patch"
            known = [key_text(name) for name, _ in holder.value.items]
            hint = did_you_mean(key, known) or "write the whole value"
            return self.found(_keyword(written.node, path, patch.span), message, hint)
        return self.found(patch.span, message, "write the whole value")

    def _joined(self, tree: Tree, node: Node) -> Iterator[Diagnostic]:
        """What one of several bases sets in a place that another base removes."""
        if len(node.bases) < 2:
            return
        experiment = experiments(tree)[node.key]
        start = state(tree, tree.nodes[node.primary])
        known = {id(change) for _, change in placed(tree, start, experiment.all_changes)}
        lost: list[Change | Axis] = [c for c in experiment.all_changes if id(c) not in known]
        fields = (axis for axis in experiment.all_axes if not isinstance(axis.swept, Points))
        lost += [axis for axis in fields if at(tree, state(tree, node), axis.path) is None]
        for step in lost:
            if step.owner != node.key and tree.nodes[step.owner].primary:  # else it is CN517
                owner, path = tree.nodes[step.owner].name, ".".join(step.path)
                message = f"`{owner}` sets `{path}`, which `{node.name}` doesn't have"
                hint = "make one base inherit from the other, or set the whole node here"
                yield self.found(node.span, message, hint)

    def _new_fields(self, tree: Tree, node: Node) -> Iterator[Diagnostic]:
        primary = tree.nodes[node.primary]
        known = [field.name for field in primary.fields]
        for field in node.fields:
            if field.name in node.declared and field.name not in known and not reason(field.name):
                hint = did_you_mean(field.name, known) or f"add it to `{primary.name}`"
                message = f"the primary config `{primary.name}` has no field `{field.name}`"
                yield self.found(field.span, message, hint)

    def _unknown(
        self, tree: Tree, node: Node, path: Path, span: Span, is_reported: bool
    ) -> Iterator[Diagnostic]:
        """The first step of a path that leads nowhere; that of a new field is reported already.

        `is_reported`: one in an existing node is reported, too.
        """
        whole = state(tree, node)
        length = next(n for n in range(1, len(path) + 1) if at(tree, whole, path[:n]) is None)
        if length == 1:
            return
        place = at(tree, whole, path[: length - 1])
        if is_reported and place is not None and isinstance(place.value, Instance):
            return
        span = _keyword(node, path[:length], span)
        value: Value | None = place.value if place is not None else None
        annotated = node_type(place.type) if place is not None else None
        key = value.node if isinstance(value, Instance) else annotated.node if annotated else ""
        holder, name = tree.nodes.get(key), path[length - 1]
        if holder is None:
            message = f"`{'.'.join(path[: length - 1])}` has no field `{name}`"
            yield self.found(span, message, "set the whole value")
        else:
            fields = [field.name for field in holder.fields]
            hint = did_you_mean(name, fields) or f"its fields are {', '.join(fields) or 'none'}"
            yield self.found(span, f"`{holder.name}` has no field `{name}`", hint)


def _keyword(node: Node, path: Path, span: Span) -> Span:
    """The keyword that names the last step of a path, around what is written at `span`; else that itself."""
    name, *below = path
    written = [dict(node.written)[name]] if name in dict(node.written) else []
    found = span
    while below and written:
        value = written.pop()
        for argument in value.arguments if isinstance(value, Instance | Patch) else ():
            if argument.name == below[0] and _is_in(span, argument.value.span):
                found, below = argument.span, below[1:]
                written = [argument.value]
                break
        else:
            written += [inner for inner in inner_values(value) if _is_in(span, inner.span)]
    return found if not below else span


def _is_in(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end
