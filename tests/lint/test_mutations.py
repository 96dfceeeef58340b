"""Each rule finds its mistake anywhere in a clean tree, at its exact line and nothing else.

The trees are those of the contract and of the example project; tests/support/mutations.py has the mistakes.
"""

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from cngen import codes
from cngen.cli.check import CheckFlags, run
from cngen.compiler import compile_tree
from cngen.lint.check import check_tree
from cngen.lint.rules import all_rules
from cngen.project.settings import load_settings
from cngen.project.sources import line_starts, position
from tests.support.draft import MARK, Clean, Draft, clean
from tests.support.mutations import EXCEPTIONS, PLANTS
from tests.support.project import CHECKOUT

Trees = tuple[Clean, Clean]

Found = tuple[str, int, str]
"""File, line and code."""

CODES = [rule.code for rule in all_rules()]

BESIDE_OTHERS = ("CN521", "CN522")
"""Rules about two experiments of a tree: whatever is planted may meet one that is there."""

PLANTING = settings(
    max_examples=int(os.environ.get("CNGEN_MUTATIONS", "10")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    contract = CHECKOUT / "tests/whole/cases" / "contract"
    return (
        clean(contract, "cn", tmp_path_factory.mktemp("contract")),
        clean(CHECKOUT, "example_project/cn", tmp_path_factory.mktemp("example")),
    )


@pytest.mark.parametrize("code", [code for code in CODES if code in PLANTS])
@PLANTING
@given(random=st.randoms(use_true_random=False))
def test_a_planted_mistake_is_found_and_nothing_else(
    code: str, random: Random, trees: Trees
) -> None:
    draft = Draft(random.choice(trees), random)
    random.choice(PLANTS[code])(draft)

    changed = {p: t for p, t in draft.files.items() if t != draft.clean.files.get(p)}
    note("\n".join(f"--- {path}\n{text}" for path, text in changed.items()))
    assert found(draft.clean, changed, code) == [planted(changed, code)]


def planted(changed: dict[str, str], code: str) -> Found:
    """Where the mark is."""
    ((path, text),) = ((path, text) for path, text in changed.items() if MARK in text)
    assert text.count(MARK) == 1
    return path, text[: text.index(MARK)].count("\n") + 1, code


def found(tree: Clean, changed: dict[str, str], code: str) -> list[Found]:
    """The findings that a tree doesn't have without the changes."""
    texts = {path: text.replace(MARK, "") for path, text in changed.items()}
    try:
        for path, text in texts.items():
            (tree.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (tree.folder / path).write_bytes(text.encode("utf-8", "surrogateescape"))
        others = tuple(other for other in BESIDE_OTHERS if other != code)
        chosen = replace(load_settings(tree.folder), select=("CN", code), ignore=others)
        diagnostics = check_tree(chosen).diagnostics
    finally:
        restore(tree, texts)
    known = {(d.span.file, d.code, d.message) for d in tree.before}
    new = [d for d in diagnostics if (d.span.file, d.code, d.message) not in known]
    note("\n".join(f"{d.code} {d.message}" for d in new))
    lines = {path: line_starts(text) for path, text in {**tree.files, **texts}.items()}
    return [(d.span.file, position(lines[d.span.file], d.span.start)[0], d.code) for d in new]


def restore(tree: Clean, changed: dict[str, str]) -> None:
    for path in changed:
        if path in tree.files:
            (tree.folder / path).write_text(tree.files[path], encoding="utf-8")
        else:
            (tree.folder / path).unlink()


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_a_mistake_to_plant(code: str) -> None:
    assert (code in PLANTS) != (code in EXCEPTIONS), f"plant a mistake for {code} in mutations.py"


@PLANTING
@given(random=st.randoms(use_true_random=False))
def test_a_changed_store_is_found_and_nothing_else(random: Random, trees: Trees) -> None:
    tree = random.choice(trees)
    chosen = load_settings(tree.folder)
    text = compile_tree(chosen).text
    assert text is not None
    store = tree.folder / chosen.output
    at = random.randrange(len(text))
    changed = random.choice(
        [text[:at], text[:at] + text[at + 1 :], f"{text[:at]}#{text[at:]}", None]
    )
    try:
        if changed is not None:
            store.write_text(changed, encoding="utf-8")
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()):
            status = run(chosen, CheckFlags(style="json"), lambda text, _: text)
    finally:
        store.unlink(missing_ok=True)

    ((line, code),) = ((d["line"], d["code"]) for d in json.loads(out.getvalue()))
    assert (status, line, code) == (1, 1, codes.STALE_STORE.code)
