"""Two trees -> keys of the command line that stop working, and their replacements."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product, zip_longest

from cngen.compose.configs import Holder, composed, configs, places
from cngen.compose.defaults import command_key, effective
from cngen.compose.places import Place
from cngen.diff.changes import Gone
from cngen.diff.trees import Trees, called, called_as
from cngen.model.tree import Field, Node, Tree, per_tree
from cngen.model.types import node_type
from cngen.model.values import Instance

MOST = 1
"""How many choices besides the defaults are followed: a class may hold its own group, without end."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place at which a config chooses from a group.

    `option` is what is there by default, empty for none. `choices` are what has to be chosen for the
    place to be there at all, as a command line has it. `site` is the class, its field and the key in that,
    if it is a dict.
    """

    package: str
    group: str
    option: str
    choices: tuple[str, ...] = ()
    site: tuple[str, str, str] = ("", "", "")

    def text(self, key: str) -> str:
        """A key, or a key and its value, behind the choices that it needs."""
        return " ".join((*self.choices, key))

    def key(self, name: str) -> str:
        """The key of a field at this place."""
        return f"{self.package}.{name}" if self.package else name

    def chooses(self, option: str) -> str:
        """The choice of an option at this place."""
        return f"{command_key(self.group, self.package)}={option}"


@per_tree
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
            inner = key.rpartition(".")[2] if place.is_key else ""
            site = (place.holder, place.field.name, inner)
            slot = Slot(key, group, _option(tree, place), choices, site)
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
    """What names a key: where an option is chosen, what chooses it, and what is before its fields."""
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
        Gone(slot.text(slot.chooses(option)), _instead(trees, slot, becomes)) for slot in found
    )


def _instead(trees: Trees, slot: Slot, becomes: Node | None) -> str:
    """What chooses at the same place, or at the one that took its place, what an option became."""
    if becomes is None:
        return ""
    known = slots(trees.new).get(becomes.group, ())
    same = [new for new in known if new.package == slot.package]
    if not same and slot.site[0]:
        same = [new for new in known if new.site == _site_now(trees, slot.site)]
    if len(same) != 1:
        return "" if slot.site[0] else _by_itself(becomes)
    return same[0].text(same[0].chooses(str(becomes.option)))


def _site_now(trees: Trees, site: tuple[str, str, str]) -> tuple[str, str, str]:
    """What became of a field that chooses."""
    holder, name, key = site
    return trees.matching.nodes.get(holder, ""), trees.matching.field(holder, name), key


def _by_itself(node: Node) -> str:
    """What chooses an option where no field does: Hydra's default package is the path of its group."""
    return Slot(node.group.replace("/", "."), node.group, "").chooses(str(node.option))


# Fields


def field_gone(trees: Trees, old: Node, name: str, becomes: str = "") -> tuple[Gone, ...]:
    """The keys of a field that are gone, wherever the class, or one that inherits it, can be chosen.

    `becomes` is what the field is called now, empty where it is called nothing. Where other options of
    a place keep the key, it is reported with the option that doesn't.
    """
    found: list[Gone] = []
    for group, lost in _losing(trees, old, name).items():
        keeps = any(_has_still(trees, n, name) for n in trees.old.options(group).values())
        for slot, node in product(_slots_of(trees.old, group), lost):
            if group and keeps and node.option != slot.option:
                slot = replace(slot, choices=(*slot.choices, slot.chooses(str(node.option))))
            found += _field_keys(trees, node, (name, becomes), slot)
    return sorted_keys(found)


def _slots_of(tree: Tree, group: str) -> tuple[Slot, ...]:
    """The places of a group; of the root folder that of a primary config itself."""
    return slots(tree).get(group, ()) if group else (Slot("", "", ""),)


def _losing(trees: Trees, old: Node, name: str) -> Mapping[str, list[Node]]:
    """The options that lose a field because a class does, by group."""
    found: dict[str, list[Node]] = {}
    for node in trees.old.nodes.values():
        is_heir = old.key in node.lineage and node.option is not None and not node.is_experiment
        if is_heir and _has_still(trees, node, name) is False:
            found.setdefault(node.group, []).append(node)
    return found


def _has_still(trees: Trees, node: Node, name: str) -> bool | None:
    """Whether an option of the old tree has a field still, under the same name; None if it hadn't or is gone."""
    now = trees.now(node.key)
    if now is None or node.field(name) is None:
        return None
    return now.field(name) is not None


def _field_keys(trees: Trees, node: Node, names: tuple[str, str], slot: Slot) -> Iterator[Gone]:
    """What names a field of a node at a place, and what it is called now."""
    was, other = node.field(names[0]), trees.now(node.key)
    now = other.field(names[1]) if other is not None else None
    olds = _keys_of(trees.old, was, slot) if was is not None else ()
    news = _keys_of(trees.new, now, slot) if now is not None else ()
    yield from (Gone(*pair) for pair in zip_longest(olds, news[: len(olds)], fillvalue=""))


def _keys_of(tree: Tree, field: Field, slot: Slot) -> tuple[str, ...]:
    place = Place("", field, field.type, effective(tree, field), is_key=False)
    return tuple(slot.text(name) for name in key_names(tree, place, slot.key(field.name)))


def narrowed(trees: Trees, old: Node, name: str, lost: str, becomes: str) -> tuple[Gone, ...]:
    """The keys of a field that no longer takes some values: `lost` is one, or a type of them."""
    nodes = (n for n in trees.old.nodes.values() if old.key in n.lineage and n.option is not None)
    groups = {n.group for n in nodes if not n.is_experiment}
    keys = [s.text(s.key(name)) for group in groups for s in _slots_of(trees.old, group)]
    return sorted_keys(Gone(f"{key}={lost}", f"{key}=<{becomes}>") for key in keys)


def sorted_keys(found: Iterable[Gone]) -> tuple[Gone, ...]:
    """Each key once, with its replacement if one is known."""
    best: dict[str, Gone] = {}
    for gone in sorted(found, key=lambda g: (g.key, not g.instead, g.instead)):
        best.setdefault(gone.key, gone)
    return tuple(best.values())
