"""CN312."""

from collections.abc import Iterator

from cngen.compose.defaults import effective, is_composed
from cngen.compose.listed import picks, unapplied
from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Field, Node, Tree
from cngen.model.values import Instance, Items, Scalar, Table, Value, every_instance, instances


class IgnoredDefaultsList(Rule):
    """A node with a defaults list written by hand is used where Hydra can't follow that list.

    ## What it does
    Finds such nodes in lists, and in dicts that are built in place, unless their fields hold everything that the
    list chooses (each entry chooses one option for a field). Also finds arguments of such nodes that choose
    another option where the list has no entry to override.

    ## Why is it bad
    Hydra composes nothing into a list, so the choices of the node's defaults list would be missing. An override
    without an entry to override fails when a job starts.

    ## Example
    ```python
    # cn/opt/base.py
    from cngen import CN

    class Opt(CN):
        lr: float = 0.1
    # cn/model/base.py
    from typing import Any

    from cngen import CN

    class Model(CN):
        parts: Any = None
        defaults = ["_self_", {"/opt@parts.left": "base"}]
    # cn/run.py
    from cngen import CN
    from cn.model.base import Model

    class Run(CN):
        models: list[Model] = [Model()]
    ```

    ## Use instead
    ```python
    # cn/model/base.py
    from cngen import CN
    from cn.opt.base import Opt

    class Model(CN):
        parts: dict[str, Opt] = {"left": Opt()}
    ```
    """

    id = RuleId("CN312", "ignored-defaults-list")
    former_names = ("list-in-place",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every value that is written, and what is built with it."""
        if not any(node.defaults is not None for node in tree.nodes.values()):
            return
        for node, name, _, value in written_values(tree):
            field = node.field(name)
            if field is not None and not is_composed(field, value):
                for instance in instances(value):
                    yield from self._built(tree, instance)
            elif not isinstance(value, Items):
                for instance in every_instance(value):
                    yield from self._changed(tree, instance)

    def _built(self, tree: Tree, instance: Instance) -> Iterator[Diagnostic]:
        for key in built_in(tree, instance):
            node = tree.nodes[key]
            entry = unapplied(tree, node) if node.defaults is not None else None
            if entry is not None:
                text = " ".join((*entry.keywords, entry.written))
                message = f"`{node.name}` is built in place, where Hydra ignores the entry `{text}` of its list"
                hint = f"set the fields of `{node.name}` instead of writing a list"
                yield self.found(instance.span, message, hint)
                return

    def _changed(self, tree: Tree, instance: Instance) -> Iterator[Diagnostic]:
        node = tree.nodes.get(instance.node)
        if node is None or node.defaults is None:
            return
        chosen = picks(tree, node)
        for argument in instance.arguments:
            field = node.field(argument.name)
            for package, value in _choices(field, argument.value):
                pick = chosen.get(package)
                if pick is None or not pick.can_become(tree.nodes[value.node].group):
                    message = f"the defaults list of `{node.name}` has no entry for `{package}` to override"
                    hint = f"add an entry for `{package}`, or remove the list: cngen writes one"
                    yield self.found(value.span, message, hint)


def _choices(field: Field | None, value: Value) -> Iterator[tuple[str, Instance]]:
    """The nodes that a value chooses, with their packages."""
    if field is None or not is_composed(field, value):
        return
    if isinstance(value, Instance):
        yield field.name, value
    for key, item in value.items if isinstance(value, Table) else ():
        if isinstance(key, Scalar) and isinstance(item, Instance):
            yield f"{field.name}.{key.value!s}", item


def built_in(tree: Tree, instance: Instance) -> Iterator[str]:
    """The nodes that are built with one: those in its fields, whether written or by default."""
    seen: set[str] = set()
    waiting: list[Value] = [instance]
    while waiting:
        for found in instances(waiting.pop()):
            node = tree.nodes.get(found.node)
            if node is None or (node.key in seen and not found.arguments):
                continue
            seen.add(node.key)
            yield node.key
            waiting.extend(_values(tree, node, found))


def _values(tree: Tree, node: Node, instance: Instance) -> Iterator[Value]:
    for field in node.fields:
        given = instance.get(field.name)
        value = given if given is not None else effective(tree, field)
        if value is not None:
            yield value
