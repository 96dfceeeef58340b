"""`make new-rule` writes a class with its page and a file of cases, and overwrites nothing."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from cngen.lint.rule import Rule
from tests.support.project import CHECKOUT
from tests.support.rule_cases import cases_of

RULE = "cngen/lint/rules/some_pattern.py"
CASES = "tests/lint/rules/CN599_some-pattern.md"


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def new_rule(tmp_path: Path) -> Callable[..., int]:
    for path in (RULE, CASES):
        (tmp_path / path).parent.mkdir(parents=True)
    main = module(CHECKOUT / "tools" / "new_rule.py").main
    return lambda *arguments: int(main(list(arguments), tmp_path))


def test_a_new_rule_has_a_class_a_page_and_cases(
    new_rule: Callable[..., int], tmp_path: Path
) -> None:
    assert new_rule("CN599", "some-pattern") == 0

    rule = module(tmp_path / RULE).SomePattern()
    assert isinstance(rule, Rule)
    assert (rule.code, rule.name) == ("CN599", "some-pattern")
    headings = re.findall(r"^## (.+)$", rule.page(), re.MULTILINE)
    assert headings == ["What it does", "Why is it bad", "Example", "Use instead"]
    found, quiet = cases_of(tmp_path / CASES)
    assert [code for _, _, code, _ in found.expected] == ["CN599"]
    assert not quiet.expected


def test_a_new_rule_is_formatted_and_clean(new_rule: Callable[..., int], tmp_path: Path) -> None:
    new_rule("CN599", "some-pattern")
    ruff = (sys.executable, "-m", "ruff")
    settings = ("--config", str(CHECKOUT / "pyproject.toml"), "--no-cache", str(tmp_path / RULE))
    for command in (("format", "--check"), ("check",)):
        subprocess.run([*ruff, *command, *settings], check=True, capture_output=True)


@pytest.mark.parametrize("path", [RULE, CASES])
def test_nothing_is_overwritten(
    path: str, new_rule: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / path).write_text("mine")

    assert new_rule("CN599", "some-pattern") == 1
    assert capsys.readouterr().err == f"`{path}` exists\n"
    assert [p.read_text() for p in tmp_path.rglob("*") if p.is_file()] == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("CN204", "some-pattern"), "`CN204` is taken: unknown-argument"),
        (("CN599", "unknown-argument"), "`unknown-argument` is taken: CN204"),
        (("CN599", "value-type"), "`value-type` is taken: CN203"),
        (("CN999", "some-pattern"), "`CN999` is not a code: CN0xx Sources, "),
        (("CN599", "SomePattern"), "`SomePattern` is not a name: "),
        (("CN599", ""), "`` is not a name: "),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    arguments: tuple[str, str],
    problem: str,
    new_rule: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert new_rule(*arguments) == 1
    assert capsys.readouterr().err.startswith(problem)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_command_without_a_code_shows_the_usage(
    new_rule: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_rule() == 2
    assert "make new-rule CODE=CN123 NAME=some-pattern" in capsys.readouterr().err
