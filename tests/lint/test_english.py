"""What lint prints is in plain English: no word of a dialect is left in pages, messages and hints."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cngen.lint.rule import Rule
from cngen.lint.rules import all_rules
from tests.support.project import CHECKOUT
from tests.support.rule_cases import FENCE

LINT = CHECKOUT / "cngen" / "lint"
BANNED = re.compile(
    r"\b(tells?|told|sa(y|ys|id)|mend(s|ed)?|otherwise|alone|stands?|lies|forbids?|hasn't|gone)\b"
    r"|takes? away|unless told|(has|have) no \S+ of (its|their) own|\bis no (?!longer)",
    re.IGNORECASE,
)
FINE = re.compile(r"\b(there|it) is no\b", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The banned words in a text."""
    return [match[0] for match in BANNED.finditer(FINE.sub("", text))]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_page_is_in_plain_english(rule: Rule) -> None:
    assert not words(FENCE.sub("", rule.page()))


@pytest.mark.parametrize("path", sorted(LINT.rglob("*.py")), ids=lambda path: path.stem)
def test_a_message_is_in_plain_english(path: Path) -> None:
    assert not [(text, words(text)) for text in printed(path) if words(text)]


def printed(path: Path) -> Iterator[str]:
    """The strings of a module that people may read: those with a space, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield from (node.value,) if " " in node.value else ()


@pytest.mark.parametrize("text", ["it tells so", "one of some alone", "`x` is no node", "is gone"])
def test_a_banned_word_is_found(text: str) -> None:
    assert words(text)
