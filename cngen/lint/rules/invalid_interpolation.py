"""CN401."""

import re
from collections.abc import Iterator

from cngen.diagnostics import Diagnostic, RuleId
from cngen.lint.queries.written import swept_values, written_values
from cngen.lint.rule import Rule
from cngen.model.tree import Tree
from cngen.model.values import Interpolation, Items, Patch, Table, Value

_PLAIN = re.compile(r"\$\{\.*[A-Za-z_]\w*(\.\w+)*\}\Z", re.ASCII)

_MAX_BRACKETS = 50
"""OmegaConf's parser takes minutes for deep ones."""


class InvalidInterpolation(Rule):
    r"""A string with `${` isn't an interpolation that OmegaConf can parse.

    ## What it does
    Parses every string with `${` with OmegaConf's own parser: values of fields and arguments, swept ones, and
    those in `hydra = {...}`.

    ## Why is it bad
    OmegaConf parses a string as soon as a config is made from it, so importing the store would fail. For a
    literal `${` in a config write `\${`.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN


    class Run(CN):
        folder: str = "runs/${now:%Y"
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN


    class Run(CN):
        folder: str = "runs/${now:%Y}"
    ```
    """

    id = RuleId("CN401", "invalid-interpolation")
    former_names = ("interpolation-grammar",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such string, judged by OmegaConf's own parser."""
        for place, value in _places(tree):
            for text in _interpolations(value):
                problem = "" if _PLAIN.match(text.text) else _problem(text.text)
                if problem:
                    message = f"invalid interpolation in `{place}`: {problem}"
                    hint = "fix it, or write `\\${` for a literal `${`"
                    yield self.found(text.span, message, hint)


def _places(tree: Tree) -> Iterator[tuple[str, Value]]:
    for node, name, _, value in written_values(tree):
        yield f"{node.name}.{name}", value
    for swept in swept_values(tree):
        yield f"{swept.node.name}.{'.'.join(swept.change.path)}", swept.change.value
    for node in tree.nodes.values():
        if node.engine.settings is not None:
            yield f"{node.name}.hydra", node.engine.settings


def _interpolations(value: Value) -> Iterator[Interpolation]:
    match value:
        case Interpolation():
            yield value
        case Items(items=items):
            for item in items:
                yield from _interpolations(item)
        case Table(pairs):
            for _, item in pairs:
                yield from _interpolations(item)
        case Patch(arguments):
            for argument in arguments:
                yield from _interpolations(argument.value)


def _problem(text: str) -> str:
    if sum(map(text.count, "{[(")) > _MAX_BRACKETS:
        return "it is nested too deeply"
    from omegaconf.errors import GrammarParseError
    from omegaconf.grammar_parser import parse  # costs more than a whole run without such strings

    try:
        parse(text)
    except GrammarParseError as error:
        return str(error).splitlines()[0]
    return ""
