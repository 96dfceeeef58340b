"""CN212."""

import re
from collections.abc import Iterator

from cngen.diagnostic import Diagnostic
from cngen.model import Interpolation, Items, Table, Tree, Value
from cngen.rules.base import Rule, written_values

_PLAIN = re.compile(r"\$\{\.*[A-Za-z_]\w*(\.\w+)*\}\Z", re.ASCII)

_MAX_BRACKETS = 50
"""OmegaConf's parser takes minutes for deep ones."""


class InterpolationGrammar(Rule):
    """A string with `${` isn't an interpolation that OmegaConf can parse, so the store couldn't be imported."""

    code = "CN212"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every such string, judged by OmegaConf's own parser."""
        for node, name, _, value in written_values(tree):
            for text in _interpolations(value):
                problem = "" if _PLAIN.match(text.text) else _problem(text.text)
                if problem:
                    message = f"`{node.name}.{name}` holds an interpolation that can't be parsed: {problem}"
                    yield self.found(
                        text.span,
                        message,
                        "correct it, or write `\\${` for the characters themselves",
                    )


def _interpolations(value: Value) -> Iterator[Interpolation]:
    if isinstance(value, Interpolation):
        yield value
    elif isinstance(value, Items):
        for item in value.items:
            yield from _interpolations(item)
    elif isinstance(value, Table):
        for _, item in value.items:
            yield from _interpolations(item)


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
