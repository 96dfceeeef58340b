"""Nodes written in place with other values -> the options that stand for them: `<option>.<owner>`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cngen.compose.defaults import Choice, choices, normal
from cngen.compose.experiments import chosen, experiments
from cngen.compose.steps import steps
from cngen.model.naming import class_names, option_name
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.values import Instance, Missing


@dataclass(frozen=True, slots=True)
class Variation:
    """An option of its own for a node with some fields set; `owner` is the node that writes it."""

    group: str
    option: str
    owner: str
    instance: Instance


class Variations:
    """The variations of a tree.

    The first of an option in an owner is `<option>.<owner>`; a later, different one adds the path of
    its field; equal ones share a name.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        names, naming = class_names(tree), tree.settings.naming
        self._owners = {key: option_name(names[key], "", naming) for key in tree.nodes}
        self._known: dict[tuple[str, Instance], Variation] = {}
        self._taken = {
            place
            for node in tree.nodes.values()
            for place in ((node.group, str(node.option)), *node.aliases)
        }
        for node in tree.nodes.values():
            found = () if node.is_experiment else choices(tree, node)
            own = [choice for choice in found if choice.owner == node.key]
            swept = chosen(tree, node, steps(tree, node)) if node.primary else ()
            self._name_all([*own, *swept], "")
        for joined in (n for n in tree.nodes.values() if n.is_experiment and len(n.bases) > 1):
            whole = experiments(tree)[joined.key]  # a base's patch over what another one chose
            self._name_all([*chosen(tree, joined, (*whole.changes, *whole.axes))], "")

    def used(self) -> tuple[Variation, ...]:
        """Those that an option of the tree leads to, directly or through others."""
        found: dict[Variation, None] = {}
        waiting = [
            c for n in self._tree.nodes.values() if n.option is not None for c in self._of_node(n)
        ]
        while waiting:
            variation = self.of(waiting.pop())
            if variation is not None and variation not in found:
                found[variation] = None
                waiting.extend(self.choices(variation))
        return tuple(sorted(found, key=lambda v: (v.group, v.option)))

    def _of_node(self, node: Node) -> Iterator[Choice]:
        if not node.is_experiment:
            yield from choices(self._tree, node)
        if node.primary:
            experiment = experiments(self._tree)[node.key]
            changes = experiment.changes if node.is_experiment else ()
            yield from chosen(self._tree, node, (*changes, *experiment.axes))

    def of(self, choice: Choice) -> Variation | None:
        """The variation that a choice means; None if it is a plain option, `null` or `???`."""
        if not isinstance(choice.value, Instance):
            return None
        return self._known.get((choice.owner, normal(self._tree, choice.value)))

    def option(self, choice: Choice) -> str | None:
        """What is after the key of an entry."""
        if isinstance(choice.value, Missing):
            return "???"
        variation = self.of(choice)
        if variation is not None or choice.value is None:
            return variation.option if variation is not None else None
        return self._tree.nodes[choice.value.node].option

    def choices(self, variation: Variation) -> tuple[Choice, ...]:
        """What a variation's defaults list selects; what it gives itself belongs to its owner."""
        instance = variation.instance
        return tuple(
            replace(c, owner=variation.owner) if _is_given(c, instance) else c
            for c in choices(self._tree, self._tree.nodes[instance.node], instance)
        )

    def _name_all(self, found: Sequence[Choice], path: str) -> None:
        for choice in found:
            if not isinstance(choice.value, Instance):
                continue
            instance = normal(self._tree, choice.value)
            if not instance.arguments:
                continue
            key = (choice.owner, instance)
            if key not in self._known:
                option = self._new_name(choice, instance, path)
                self._taken.add((choice.group, option))
                self._known[key] = Variation(choice.group, option, choice.owner, instance)
            given = [c for c in self.choices(self._known[key]) if _is_given(c, instance)]
            self._name_all(given, f"{path}{choice.package}.")

    def _new_name(self, choice: Choice, instance: Instance, path: str) -> str:
        short = f"{self._tree.nodes[instance.node].option}.{self._owners[choice.owner]}"
        return next(
            n for n in _names(short, path + choice.package) if (choice.group, n) not in self._taken
        )


@per_tree
def variations_of(tree: Tree) -> Variations:
    """The variations of a settled tree, named once."""
    return Variations(tree)


def _names(short: str, path: str) -> Iterator[str]:
    """Names to try, until one is free."""
    yield short
    number = 1
    while True:
        yield f"{short}.{path}" if number == 1 else f"{short}.{path}.{number}"
        number += 1


def _is_given(choice: Choice, instance: Instance) -> bool:
    return instance.get(choice.package.partition(".")[0]) is not None
