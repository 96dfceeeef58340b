"""CN305."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cngen.diagnostic import Diagnostic, Span, did_you_mean
from cngen.model import (
    Computed,
    DictType,
    Field,
    Instance,
    Interpolation,
    Items,
    Missing,
    Node,
    Scalar,
    Table,
    Tree,
    Type,
    UnionType,
    Unreadable,
    Value,
    node_dict_type,
)
from cngen.rules.base import Rule
from cngen.rules.unheld_default import holds
from cngen.rules.value_type import type_text

_KEYWORDS = ("optional", "override")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one entry says. `group` is absolute, `package` relative to that of the node.

    `package` is empty for the node's own, and where it can't be said; `options` holds those that are
    known. `is_single` tells a choice of one option, which Hydra counts by its key.
    """

    span: Span
    keywords: tuple[str, ...]
    group: str
    package: str
    options: tuple[str, ...]
    is_single: bool

    @property
    def is_override(self) -> bool:
        return "override" in self.keywords

    @property
    def is_judged(self) -> bool:
        """Whether its group is one of the tree's."""
        return "${" not in self.group and self.group.partition("/")[0] != "hydra"


class DefaultsList(Rule):
    """A defaults list written by hand can't be composed, or loses types.

    ## What it does
    Checks the entries of `defaults = [...]` in a node: their keywords, groups and options, the field
    that each one fills, that `_self_` stands first and overrides last, and that nothing is chosen
    twice. Groups of Hydra itself and entries with `${...}` are left alone, and so is whether an
    `optional` one is there.

    ## Why is it bad
    The list is taken as it stands. Hydra 1.3 drops an unknown keyword silently (`overide optimizer`
    adds one), and with `_self_` behind other entries an option becomes its field's base type. All
    the rest fails when a job starts.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1
    # cn/run.py
    from cngen import CN, MISSING
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = MISSING
        defaults = [{"optimiser": "base"}, "_self_"]
    ```

    ## Use instead
    ```python
    # cn/optimizer/base.py
    from cngen import CN

    class Optimizer(CN):
        lr: float = 0.1
    # cn/run.py
    from cngen import CN, MISSING
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = MISSING
        defaults = ["_self_", {"optimizer": "base"}]
    ```
    """

    code = "CN305"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every entry of every such list, and all of them together."""
        for node in tree.nodes.values():
            if node.defaults is None:
                continue
            if not isinstance(node.defaults, Items) or node.defaults.kind != "list":
                message = f"`defaults` of `{node.name}` isn't a list"
                yield self.found(node.defaults.span, message, "write a list of entries")
                continue
            yield from self._self(node.defaults)
            entries = []
            for item in node.defaults.items:
                yield from self._shape(tree, item)
                entry = _entry(node, item)
                if entry is not None:
                    entries.append(entry)
                    yield from self._entry(tree, node, entry)
            yield from self._order(entries)
            yield from self._unmatched(node, entries)

    def _self(self, defaults: Items) -> Iterator[Diagnostic]:
        own = [item for item in defaults.items if _is_self(item)]
        if defaults.items and not _is_self(defaults.items[0]):
            message = "`_self_` doesn't stand first: options would lose their types"
            yield self.found(defaults.span, message, 'begin the list with `"_self_"`')
        for item in own[1:]:
            yield self.found(item.span, "`_self_` stands here twice", "keep the first one")

    def _shape(self, tree: Tree, item: Value) -> Iterator[Diagnostic]:
        """What no entry looks like."""
        if isinstance(item, Table) and len(item.items) == 1 and _is_text(item.items[0][0]):
            value = item.items[0][1]
            wrong = next((v for v in _values(value) if not _is_option(v, value)), None)
            if wrong is not None:
                node = tree.nodes.get(wrong.node) if isinstance(wrong, Instance) else None
                hint = f'write `"{node.option}"`' if node is not None and node.option else ""
                message = "an option is a string, a list of strings or None"
                yield self.found(wrong.span, message, hint)
        elif isinstance(item, Table) and len(item.items) > 1:
            hint = "write a dict for each of them"
            yield self.found(item.span, "an entry has one key only", hint)
        elif not _is_text(item):
            message = "an entry is a string, or a dict with one string as its key"
            yield self.found(item.span, message)

    def _entry(self, tree: Tree, node: Node, entry: _Entry) -> Iterator[Diagnostic]:
        """The words of one entry, and whether its field can hold what it chooses."""
        for keyword in entry.keywords:
            if keyword not in _KEYWORDS:
                hint = did_you_mean(keyword, _KEYWORDS) or "known are `optional` and `override`"
                message = f"unknown keyword `{keyword}` in a defaults list"
                yield self.found(entry.span, message, hint)
                return  # what the entry would mean with another word isn't known
        if not entry.is_judged:
            return
        options = tree.options(entry.group)
        chosen = tuple(options[option] for option in entry.options if option in options)
        if "optional" not in entry.keywords:
            yield from self._options(tree, entry)
        possible = () if entry.options and not chosen else chosen or tuple(options.values())
        is_experiment = any(other.is_experiment for other in possible)  # has a package of its own
        if possible and entry.package and not entry.is_override and not is_experiment:
            yield from self._field(tree, node, entry, chosen)

    def _options(self, tree: Tree, entry: _Entry) -> Iterator[Diagnostic]:
        options = tree.options(entry.group)
        if not options:
            groups = sorted({node.group for node in tree.nodes.values()} - {""})
            message = f"there is no config group `{entry.group}`"
            yield self.found(entry.span, message, did_you_mean(entry.group, groups))
            return
        for option in entry.options:
            if option.partition(".")[0] not in options and option not in options:
                group = entry.group
                where = f"the config group `{group}`" if group else "the root folder"
                hint = did_you_mean(option, list(options))
                hint = hint or f"its options are {', '.join(options)}"
                yield self.found(entry.span, f"{where} has no option `{option}`", hint)

    def _field(
        self, tree: Tree, node: Node, entry: _Entry, chosen: Sequence[Node]
    ) -> Iterator[Diagnostic]:
        name, *below = entry.package.split(".")
        field = node.field(name)
        if field is None:
            fields = [field.name for field in node.fields]
            hint = did_you_mean(name, fields) or "say which field it fills: `group@field`"
            message = f"`{node.name}` has no field `{name}`, which this entry would fill"
            yield self.found(entry.span, message, hint)
            return
        held = _held(field, len(below))
        wrong = [other for other in chosen if held is not None and not holds(tree, held, other.key)]
        for other in wrong[:1]:
            wanted = type_text(tree, held) if held is not None else ""
            message = (
                f"`{node.name}.{entry.package}` holds a `{wanted}`, which `{other.name}` isn't"
            )
            yield self.found(entry.span, message, "choose another option, or widen the annotation")
        for one, other in pairwise(chosen) if not wrong else ():
            if not tree.is_a(other.key, one.key):
                message = f"`{other.name}` can't be merged over `{one.name}`, from which it doesn't inherit"
                yield self.found(entry.span, message, "choose one of them")

    def _order(self, entries: Sequence[_Entry]) -> Iterator[Diagnostic]:
        """Overrides that don't stand last, and keys that stand twice."""
        last = max((n for n, entry in enumerate(entries) if not entry.is_override), default=0)
        seen: set[tuple[bool, str, str]] = set()
        for number, entry in enumerate(entries):
            if entry.is_override and number < last:
                message = "an override stands before other entries"
                yield self.found(entry.span, message, "move it to the end of the list")
            key = (entry.is_override, entry.group, entry.package)
            if key in seen and entry.is_single and entry.package:
                said = "overridden" if entry.is_override else "chosen"
                message = f"`{entry.group}` is {said} twice for `{entry.package}`"
                yield self.found(entry.span, message, "remove one of the two")
            if entry.is_single:
                seen.add(key)

    def _unmatched(self, node: Node, entries: Sequence[_Entry]) -> Iterator[Diagnostic]:
        """Overrides of what nothing brings.

        An entry may bring more of its own: below its package, or anywhere if that can't be said. And
        what lies in a group may override what others bring.
        """
        brought = [entry for entry in entries if not entry.is_override]
        for entry in entries if not node.group else ():
            if entry.is_override and entry.is_judged and entry.package:
                is_met = any(
                    not other.package
                    or (other.group, other.package) == (entry.group, entry.package)
                    or entry.package.startswith(f"{other.package}.")
                    for other in brought
                )
                if not is_met:
                    message = f"nothing chooses `{entry.group}` for `{entry.package}` that could be overridden"
                    yield self.found(entry.span, message, "remove the keyword `override`")


def _entry(node: Node, item: Value) -> _Entry | None:
    """An entry as Hydra reads it (hydra/_internal/config_repository.py); None for `_self_` and nonsense."""
    if isinstance(item, Scalar) and isinstance(item.value, str) and item.value != "_self_":
        path, _, package = item.value.partition("@")
        group, _, option = absolute(node.group, path).rpartition("/")
        package = package or path.strip("/").rpartition("/")[0].replace("/", ".")
        named = tuple(_named(replace(item, value=option)))
        return _Entry(item.span, (), group, _relative(node, package), named, False)
    if isinstance(item, Table) and len(item.items) == 1:
        key, value = item.items[0]
        if isinstance(key, Scalar) and isinstance(key.value, str):
            *keywords, place = key.value.split() or [""]
            path, _, package = place.partition("@")
            package = _relative(node, package or path.strip("/").replace("/", "."))
            is_single = not isinstance(value, Items)
            group, named = absolute(node.group, path), tuple(_named(value))
            return _Entry(item.span, tuple(keywords), group, package, named, is_single)
    return None


def _relative(node: Node, package: str) -> str:
    """A package below the node's own, empty where it isn't or where that depends on the node's place."""
    if "_global_" in package:
        package = package.rpartition("_global_")[2].lstrip(".") if not node.group else ""
    is_word = package in ("_here_", "_group_", "_name_")
    return "" if is_word or "${" in package else package


def absolute(owner: str, written: str) -> str:
    """The path of an entry from the root: with a leading `/` as it stands, else below the owner's group."""
    if written.startswith("/") or not owner:
        return written.lstrip("/")
    return f"{owner}/{written}"


def _named(value: Value) -> Iterator[str]:
    for option in _values(value):
        text = option.value if isinstance(option, Scalar) else None
        if isinstance(text, str) and "${" not in text and text != "???":
            yield text


def _values(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _is_option(value: Value, whole: Value) -> bool:
    if isinstance(value, Scalar):
        return isinstance(value.value, str) or (value.value is None and value is whole)
    return isinstance(value, Computed | Unreadable) or (
        isinstance(value, Missing | Interpolation) and value is whole
    )


def _is_text(value: Value) -> bool:
    if isinstance(value, Scalar):
        return isinstance(value.value, str)
    return isinstance(value, Interpolation | Computed | Unreadable)


def _is_self(value: Value) -> bool:
    return isinstance(value, Scalar) and value.value == "_self_"


def _held(field: Field, depth: int) -> Type | None:
    """The type of a field, or with a depth of one of its keys; None where any node may stand."""
    if depth == 0:
        members = field.type.members if isinstance(field.type, UnionType) else (field.type,)
        return None if any(isinstance(member, DictType) for member in members) else field.type
    return node_dict_type(field.type) if depth == 1 else None
