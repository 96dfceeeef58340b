"""Comments -> those that cngen reads."""

import re
from collections.abc import Iterator

from cngen.syntax.facts import Code, Ignore
from cngen.syntax.lexing import comments

IGNORE = re.compile(
    r"#\s*(?:cngen:\s*(?P<word>[^\s\[\]#]*)|(?i:cngen\s*:?\s*ignore)(?=\s*\[))\s*(?:\[(?P<codes>[^\]#]*)\])?"
)


def ignores(text: str) -> Iterator[Ignore]:
    """The comments that speak to cngen."""
    for start, comment in comments(text):
        for match in IGNORE.finditer(comment):
            inside = start + match.start("codes")
            codes = tuple(
                Code(code[0], inside + code.start(), inside + code.end())
                for code in re.finditer(r"[^\s,]+", match["codes"] or "")
            )
            word = match["word"]
            if word is None:
                word = match[0].partition("[")[0].rstrip()
            yield Ignore(word, codes, start + match.start(), start + match.end())
