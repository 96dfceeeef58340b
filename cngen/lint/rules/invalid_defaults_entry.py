"""CN305."""

from collections.abc import Iterable, Iterator, Sequence

from cngen.compose.merging import merging_faults
from cngen.compose.walk import Fault, Walk, has_option, walk
from cngen.diagnostics import Diagnostic, RuleId, Span, did_you_mean
from cngen.hydra.entries import KEYWORDS, MISSING, SELF, Entry, parse
from cngen.hydra.groups import CHOSEN
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import (
    Computed,
    Instance,
    Interpolation,
    Items,
    Missing,
    Scalar,
    Table,
    Unreadable,
    Value,
)


class InvalidDefaultsEntry(Rule):
    """A defaults list written by hand can't be composed, or loses types.

    ## What it does
    Checks the entries of `defaults = [...]` in a node: their keywords, groups and options, and that overrides are
    last. Then it follows the lists of every primary config, and of every option that has one, as Hydra does: each
    choice is made once, each override and interpolation refers to a choice, each package is a field that can hold
    what is merged there, and no later entry turns a chosen class into the base of its field. Only what an
    `optional` entry names may be missing.

    ## Why is it bad
    The list is copied into the store unchanged. Hydra 1.3 drops an unknown keyword silently (`overide optimizer`
    adds one), and with `_self_` behind other entries an option becomes its field's base class. Everything else
    fails when a job starts.

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
    # cn/run.py
    from cngen import CN, MISSING
    from cn.optimizer.base import Optimizer

    class Run(CN):
        optimizer: Optimizer = MISSING
        defaults = ["_self_", {"optimizer": "base"}]
    ```
    """

    id = RuleId("CN305", "invalid-defaults-entry")
    former_names = ("defaults-list",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every entry of every such list, and all of them together."""
        by_hand = [node for node in tree.nodes.values() if node.defaults is not None]
        found = [finding for node in by_hand for finding in self._alone(tree, node)]
        yield from found
        reported = {finding.span for finding in found}
        for fault in _composing(tree, by_hand) if by_hand else ():
            owner, entry = fault.at.owner, fault.at.entry
            assert owner is not None and entry is not None
            span = entry.span
            if fault.is_order and owner.defaults is not None:
                span = owner.defaults.span
            if span not in reported:
                reported.add(span)
                yield self.found(span, fault.message, fault.hint)

    def _alone(self, tree: Tree, node: Node) -> Iterator[Diagnostic]:
        """What is wrong with a list wherever it is used."""
        if not isinstance(node.defaults, Items) or node.defaults.kind != "list":
            message = f"`defaults` of `{node.name}` isn't a list"
            span = node.defaults.span if node.defaults is not None else node.span
            yield self.found(span, message, "write a list of entries")
            return
        entries = []
        for item in node.defaults.items:
            yield from self._shape(tree, item)
            entry = parse(node.group, item)
            if entry is not None:
                entries.append(entry)
                yield from self._entry(tree, entry)
        yield from self._order(entries)

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
            hint = "write a separate dict for each key"
            yield self.found(item.span, "an entry can have only one key", hint)
        elif not _is_text(item):
            message = "an entry is a string, or a dict with one string as its key"
            yield self.found(item.span, message)

    def _entry(self, tree: Tree, entry: Entry) -> Iterator[Diagnostic]:
        """The words of one entry, and whether there is what it chooses."""
        for keyword in entry.keywords:
            if keyword not in KEYWORDS:
                hint = did_you_mean(keyword, KEYWORDS) or "known: `optional`, `override`"
                message = f"unknown keyword `{keyword}` in a defaults list"
                yield self.found(entry.span, message, hint)
                return  # what the entry would mean with another word isn't known
        if not entry.is_group and entry.written == SELF and not entry.is_self:
            yield self.found(entry.span, "`_self_` takes no package", 'write `"_self_"`')
        elif not entry.is_group and entry.options == (MISSING,):
            message = "only the option of a group can be `MISSING`"
            yield self.found(entry.span, message, f'write `{{"{entry.group}": MISSING}}`')
        elif not entry.written:
            yield self.found(entry.span, "this entry names neither a config group nor a config")
        elif entry.is_group and entry.is_list and any("${" in o for o in entry.options):
            message = "an interpolation can't be one of several options"
            yield self.found(entry.span, message, "write a separate entry for it")
        elif entry.is_of_hydra and not tree.options(entry.group):
            if entry.is_group and not entry.is_override and entry.group in CHOSEN:
                message = f"Hydra chooses `{entry.group}` itself, so it can only be overridden"
                yield self.found(entry.span, message, f"write `override {entry.written}`")
        elif not (entry.is_self or entry.is_optional or entry.is_unknown):
            yield from self._options(tree, entry)

    def _options(self, tree: Tree, entry: Entry) -> Iterator[Diagnostic]:
        options = tree.options(entry.group)
        if "${" in entry.group:
            return
        if not options:
            groups = sorted({node.group for node in tree.nodes.values()} - {""})
            message = f"unknown config group `{entry.group}`"
            yield self.found(entry.span, message, did_you_mean(entry.group, groups))
            return
        for option in entry.options:
            if "${" in option or option == MISSING or has_option(tree, entry.group, option):
                continue
            group = entry.group
            where = f"the config group `{group}`" if group else "the root folder"
            hint = did_you_mean(option, list(options))
            hint = hint or f"its options are {', '.join(options)}"
            yield self.found(entry.span, f"{where} has no option `{option}`", hint)

    def _order(self, entries: Sequence[Entry]) -> Iterator[Diagnostic]:
        """Overrides that aren't last, and what is there twice."""
        last = max(
            (n for n, e in enumerate(entries) if not e.is_override and not e.is_self), default=0
        )
        seen: set[tuple[str, str]] = set()
        for number, entry in enumerate(entries):
            if entry.is_override and number < last:
                message = "an override must come after all other entries"
                yield self.found(entry.span, message, "move it to the end of the list")
            if entry.is_override:
                key = (entry.group, entry.package)
                if key in seen:
                    message = f"`{entry.group}` is overridden twice for `{entry.package}`"
                    yield self.found(entry.span, message, "remove one of the two")
                seen.add(key)
        for entry in [entry for entry in entries if entry.is_self][1:]:
            yield self.found(entry.span, "`_self_` is listed twice", "keep the first one")


def _composing(tree: Tree, by_hand: Sequence[Node]) -> Iterator[Fault]:
    """Why configs can't be composed: as they are by default, and with each option that has a list."""
    primaries = [n for n in tree.nodes.values() if n.option is not None and not n.group]
    walks = {node.key: walk(tree, node) for node in primaries}
    for found in walks.values():
        yield from _faults(tree, found)
    used = {part.node.key for w in walks.values() for part in w.merged if part.node is not None}
    for node in by_hand:
        if node.option is None or node.key in used or node.is_experiment:
            continue
        keys = {config.key: _keys(walks[config.key], node) for config in primaries}
        is_added = not any(keys.values())
        ways = (
            walk(tree, config, node, key)
            for config in primaries
            for key in (("",) if is_added else keys[config.key])
        )
        yield from _in_all(tree, node, ways, node.group.replace("/", ".") if is_added else "")


def _keys(found: Walk, node: Node) -> tuple[str, ...]:
    """The choices of a config for which an option can be given."""
    return tuple(key for key, listed in found.keys.items() if listed.group == node.group)


def _in_all(tree: Tree, node: Node, ways: Iterable[Walk], added: str) -> tuple[Fault, ...]:
    """The faults of an option's list wherever it is chosen; once there are none left, no more is walked."""
    found: dict[Span | None, Fault] | None = None
    for way in ways:
        own = (fault for fault in _faults(tree, way, added) if fault.at.owner is node)
        here = {_place(fault): fault for fault in own}
        found = here if found is None else {k: fault for k, fault in found.items() if k in here}
        if not found:
            break
    return tuple((found or {}).values())


def _place(fault: Fault) -> Span | None:
    return fault.at.entry.span if fault.at.entry is not None else None


def _faults(tree: Tree, found: Walk, added: str = "") -> tuple[Fault, ...]:
    walked = (fault for fault in found.faults if not (added and fault.is_open))
    return (*walked, *merging_faults(tree, found.merged, added))


def _values(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _is_option(value: Value, whole: Value) -> bool:
    if isinstance(value, Scalar):
        return isinstance(value.value, str) or (value.value is None and value is whole)
    return isinstance(value, Computed | Unreadable) or (
        isinstance(value, Missing | Interpolation)
        and (value is whole or isinstance(value, Interpolation))
    )


def _is_text(value: Value) -> bool:
    if isinstance(value, Scalar):
        return isinstance(value.value, str)
    return isinstance(value, Interpolation | Computed | Unreadable)
