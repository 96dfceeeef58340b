"""Text -> whether it is nested too deeply to be parsed; keeps the parser's stack safe.

libcst's parser descends on the machine's stack, which nothing can catch when it overflows, and
is slow on long chains of operators. So a text is measured before it is parsed, with regular
expressions alone: brackets are folded from the inside outward, each pair becoming one operator.
"""

import re

from cngen.syntax.lexing import without_literals

MAX_DEPTH = 60
"""How deeply brackets may nest; people's code stays below 20."""

MAX_CHAIN = 500
"""How many operators may follow each other without a comma, colon, `=` or bracket between them."""

_TOKEN = re.compile(
    r"\b(?P<word>not|and|or|if|else|in|is|await|lambda|elif)\b|\w+|\s+|\\", re.DOTALL
)
_INNERMOST = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_OPEN = re.compile(r"[(\[{]")
_CHAIN = re.compile(rf"[^,:;=()\[\]{{}}]{{{MAX_CHAIN}}}")


def is_too_deep(text: str) -> bool:
    """Whether brackets or operators of a text nest deeper than the parser is safe for."""
    if len(text) < MAX_DEPTH:
        return False
    if max(text.count("lambda"), text.count("elif")) > MAX_CHAIN:
        return True
    skeleton = _TOKEN.sub(_shape, without_literals(text))
    for _ in range(MAX_DEPTH):
        if _CHAIN.search(skeleton):
            return True
        skeleton, folded = _INNERMOST.subn(".", skeleton)
        if not folded:
            return len(_OPEN.findall(skeleton)) > MAX_DEPTH
    return True


def _shape(match: re.Match[str]) -> str:
    """An operator as a dot, anything else as nothing."""
    return "." if match["word"] else ""
