"""Everything that a user reads is in plain English: no word of a dialect is left in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cngen.cli import main
from cngen.diff.changes import KINDS
from cngen.lint.rule import Rule
from cngen.lint.rules import all_rules
from tests.support.project import CHECKOUT
from tests.support.rule_cases import FENCE

BANNED = re.compile(
    r"\b(tells?|told|sa(y|ys|id)|mend(s|ed|ing)?|otherwise|alone|stands?|lies|forbids?|hasn't|gone)\b"
    r"|takes? away|unless told|(has|have) no \S+ of (its|their) own|\bis no (?!longer)",
    re.IGNORECASE,
)
FINE = re.compile(r"\b(there|it) is no\b", re.IGNORECASE)
MODULES = sorted((CHECKOUT / "cngen").rglob("*.py"))
PAGES = (
    *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((CHECKOUT / "docs").glob("*.md")),
)
OTHERS = ("docs/diff.schema.json", "docs/github-workflow.yml", "Makefile")


def words(text: str) -> list[str]:
    """The banned words in a text."""
    return [match[0] for match in BANNED.finditer(FINE.sub("", text))]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_page_of_a_rule_is_in_plain_english(rule: Rule) -> None:
    assert not words(FENCE.sub("", rule.page()))


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(CHECKOUT).with_suffix("").as_posix()
)
def test_a_message_is_in_plain_english(path: Path) -> None:
    assert not [(text, words(text)) for text in printed(path) if words(text)]


@pytest.mark.parametrize("name", ["", *main.commands])
def test_help_is_in_plain_english(name: str) -> None:
    command = main.commands[name] if name else main
    text = command.get_help(click.Context(command, info_name=f"cngen {name}"))

    assert "Usage: cngen" in text
    assert not words(text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_document_is_in_plain_english(path: Path) -> None:
    lines = FENCE.sub("", path.read_text(encoding="utf-8")).splitlines()

    assert not [(line, words(line)) for line in lines if words(line)]


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_in_plain_english(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    lines = re.findall(r'"description": "(.+)"', text) if "schema" in name else text.splitlines()

    assert lines
    assert not [(line, words(line)) for line in lines if words(line)]


def test_kinds_of_changes_are_in_plain_english() -> None:
    assert not [kind for kind in KINDS if words(kind.replace("-", " "))]


def printed(path: Path) -> Iterator[str]:
    """The strings of a module that people may read: those with a space, without docstrings."""
    return strings(path.read_text(encoding="utf-8"))


def strings(source: str) -> Iterator[str]:
    """The strings with a space in Python code, also parts of f-strings, but no docstrings."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield from (node.value,) if " " in node.value else ()


@pytest.mark.parametrize("text", ["it tells so", "one of some alone", "`x` is no node", "is gone"])
def test_a_banned_word_is_found(text: str) -> None:
    assert words(text)


def test_messages_are_found_in_code() -> None:
    source = (
        '"""It says so."""\ndef f(x):\n    """Told."""\n    raise E(f"`{x}` is gone", y("not it"))'
    )

    assert list(strings(source)) == ["` is gone", "not it"]
