"""CN515."""

from collections.abc import Iterator

from cngen.compose.configs import config_key
from cngen.compose.defaults import is_composed
from cngen.compose.experiments import experiments, stored_over
from cngen.compose.places import Change, Place, item_type, placed
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import swept_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import DictType, Type, UnionType, mentioned_nodes
from cngen.model.values import Computed, Items, Scalar, Table, Value


class RetainedKeys(Rule):
    """An experiment replaces a dict with one that lacks some of its keys, and they would stay.

    ## What it does
    Compares each dict or list that an experiment sets or sweeps with its default. Dicts of nodes may lack keys.

    ## Why is it bad
    Hydra merges the two dicts, and nothing that can be stacked removes a key: the job would have the keys of
    both. A list can't be merged with a dict: the job wouldn't start.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN

    class Run(CN):
        weights: dict[str, float] = {"actor": 1.0, "critic": 0.5}
    # cn/exp/bc.py
    from cn.run import Run

    class BC(Run):
        weights = {"actor": 2.0}
    ```

    ## Use instead
    ```python
    # cn/exp/bc.py
    from cn.run import Run

    class BC(Run):
        weights = {"actor": 2.0, "critic": 0.0}
    ```
    """

    id = RuleId("CN515", "retained-keys")
    former_names = ("lost-keys",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every change of an experiment that is stored, and every swept value."""
        for experiment in experiments(tree).values():
            if experiment.node.is_experiment and experiment.node.option is not None:
                for place, change in placed(
                    tree, stored_over(tree, experiment), experiment.changes
                ):
                    yield from self._change(tree, place, change)
        for swept in swept_values(tree):
            if swept.place is not None:
                yield from self._change(tree, swept.place, swept.change)

    def _change(self, tree: Tree, place: Place, change: Change) -> Iterator[Diagnostic]:
        is_reported = mentioned_nodes(item_type(place.type))  # that nodes are built in place
        if place.is_chosen or is_composed(place.field, change.value) or is_reported:
            return
        lost, path = sorted(_lost(tree, place.value, change.value)), ".".join(change.path)
        if _is_unknown(place.type, place.value, change.value):
            hint = f"change single keys with `patch`, or make `{change.path[0]}` empty in the primary config"
            message = f"`{path}` would keep keys that aren't known here: Hydra merges dicts"
            yield self.found(change.value.span, message, hint)
        for names, before, after in _mixed(place.value, change.value):
            kinds, where = (_kind(after), _kind(before)), ".".join((path, *names))
            message = (
                f"`{where}` can't become a {kinds[0]}: Hydra can't merge it with the {kinds[1]}"
            )
            hint = f"set `{where}` to None in the primary config"
            yield self.found(after.span, message, hint)
        if lost:
            hint = f"change single keys with `patch`, or make `{change.path[0]}` empty in the primary config"
            message = f"`{path}` would keep the keys {', '.join(f'`{key}`' for key in lost)}: Hydra merges dicts"
            yield self.found(change.value.span, message, hint)


def _mixed(
    before: Value | None, after: Value, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Value, Value]]:
    """The places at which a list would have to be merged with a dict, with both."""
    if isinstance(before, Table) and isinstance(after, Table):
        held = dict(before.items)
        for key, value in after.items:
            if isinstance(key, Scalar):
                yield from _mixed(held.get(key), value, (*names, str(key.value)))
    elif before is not None and {type(before), type(after)} == {Items, Table}:
        yield names, before, after


def _is_unknown(written: Type, before: Value | None, after: Value) -> bool:
    """Whether a dict whose keys only running would show would be merged with another."""
    members = written.members if isinstance(written, UnionType) else (written,)
    is_typed = any(isinstance(member, DictType) for member in members)
    is_before = isinstance(before, Computed) and is_typed and isinstance(after, Table | Computed)
    is_after = isinstance(after, Computed) and isinstance(before, Table) and bool(before.items)
    return (is_before and after != before) or is_after


def _kind(value: Value | None) -> str:
    return "dict" if isinstance(value, Table) else "list"


def _lost(tree: Tree, before: Value | None, after: Value) -> Iterator[str]:
    if not isinstance(before, Table) or not isinstance(after, Table):
        return
    new = dict(after.items)
    for key, value in before.items:
        name = config_key(tree, key)
        if key not in new:
            yield name
        else:
            yield from (f"{name}.{inner}" for inner in _lost(tree, value, new[key]))
