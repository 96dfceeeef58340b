"""CN519."""

from collections.abc import Iterator

from cngen.compose.defaults import is_composed, is_package_key, value_is_none
from cngen.compose.listed import Pick, picks
from cngen.compose.places import Path, Place, at, item_type, state
from cngen.compose.steps import Axis
from cngen.compose.written import key_text
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import Step, written_steps
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.types import Type, mentioned_nodes, node_type
from cngen.model.values import Instance, Interpolation, Patch, Sweep, Table, Value


class InPlaceChoice(Rule):
    """An experiment sets a node where no defaults list can choose one.

    ## What it does
    Reports experiments, and sweeps of primary configs, that put nodes into a dict of which a key isn't a name
    for Hydra, so that the dict is built in place; those that write an interpolation where a node is chosen, or
    choose a node where the primary config has an interpolation; and those that choose where a defaults list
    written by hand has no entry to override.

    ## Why is it bad
    The changes of an experiment are merged over the config. Only a defaults list can replace a node with one of
    another class: Hydra would refuse the job, or keep the old class.

    ## Example
    ```python
    # cn/head/base.py
    from cngen import CN

    class Head(CN):
        dim: int = 7

    class Wide(Head):
        dim = 70

    # cn/run.py
    from cngen import CN
    from cn.head.base import Head

    class Run(CN):
        heads: dict[int, Head] = {1: Head()}

    # cn/exp/wide.py
    from cn.head.base import Wide
    from cn.run import Run

    class AllWide(Run):
        heads = {1: Wide()}
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.head.base import Head

    class Run(CN):
        heads: dict[str, Head] = {"first": Head()}

    # cn/exp/wide.py
    from cn.head.base import Wide
    from cn.run import Run

    class AllWide(Run):
        heads = {"first": Wide()}
    ```
    """

    id = RuleId("CN519", "in-place-choice")

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every change and every sweep of each body."""
        for written in written_steps(tree):
            is_swept = isinstance(written.step, Axis)
            if written.place is None or not (written.node.is_experiment or is_swept):
                continue
            yield from self._reference(tree, written, written.place)
            yield from self._in_dict(tree, written, written.place)
            yield from self._unlisted(tree, written)

    def _reference(self, tree: Tree, written: Step, place: Place) -> Iterator[Diagnostic]:
        if node_type(place.type) is None:
            return
        path = ".".join(written.step.path)
        for value in _values(written):
            if isinstance(value, Interpolation):
                message = f"an experiment can't replace the node `{path}` with an interpolation"
                yield self.found(value.span, message, "choose a node, or patch its fields")
        primary = tree.nodes[written.node.primary]
        before = at(tree, state(tree, primary), written.step.path)
        if before is not None and isinstance(before.value, Interpolation):
            message = f"`{path}` is an interpolation in `{primary.name}`, which an experiment can't replace with a node"
            span = _values(written)[0].span if _values(written) else written.node.span
            yield self.found(span, message, f"choose a node in `{primary.name}`")

    def _in_dict(self, tree: Tree, written: Step, place: Place) -> Iterator[Diagnostic]:
        """Nodes for keys of a dict that no defaults list can choose from."""
        path = written.step.path
        if place.is_key:
            holder = at(tree, state(tree, written.node), path[:-1])
            nodes = [value for value in _values(written) if isinstance(value, Instance)]
            if nodes and holder is not None and _is_built(holder.type, holder.value):
                yield self._built(nodes[0], ".".join(path[:-1]), holder.value)
            return
        primary = tree.nodes[written.node.primary]
        before = at(tree, state(tree, primary), path)
        old = before.value if before is not None else None
        for value in _values(written):
            is_filled = isinstance(old, Table) and bool(old.items)
            if not isinstance(value, Table) or not is_filled:
                continue
            built = next((v for v in (old, value) if _is_built(place.type, v)), None)
            if built is not None:
                yield self._built(value, ".".join(path), built)

    def _unlisted(self, tree: Tree, written: Step) -> Iterator[Diagnostic]:
        """Choices that a defaults list written by hand would have to make, and doesn't."""
        before = state(tree, tree.nodes[written.node.primary])
        for value in _values(written):
            for path, node in _chosen(tree, written, value):
                holder, package = _holder(tree, before, path)
                pick = picks(tree, holder).get(package) if holder.defaults is not None else None
                if holder.defaults is None or (pick is not None and _can_become(tree, pick, node)):
                    continue
                message = (
                    f"the defaults list of `{holder.name}` has no entry for `{package}` to override"
                )
                hint = f"add an entry for `{package}`, or remove the list: cngen writes one"
                yield self.found(value.span, message, hint)
                break

    def _built(self, value: Value, path: str, built: Value | None) -> Diagnostic:
        message = f"the nodes in `{path}` are built in place, so an experiment can't choose others"
        hint = "use only keys of ASCII letters, digits, `_` and `-`, with no digit first"
        if isinstance(built, Table) and all(is_package_key(key) for key, _ in built.items):
            hint = "set every item of the dict to a node or None"
        return self.found(value.span, message, hint)


def _holder(tree: Tree, whole: Instance, path: Path) -> tuple[Node, str]:
    """The nearest node above a path, and the rest of the path as a package of its."""
    for length in range(len(path) - 1, 0, -1):
        place = at(tree, whole, path[:length])
        if place is not None and isinstance(place.value, Instance):
            return tree.nodes[place.value.node], ".".join(path[length:])
    return tree.nodes[whole.node], ".".join(path)


def _can_become(tree: Tree, pick: Pick, node: str) -> bool:
    return pick.can_become(tree.nodes[node].group if node else pick.brought.group)


def _chosen(tree: Tree, written: Step, value: Value) -> Iterator[tuple[Path, str]]:
    """What a value chooses: places below the primary config, with the node, empty for None."""
    path, place = written.step.path, written.place
    if place is None or not (place.is_chosen or is_composed(place.field, value)):
        return
    for key, item in value.items if isinstance(value, Table) else ((None, value),):
        inner = path if key is None else (*path, key_text(key))
        if isinstance(item, Instance):
            yield inner, item.node
        elif value_is_none(item):
            yield inner, ""


def _values(written: Step) -> tuple[Value, ...]:
    step = written.step
    if not isinstance(step, Axis):
        return (step.value,)
    return tuple(v for v in step.values if not isinstance(v, Patch)) if _is_sweep(step) else ()


def _is_sweep(axis: Axis) -> bool:
    return isinstance(axis.swept, Sweep)


def _is_built(written: Type, value: Value | None) -> bool:
    """Whether a dict that may hold nodes is none from which a defaults list could choose."""
    if not mentioned_nodes(item_type(written)) or not isinstance(value, Table):
        return False
    has_reference = any(isinstance(item, Interpolation) for _, item in value.items)
    return has_reference or not all(is_package_key(key) for key, _ in value.items)
