"""What a config's defaults list brings -> whether Hydra can merge it, and whether its classes survive."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cngen.compose.defaults import effective, is_composed, value_is_none
from cngen.compose.walk import Fault, Listed, Merged
from cngen.diagnostics import did_you_mean
from cngen.hydra.fitting import narrows
from cngen.hydra.types import storable
from cngen.model.tree import Field, Node, Tree
from cngen.model.types import ANY, DictType, NodeType, Type, UnionType, without_none
from cngen.model.values import Instance, Missing, Table


@dataclass(slots=True)
class _Slot:
    """What is at one place of a config so far.

    `kind` is `unset` or `none` for nothing, `node` (its class is `node`), `dict` for what has keys and no class,
    `plain` for what has no keys, and `open` where that isn't known. `held` is the annotated class, empty where
    anything may be; `item` the type of a dict's values, None if it isn't annotated. `brought` is the last entry
    that put a config there.
    """

    kind: str = "unset"
    held: str = ""
    node: str = ""
    item: Type | None = None
    name: str = ""
    keys: dict[str, "_Slot"] = field(default_factory=dict)
    brought: Listed | None = None


def merging_faults(tree: Tree, merged: Sequence[Merged], added: str = "") -> tuple[Fault, ...]:
    """Why what is merged can't be, in its order, or loses its class.

    `added` is a package that there is whatever the fields: that of an option which only a command line adds.
    """
    merger, root = _Merger(tree), _Slot(kind="dict")
    slot = root
    for key in filter(None, added.split(".")):
        slot = slot.keys.setdefault(key, _Slot())
    for part in merged:
        merger.put(root, part)
    return tuple(merger.faults)


@dataclass(slots=True)
class _Merger:
    tree: Tree
    faults: list[Fault] = field(default_factory=list)

    def put(self, root: _Slot, part: Merged) -> None:
        """Merge one config at its package."""
        if part.listed.group.partition("/")[0] == "hydra":
            return
        slot: _Slot | None = root
        for key in filter(None, part.listed.package.split(".")):
            slot = self._below(slot, key, part.listed) if slot is not None else None
        if slot is None or part.node is None:
            if slot is not None and part.listed.package:
                slot.kind = "open"
            return
        self._merge(slot, part.node, part)

    def _below(self, slot: _Slot, key: str, listed: Listed) -> _Slot | None:
        """What is at a key, None where there can't be anything or nothing is known."""
        if key in slot.keys:
            return slot.keys[key]
        if slot.kind in ("unset", "none"):
            slot.kind, slot.node = ("node", slot.held) if slot.held else ("dict", "")
        if slot.kind == "open":
            return None
        if slot.kind == "plain":
            self._refuse(listed, f"`{slot.name}` can't hold a config", "choose another field")
            return None
        if slot.kind == "dict":
            return slot.keys.setdefault(key, self._item(slot, key))
        node = self.tree.nodes[slot.node]
        found = node.field(key)
        if found is None:
            hint = did_you_mean(key, [f.name for f in node.fields])
            hint = hint or "set the field that it fills: `group@field`"
            message = f"this entry would fill the field `{key}`, which `{node.name}` doesn't have"
            self._refuse(listed, message, hint)
            return None
        return slot.keys.setdefault(key, self._slot(node, found))

    def _item(self, slot: _Slot, key: str) -> _Slot:
        """What is at a key of a dict: OmegaConf checks the classes of items, and no other types."""
        typed = self._typed(slot.item, f"{slot.name}.{key}") if slot.item is not None else _Slot()
        return _Slot() if typed.kind == "plain" else typed

    def _slot(self, node: Node, field: Field) -> _Slot:
        """What a node has for a field before anything is merged there."""
        value = effective(self.tree, field)
        slot = self._typed(field.type, f"{node.name}.{field.name}")
        if is_composed(field, value) or value is None or isinstance(value, Missing):
            is_none = slot.kind == "unset" and isinstance(field.type, UnionType)
            if (is_none and field.default is not None) or value_is_none(value):
                slot.kind = "none"
        elif value_is_none(value):
            slot.kind = "none"
        elif isinstance(value, Table) and slot.kind == "unset":
            slot.kind = "dict"
        elif isinstance(value, Instance):
            slot.kind, slot.node = "node", value.node
        return slot

    def _typed(self, written: Type, name: str) -> _Slot:
        stored = without_none(storable(written, self.tree.settings.hydra))
        if isinstance(stored, UnionType):
            stored = ANY
        if isinstance(stored, NodeType) and stored.node in self.tree.nodes:
            return _Slot(held=stored.node, name=name)
        if isinstance(stored, DictType):
            return _Slot(kind="dict", item=None if stored.value == ANY else stored.value, name=name)
        return _Slot(kind="unset" if stored == ANY else "plain", name=name)

    def _merge(self, slot: _Slot, node: Node, part: Merged) -> None:
        """Put a node where something may be already."""
        listed = part.listed
        if slot.kind == "open":
            return
        if slot.kind == "plain":
            message = f"`{slot.name}` can't hold a config, but `{node.name}` would be put there"
            self._refuse(listed, message, "choose another field")
            return
        if slot.held and not self.tree.is_a(node.key, slot.held):
            wanted = self.tree.nodes[slot.held].name
            message = f"`{slot.name}` expects `{wanted}`, but `{node.name}` doesn't inherit from it"
            self._refuse(listed, message, "choose another option, or widen the annotation")
            return
        if slot.kind == "node" and not self.tree.is_a(node.key, slot.node):
            self._unrelated(slot, node, part)
            return
        if slot.kind == "dict" and slot.item is not None and not self._fits(node, slot.item):
            message = (
                f"`{slot.name}` is a dict, and the fields of `{node.name}` would become its items"
            )
            self._refuse(listed, message, "set the key that it fills: `group@field.key`")
            return
        for name, kept in slot.keys.items():
            self._fill(node, name, kept, part)
        slot.kind, slot.node, slot.brought = "node", node.key, listed

    def _fits(self, node: Node, item: Type) -> bool:
        """Whether the fields of a node can be the items of a dict."""
        return all(narrows(self.tree, field.type, item) for field in node.fields)

    def _unrelated(self, slot: _Slot, node: Node, part: Merged) -> None:
        listed = part.listed
        before = self.tree.nodes[slot.node].name
        message = f"`{node.name}` can't be merged over `{before}`: it doesn't inherit from it"
        hint = "choose one of them"
        if self.tree.is_a(slot.node, node.key):
            hint = 'move `"_self_"` behind this entry'
        elif not listed.package:
            hint = "set the field that the option fills: `group@field`"
        is_entry = listed.by_hand is not None and not part.is_self
        before_it = slot.brought if slot.brought is not None and slot.brought.by_hand else listed
        self._refuse(listed if is_entry else before_it, message, hint)

    def _fill(self, node: Node, name: str, kept: _Slot, part: Merged) -> None:
        """Merge what a node has for a field over what was put there before."""
        found, brought = node.field(name), _brought(kept)
        if brought is None:
            return
        if found is None:
            message = f"this entry would fill the field `{name}`, which `{node.name}` doesn't have"
            self._refuse(brought, message, "set the field that it fills: `group@field`")
            return
        new, place = self._slot(node, found), f"`{node.name}.{name}`"
        if new.kind in ("none", "plain") or _is_set(found):
            self._lose(brought, part, f"`{brought.option}` is lost in {place}")
            return
        if new.held and kept.brought is not None and self._can_lose(kept, new.held):
            base = self.tree.nodes[new.held].name
            self._lose(brought, part, f"the option chosen for {place} becomes a plain `{base}`")
            return
        for key, inner in kept.keys.items() if new.held else ():
            self._fill(self.tree.nodes[new.held], key, inner, part)

    def _lose(self, brought: Listed, part: Merged, lost: str) -> None:
        """Say what is lost of an entry to what is merged after it."""
        at = brought.by_hand
        if at is not None and part.is_self and part.node is not None and _is_of(at, part.node):
            message = f"`_self_` is not first in the list: {lost}"
            hint = 'begin the list with `"_self_"`'
            self.faults.append(Fault(at, message, hint, is_order=True))
            return
        message = f"`{part.listed.option}` is merged after this entry: {lost}"
        self._refuse(brought, message, "move the entry to the end")

    def _can_lose(self, kept: _Slot, held: str) -> bool:
        """Whether a class that is chosen, or could be, isn't the annotated one."""
        options = self.tree.options(kept.brought.group) if kept.brought is not None else {}
        return kept.node != held or any(node.key != held for node in options.values())

    def _refuse(self, listed: Listed, message: str, hint: str) -> None:
        at = listed.by_hand
        if at is not None:
            self.faults.append(Fault(at, message, hint))


def _brought(slot: _Slot) -> Listed | None:
    """The entry that put something at a place, or at a key of it."""
    if slot.brought is not None:
        return slot.brought
    return next((found for kept in slot.keys.values() if (found := _brought(kept))), None)


def _is_set(field: Field) -> bool:
    """Whether a field that may hold anything has a value of its own."""
    value = field.default
    if value is None or isinstance(value, Missing) or is_composed(field, value):
        return False
    is_empty = isinstance(value, Table) and not value.items
    return not is_empty and not isinstance(storable(field.type, "1.3"), DictType)


def _is_of(listed: Listed, node: Node) -> bool:
    """Whether an entry is one of a node's list."""
    return listed.owner is not None and listed.owner.key == node.key
