"""Two trees -> what a command line can no longer say, and what says the same now."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cngen.changes import Gone
from cngen.composed import Holder, composed, configs, places
from cngen.composition import command_key, effective
from cngen.declarations import Trees, called, called_as
from cngen.experiments import Place
from cngen.model import TREES, Field, Instance, Node, Tree, node_type

MOST = 1
"""How many choices besides the defaults are followed: a class may hold its own group, without end."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place at which a config chooses from a group.

    `option` is what is there by default, empty for none. `choices` are what has to be chosen for the
    place to be there at all, as a command line says it.
    """

    package: str
    group: str
    option: str
    choices: tuple[str, ...] = ()

    def says(self, key: str) -> str:
        """A key, or a key and its value, behind the choices that it needs."""
        return " ".join((*self.choices, key))

    def chooses(self, option: str) -> str:
        """The choice of an option at this place."""
        return f"{command_key(self.group, self.package)}={option}"


@lru_cache(maxsize=TREES)
def slots(tree: Tree) -> Mapping[str, tuple[Slot, ...]]:
    """The places of a tree's primary configs by their groups, with whatever is chosen at a few others.

    Of the ways to a place the one with the fewest choices counts.
    """
    found: dict[tuple[str, str], Slot] = {}
    waiting: deque[tuple[Holder, str, tuple[str, ...]]] = deque(
        (composed(tree, node), "", ()) for node in configs(tree).values() if not node.group
    )
    while waiting:
        holder, prefix, choices = waiting.popleft()
        for key, place in places(tree, holder, prefix):
            group = group_of(tree, place) if place.is_chosen else ""
            if not group or (key, group) in found:
                continue
            slot = Slot(key, group, _option(tree, place), choices)
            found[key, group] = slot
            for option, node in tree.options(group).items() if len(choices) < MOST else ():
                if option != slot.option and not node.is_experiment:
                    whole = Instance(node.key, (), node.span)
                    waiting.append((whole, f"{key}.", (*choices, slot.chooses(option))))
    by_group: dict[str, list[Slot]] = {}
    for slot in found.values():
        by_group.setdefault(slot.group, []).append(slot)
    return {group: tuple(sorted(s, key=lambda s: s.package)) for group, s in by_group.items()}


def group_of(tree: Tree, place: Place) -> str:
    """The group that a place selects from, empty for none."""
    value, annotated = place.value, node_type(place.type)
    key = value.node if isinstance(value, Instance) else annotated.node if annotated else ""
    return tree.nodes[key].group if key in tree.nodes else ""


def _option(tree: Tree, place: Place) -> str:
    node = tree.nodes.get(place.value.node) if isinstance(place.value, Instance) else None
    return (node.option or "") if node is not None else ""


def key_names(tree: Tree, place: Place, key: str) -> tuple[str, ...]:
    """What names a key: where an option is chosen, what chooses it, and what stands before its fields."""
    group = group_of(tree, place) if place.is_chosen else ""
    return (f"{command_key(group, key)}=", f"{key}.") if group else (key,)


# Options


def option_gone(
    trees: Trees, old: Node, group: str, option: str, becomes: Node | None
) -> tuple[Gone, ...]:
    """The ways to choose an option of the old tree that no longer is one, and those to what it became."""
    if option in trees.new.options(group):
        return ()
    if becomes is not None and becomes.option is None:
        becomes = None
    if old.is_experiment or not group:
        return (
            Gone(called_as(old, group, option), called(becomes) if becomes is not None else ""),
        )
    found = slots(trees.old).get(group) or (Slot(group.replace("/", "."), group, ""),)
    return tuple(
        Gone(slot.says(slot.chooses(option)), _instead(trees, slot, becomes)) for slot in found
    )


def _instead(trees: Trees, slot: Slot, becomes: Node | None) -> str:
    """What chooses at the same place, or at the one that took its place, what an option became."""
    if becomes is None:
        return ""
    known = slots(trees.new).get(becomes.group, ())
    same = [new for new in known if new.package == slot.package]
    if not same and slot.package == slot.group.replace("/", "."):
        same = [new for new in known if new.package == becomes.group.replace("/", ".")]
    if not same:
        same = list(known) if len(known) == 1 else []
    now = same[0] if same else Slot(becomes.group.replace("/", "."), becomes.group, "")
    return now.says(now.chooses(str(becomes.option)))


# Fields


def field_gone(trees: Trees, old: Node, name: str, becomes: str = "") -> tuple[Gone, ...]:
    """The keys of a field that are gone, wherever the class, or one that inherits it, can be chosen.

    `becomes` is what the field is called now, empty where it is called nothing. Where other options of
    a place keep the key, it is told with the option that doesn't.
    """
    found: set[Gone] = set()
    for group, lost in _losing(trees, old, name, becomes).items():
        for slot in slots(trees.old).get(group, ()) if group else (Slot("", "", ""),):
            prefix = f"{slot.package}." if slot.package else ""
            keeps = any(_keeps(trees, n, name) for n in trees.old.options(group).values())
            for node in lost:
                is_there = not group or not keeps or node.option == slot.option
                choice = "" if is_there else slot.chooses(str(node.option))
                found.update(_field_keys(trees, node, (name, becomes), prefix, slot, choice))
    return tuple(sorted(found, key=lambda gone: (gone.key, gone.instead)))


def _losing(trees: Trees, old: Node, name: str, becomes: str) -> Mapping[str, list[Node]]:
    """The options that lose a field because a class does, by group."""
    found: dict[str, list[Node]] = {}
    for node in trees.old.nodes.values():
        if old.key not in node.lineage or node.option is None or node.is_experiment:
            continue
        other = trees.new.nodes.get(trees.matching.nodes.get(node.key, ""))
        if other is not None and node.field(name) is not None and other.field(name) is None:
            found.setdefault(node.group, []).append(node)
    return found


def _keeps(trees: Trees, node: Node, name: str) -> bool:
    """Whether an option of the old tree still has a field, under the same name."""
    other = trees.new.nodes.get(trees.matching.nodes.get(node.key, ""))
    return node.field(name) is not None and other is not None and other.field(name) is not None


def _field_keys(
    trees: Trees, node: Node, names: tuple[str, str], prefix: str, slot: Slot, choice: str
) -> Iterator[Gone]:
    field = node.field(names[0])
    other = trees.new.nodes[trees.matching.nodes[node.key]]
    now = other.field(names[1])
    if field is None:
        return
    before = " ".join((*slot.choices, choice, "")).lstrip() if choice else slot.says("")
    news = _keys_of(trees.new, now, prefix) if now is not None else ()
    for number, key in enumerate(_keys_of(trees.old, field, prefix)):
        instead = news[number] if number < len(news) else ""
        yield Gone(before + key, before + instead if instead else "")


def _keys_of(tree: Tree, field: Field, prefix: str) -> tuple[str, ...]:
    place = Place("", field, field.type, effective(tree, field), is_key=False)
    return key_names(tree, place, prefix + field.name)


def narrowed(trees: Trees, old: Node, name: str, lost: str, becomes: str) -> tuple[Gone, ...]:
    """The keys of a field that no longer takes some values: `lost` is one, or a type of them."""
    nodes = (n for n in trees.old.nodes.values() if old.key in n.lineage and n.option is not None)
    groups = {n.group for n in nodes if not n.is_experiment}
    found: set[Gone] = set()
    for group in groups:
        for slot in slots(trees.old).get(group, ()) if group else (Slot("", "", ""),):
            key = slot.says(f"{slot.package}.{name}" if slot.package else name)
            found.add(Gone(f"{key}={lost}", f"{key}=<{becomes}>"))
    return tuple(sorted(found, key=lambda gone: gone.key))


def sorted_keys(found: Iterable[Gone]) -> tuple[Gone, ...]:
    """Each key once, with what to say instead if anything is known."""
    best: dict[str, Gone] = {}
    for gone in sorted(found, key=lambda g: (g.key, not g.instead, g.instead)):
        best.setdefault(gone.key, gone)
    return tuple(best.values())
