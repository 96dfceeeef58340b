"""CN305."""

from collections.abc import Iterator

from cngen.diagnostic import Diagnostic, Span, did_you_mean
from cngen.model import Items, Node, Scalar, Table, Tree, Value
from cngen.rules.base import Rule

_KEYWORDS = ("optional", "override")


class DefaultsList(Rule):
    """A defaults list written by hand names what isn't there, or loses types.

    Hydra 1.3 drops unknown keywords silently (`overide x` becomes a group), fails on unknown
    groups and options when a job starts, and with `_self_` behind other entries an option
    becomes its field's base type.
    """

    code = "CN305"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every entry of every such list."""
        for node in tree.nodes.values():
            if node.defaults is None:
                continue
            if not isinstance(node.defaults, Items) or node.defaults.kind != "list":
                yield self.found(
                    node.defaults.span,
                    f"`defaults` of `{node.name}` isn't a list",
                    "write a list of entries",
                )
                continue
            yield from self._self_first(node.defaults)
            for item in node.defaults.items:
                yield from self._entry(tree, node, item)

    def _self_first(self, defaults: Items) -> Iterator[Diagnostic]:
        texts = [item.value if isinstance(item, Scalar) else None for item in defaults.items]
        if texts and texts[0] != "_self_":
            message = "`_self_` doesn't stand first: options would lose their types"
            yield self.found(defaults.span, message, 'begin the list with `"_self_"`')

    def _entry(self, tree: Tree, node: Node, item: Value) -> Iterator[Diagnostic]:
        if isinstance(item, Scalar) and isinstance(item.value, str):
            if item.value != "_self_":
                yield from self._config(tree, node, item.value, item.span)
        elif (
            isinstance(item, Table)
            and len(item.items) == 1
            and isinstance(item.items[0][0], Scalar)
        ):
            key, value = item.items[0]
            yield from (
                self._choice(tree, node, str(key.value), value, item.span)
                if isinstance(key, Scalar)
                else ()
            )
        else:
            yield self.found(
                item.span, "an entry is a string, or a dict with one string as its key"
            )

    def _config(self, tree: Tree, node: Node, text: str, span: Span) -> Iterator[Diagnostic]:
        path = _absolute(node.group, text.partition("@")[0])
        group, _, option = path.rpartition("/")
        yield from self._option(tree, group, option, span)

    def _choice(
        self, tree: Tree, node: Node, key: str, value: Value, span: Span
    ) -> Iterator[Diagnostic]:
        *keywords, place = key.split() or [""]
        for keyword in keywords:
            if keyword not in _KEYWORDS:
                hint = did_you_mean(keyword, _KEYWORDS) or "known are `optional` and `override`"
                yield self.found(span, f"unknown keyword `{keyword}` in a defaults list", hint)
        group = _absolute(node.group, place.partition("@")[0])
        for option in value.items if isinstance(value, Items) else (value,):
            if isinstance(option, Scalar) and isinstance(option.value, str):
                yield from self._option(tree, group, option.value, span)

    def _option(self, tree: Tree, group: str, option: str, span: Span) -> Iterator[Diagnostic]:
        if "${" in option or "${" in group or group.partition("/")[0] == "hydra":
            return
        options = tree.options(group)
        if not options:
            groups = sorted({node.group for node in tree.nodes.values()} - {""})
            yield self.found(
                span, f"there is no config group `{group}`", did_you_mean(group, groups)
            )
        elif option.partition(".")[0] not in options and option not in options:
            where = f"the config group `{group}`" if group else "the root folder"
            hint = did_you_mean(option, list(options)) or f"its options are {', '.join(options)}"
            yield self.found(span, f"{where} has no option `{option}`", hint)


def _absolute(owner: str, written: str) -> str:
    """The path of an entry from the root: with a leading `/` as it stands, else below the owner's group."""
    if written.startswith("/") or not owner:
        return written.lstrip("/")
    return f"{owner}/{written}"
