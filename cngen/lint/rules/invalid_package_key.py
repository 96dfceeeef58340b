"""CN306."""

from collections.abc import Iterator

from cngen.compose.defaults import has_package_keys, is_package_key, value_is_none
from cngen.compose.written import key_text
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.lint.queries.written import written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.types import node_dict_type
from cngen.model.values import Instance, Interpolation, Table


class InvalidPackageKey(Rule):
    """A dict of nodes has a key that can't be part of a Hydra package, or a value that can't be chosen.

    ## What it does
    Checks the keys of dicts that hold nodes: Hydra takes ASCII letters, digits, `_` and `-`, with no digit first.
    A reference among the nodes can't be an entry of a defaults list either.

    ## Why is it bad
    The whole dict is then built in place, because no entry of a defaults list can name such a key. The config is
    as written, but none of its nodes can be chosen on the command line.

    ## Example
    ```python
    # cn/head/base.py
    from cngen import CN

    class Head(CN):
        dim: int = 7
    # cn/run.py
    from cngen import CN
    from cn.head.base import Head

    class Run(CN):
        heads: dict[str, Head] = {"left": Head(), "2d": Head()}
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN
    from cn.head.base import Head

    class Run(CN):
        heads: dict[str, Head] = {"left": Head(), "flat": Head()}
    ```
    """

    id = RuleId("CN306", "invalid-package-key", Severity.WARNING)
    former_names = ("unpackaged-key",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such dict."""
        for node, name, written, value in written_values(tree):
            if (
                node_dict_type(written) is not None
                and isinstance(value, Table)
                and not has_package_keys(value)
                and not _has_misfits(value)
            ):
                place = f"{node.name}.{name}"
                yield self.found(value.span, *_reason(value, place))


def _reason(table: Table, place: str) -> tuple[str, str]:
    """Why nothing in a dict of nodes can be chosen, and what to do."""
    built = f"the nodes in `{place}` are built in place"
    if not all(is_package_key(key) for key, _ in table.items):
        hint = "use ASCII letters, digits, `_` and `-`, with no digit first"
        return f"{built}: Hydra doesn't accept one of the keys as a name", hint
    key = next(key for key, value in table.items if isinstance(value, Interpolation))
    hint = "move it to a separate field, or choose a node for the key"
    return (
        f"{built}: the value of `{key_text(key)}` is a reference, which no defaults list can choose",
        hint,
    )


def _has_misfits(table: Table) -> bool:
    """Whether a value isn't a node or a reference to one, which another rule reports."""
    values = (value for _, value in table.items)
    return not all(isinstance(v, Instance | Interpolation) or value_is_none(v) for v in values)
