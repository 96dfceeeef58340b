"""What the values of an experiment are merged over, beside the config that it is stored over."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.compose.experiments import Experiment, experiments, may_meet
from cngen.compose.openings import chosen_group
from cngen.compose.places import Change, Path, Place, at, overlap, state
from cngen.compose.steps import Axis
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.types import node_type
from cngen.model.values import Instance, Value


@dataclass(frozen=True, slots=True)
class Beneath:
    """Another config, or an option that can be chosen on the command line, at a place that an experiment sets.

    `path` leads to the place from `whole`; `node` is the class of the config or of the option.
    """

    node: Node
    whole: Instance
    path: Path
    is_option: bool

    def value(self, tree: Tree) -> Value | None:
        """What is at the place; None if nothing is."""
        place = self.place(tree)
        return place.value if place is not None else None

    def place(self, tree: Tree) -> Place | None:
        """The place itself; None if there is no such field."""
        return at(tree, self.whole, self.path)

    @property
    def name(self) -> str:
        """How a message calls it."""
        return f"option `{self.node.option}`" if self.is_option else f"`{self.node.name}`"


@per_tree
def stored(tree: Tree) -> tuple[Experiment, ...]:
    """The experiments and derived primary configs that can be used."""
    return tuple(e for e in experiments(tree).values() if e.node.option is not None)


def configs_beneath(tree: Tree, experiment: Experiment, path: Path) -> Iterator[Beneath]:
    """The configs that may be used beside an experiment, and set the place, what is around or below it."""
    for other in stored(tree):
        is_set = any(overlap(change.path, path) for change in other.all_changes)
        if is_set and may_meet(other, experiment):
            yield Beneath(other.node, state(tree, other.node), path, is_option=False)


def options_beneath(tree: Tree, whole: Instance, path: Path) -> Iterator[Beneath]:
    """The options that can be chosen around a place, each with all the options that it holds."""
    seen: set[tuple[str, Path]] = set()
    waiting = [(whole, path)]
    while waiting:
        around, rest = waiting.pop()
        for length in range(1, len(rest)):
            place, below = at(tree, around, rest[:length]), rest[length:]
            for option in _options(tree, place) if place is not None else ():
                if (option.key, below) not in seen:
                    seen.add((option.key, below))
                    chosen = Instance(option.key, (), option.span)
                    waiting.append((chosen, below))
                    yield Beneath(option, chosen, below, is_option=True)


def _options(tree: Tree, place: Place) -> Iterator[Node]:
    """The options that a defaults list may choose for a place."""
    group = chosen_group(tree, place, place.value) if place.is_chosen else None
    annotated = node_type(place.type)
    for option in tree.options(group).values() if group else ():
        if annotated is None or tree.is_a(option.key, annotated.node):
            yield option


def is_from_common_base(step: Change | Axis, other: Beneath) -> bool:
    """Whether another config has it from the very class whose body writes it."""
    return not other.is_option and step.owner in other.node.lineage
