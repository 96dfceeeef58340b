"""The formats of `cngen diff`, each read by its own consumer: a schema, a reader of Markdown, GitHub's runner."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cngen.cli.formats import REVIEWS
from cngen.compose.configs import Composed
from cngen.diff.changes import Change, Comparison, Effect, Gone, Impact, Jobs, Location
from cngen.diff.formats import reviewed
from cngen.diff.formats.markdown import LIMIT, MARKER
from cngen.diff.formats.markup import code, code_element, prose, row
from cngen.diff.formats.wording import Folded, excerpts, folded
from cngen.text import escaping
from cngen.text.escaping import is_plain, one_line
from tests.support.effort import EACH
from tests.support.printed import plain, tagged, unescaped
from tests.support.project import CHECKOUT, environment_of_cngen

SCHEMA = json.loads((CHECKOUT / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
PAGE = (CHECKOUT / "docs" / "diff.md").read_text(encoding="utf-8")


def real(value: str) -> Composed:
    return Composed(value, "float")


def node(name: str) -> Composed:
    return Composed(name, "Optimizer")


RENAMED = Change(
    kind="field-renamed",
    subject="Adam.lr",
    message="field `Adam.lr` was renamed to `Adam.rate`",
    old="lr",
    new="rate",
    impact=Impact.BREAKING,
    location=Location("cn/optimizer/adam.py", 7, 5),
    gone=(Gone("optimizer.lr", "optimizer.rate"),),
    effects=(
        Effect("optimizer.lr", real("0.001"), None, ("exp/fast", "run")),
        Effect("optimizer.rate", None, real("0.001"), ("exp/fast", "run")),
    ),
)
REMOVED = Change(
    kind="option-removed",
    subject="Lion",
    message="option `Lion` was removed: `optimizer=lion`",
    old="Lion",
    new="",
    impact=Impact.BREAKING,
    location=Location("cn/optimizer/lion.py", 4, 1, is_old=True),
    gone=(Gone("optimizer=lion"),),
)
REPLACED = Change(
    kind="default-option-changed",
    subject="Run.optimizer",
    message="`Run.optimizer`: `Adam()` -> `SGD()`",
    old="Adam()",
    new="SGD()",
    impact=Impact.BEHAVIOUR,
    location=Location("cn/run.py", 9, 5),
    effects=(
        Effect("optimizer", node("Adam"), node("SGD"), ("exp/fast", "exp/sweep", "run")),
        Effect("optimizer.momentum", None, real("0.9"), ("exp/fast", "exp/sweep", "run")),
        Effect("optimizer.rate", real("0.001"), None, ("exp/sweep", "run")),
        Effect("seed", Composed("1", "int"), Composed("1", "int | None"), ("run",)),
    ),
    jobs=(Jobs("exp/sweep", 12, 18),),
)
DOCUMENTED = Change(
    kind="docs-changed",
    subject="Adam",
    message="docstring of `Adam` changed",
    old="",
    new="",
    impact=Impact.SAFE,
    location=None,
)
SAMPLE = Comparison(
    base="main",
    head="working tree",
    changes=(RENAMED, REMOVED, REPLACED, DOCUMENTED),
    configs=("exp/fast", "exp/sweep", "exp/tiny", "run"),
    notes=("`cn/old.py` of main has 2 errors, and isn't compared",),
)
SMALL = replace(SAMPLE, changes=(RENAMED,), notes=())


def printed(name: str, comparison: Comparison, verbose: bool = False) -> str:
    return reviewed(name, comparison, plain, None, verbose)


# Any comparison

NASTY = [
    *(
        "`",
        "``",
        "|",
        "\\|",
        "\\",
        "\n",
        "\r\n",
        "\x1b[31m",
        "\udc80",
        "é",
        "漢",
        "\U0001f600",
        " ",
        "\t",
    ),
    *("<b>", "</details>", "<details>", "<!--", "-->", "&lt;", "</summary>", "<br>"),
    *(
        "@octocat",
        "#1",
        "GH-1",
        "a/b#2",
        "deadbeef",
        "https://x.io",
        "www.x.io",
        "a@b.io",
        ":tada:",
    ),
    *("*", "_a_", "[x](y)", "![i](j)", "$a$", "# ", "- ", "1. ", "| --- |", "~~", "```", "---"),
    *("::error::", "%0A", "%", ",", ":", "Adam", "optimizer.lr", "a.b"),
]
texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=6)), max_size=6).map("".join)
names = st.one_of(st.sampled_from(["run", "exp/a", "exp/b", "exp/c", "exp/d"]), texts)
composed = st.none() | st.builds(Composed, texts, st.sampled_from(["int", "float"]) | texts)
configs = st.lists(names, min_size=1, max_size=6, unique=True).map(sorted).map(tuple)
keys = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map(".".join) | texts
effects = st.builds(Effect, keys, composed, composed, configs)
numbers = st.integers(1, 10**6)
changes = st.builds(
    Change,
    kind=st.sampled_from(["field-renamed", "default-changed", "docs-changed"]),
    subject=texts,
    message=texts,
    old=texts,
    new=texts,
    impact=st.sampled_from(Impact),
    location=st.none() | st.builds(Location, texts, numbers, numbers, st.booleans()),
    gone=st.lists(st.builds(Gone, texts, texts), max_size=3).map(tuple),
    effects=st.lists(effects, max_size=8).map(tuple),
    jobs=st.lists(st.builds(Jobs, names, st.none() | numbers, st.none() | numbers), max_size=2).map(
        tuple
    ),
)


def sorted_by_impact(found: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(change for impact in Impact for change in found if change.impact is impact)


comparisons = st.builds(
    Comparison,
    base=texts,
    head=texts,
    changes=st.lists(changes, max_size=4).map(sorted_by_impact),
    configs=configs,
    notes=st.lists(texts, max_size=2).map(tuple),
)
some = settings(
    deadline=None,
    max_examples=EACH,
    suppress_health_check=[HealthCheck.too_slow],
)


def every_format() -> str:
    return "".join(printed(name, SAMPLE) for name in REVIEWS)


@pytest.mark.slow
def test_the_order_of_sets_changes_nothing() -> None:
    code = "from tests.diff.test_reviews import *; sys.stdout.write(every_format())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            env=environment_of_cngen(PYTHONHASHSEED=str(seed)),
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert outputs == {every_format()}


@pytest.mark.parametrize("name", REVIEWS)
def test_only_text_has_colours(name: str) -> None:
    has_colours = reviewed(name, SAMPLE, tagged, None) != printed(name, SAMPLE)
    assert has_colours == (name == "text")


@pytest.mark.parametrize("name", REVIEWS)
def test_paths_lead_from_here(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each from the project of its own tree; without projects they lead from these."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    text = reviewed(name, SAMPLE, plain, (tmp_path / "old", tmp_path / "project"))

    assert "../project/cn/run.py" in text
    assert "../old/cn/optimizer/lion.py" in text
    assert "../" not in printed(name, SAMPLE)


# Text


def test_text() -> None:
    assert printed("text", SAMPLE) == (
        "main -> working tree: 2 breaking, 1 behaviour, 1 safe; 3 of 4 configs change\n"
        "\n"
        "2 breaking changes\n"
        "  cn/optimizer/adam.py:7:5: field `Adam.lr` was renamed to `Adam.rate`\n"
        "    `optimizer.lr` stops working: use `optimizer.rate`\n"
        "\n"
        "  cn/optimizer/lion.py:4:1 (in main): option `Lion` was removed: `optimizer=lion`\n"
        "    `optimizer=lion` stops working\n"
        "\n"
        "1 change of behaviour\n"
        "  cn/run.py:9:5: `Run.optimizer`: `Adam()` -> `SGD()`\n"
        "    exp/fast, exp/sweep, run: optimizer Adam -> SGD (and 2 keys below)\n"
        "    run: seed 1, type int -> int | None\n"
        "    exp/sweep: 12 -> 18 jobs\n"
        "\n"
        "1 safe change\n"
        "  docstring of `Adam` changed\n"
        "\n"
        "note: `cn/old.py` of main has 2 errors, and isn't compared\n"
    )


def test_verbose_text_folds_nothing() -> None:
    many = tuple(f"exp/e{number}" for number in range(10))
    long = Effect("a", real("1" * 100), real("2"), many)
    text = printed("text", replace(SMALL, changes=(replace(REPLACED, effects=(long,)),)), True)

    assert f"    {', '.join(many)}: a {'1' * 100} -> 2\n" in text
    assert "      optimizer.momentum added: 0.9\n" in printed("text", SAMPLE, verbose=True)


COLOURED = [
    "<red>2 breaking changes</>\n  <cyan>cn/optimizer/adam.py:7:5</>: field",
    "<yellow>1 change of behaviour</>",
    "<green>1 safe change</>",
    "<cyan>note:</> `cn/old.py`",
]


@pytest.mark.parametrize("part", COLOURED)
def test_colours(part: str) -> None:
    assert part in reviewed("text", SAMPLE, tagged, None)


SUMMARIES = {
    "nothing changed": ((), (), "nothing changed"),
    "nothing that could be compared": ((), ("x",), "nothing changed in what could be compared"),
    "nothing composed": ((DOCUMENTED,), (), "1 safe; no config changes"),
    "one config": (
        (replace(DOCUMENTED, jobs=(Jobs("run", 1, 2),)),),
        (),
        "1 safe; 1 of 4 configs changes",
    ),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_first_line(name: str) -> None:
    found, notes, summary = SUMMARIES[name]
    comparison = replace(SAMPLE, changes=found, notes=notes)

    assert printed("text", comparison).splitlines()[0] == f"main -> working tree: {summary}"
    assert printed("markdown", comparison).splitlines()[:2] == [
        MARKER,
        f"**main -&gt; working tree: {summary}**",
    ]


JOBS = {
    (12, 18): "12 -> 18 jobs",
    (3, 1): "3 -> 1 job",
    (None, 6): "a search -> 6 jobs",
    (1, None): "1 job -> a search",
}


@pytest.mark.parametrize("counts", JOBS)
def test_numbers_of_jobs(counts: tuple[int | None, int | None]) -> None:
    change = replace(DOCUMENTED, jobs=(Jobs("exp/s", *counts),))

    assert f"    exp/s: {JOBS[counts]}\n" in printed("text", replace(SMALL, changes=(change,)))


LISTED = {
    "few": (("a", "b", "c"), "a, b, c"),
    "many": (("a", "b", "c", "d", "e"), "a, b and 3 more"),
    "all": (("a", "b", "c", "d", "e", "f"), "all 6 configs"),
}


@pytest.mark.parametrize("name", LISTED)
def test_configs_are_folded(name: str) -> None:
    own, shown = LISTED[name]
    change = replace(REPLACED, effects=(Effect("x", real("1"), real("2"), own),), jobs=())
    comparison = replace(SMALL, changes=(change,), configs=("a", "b", "c", "d", "e", "f"))

    assert f"    {shown}: x 1 -> 2\n" in printed("text", comparison)


def test_effects_on_the_same_configs_share_their_line() -> None:
    both, wide = ("a", "b"), "漢字"
    found = (
        Effect("x", real("1"), real("2"), both),
        Effect("y", real("1"), real("2"), ("a",)),
        Effect(wide, real("1"), real("2"), both),
    )
    text = printed("text", replace(SMALL, changes=(replace(REPLACED, effects=found),)))

    assert f"    a, b:\n      x    1 -> 2\n      {wide} 1 -> 2\n    a: y 1 -> 2\n" in text


def effect(key: str, *own: str, old: str | None = "1", new: str | None = "2") -> Effect:
    found = (None if value is None else real(value) for value in (old, new))
    return Effect(key, *found, own)


FOLDED = {
    "keys below": ((effect("a", "x"), effect("a.b", "x"), effect("a.c.d", "x")), {"a": 2}),
    "a key that only looks like it": ((effect("a", "x"), effect("ab", "x")), {"a": 0, "ab": 0}),
    "in fewer configs": ((effect("a", "x", "y"), effect("a.b", "y")), {"a": 1}),
    "in more configs": ((effect("a", "x"), effect("a.b", "x", "y")), {"a": 0, "a.b": 0}),
    "one key twice": (
        (effect("a", "x", "y"), effect("a.b", "y"), effect("a.b", "x", old="3")),
        {"a": 1},
    ),
    "a new node": ((effect("a", "x", old=None), effect("a.b", "x", old=None)), {"a": 1}),
    "another type": (
        (Effect("a", real("A"), node("A"), ("x",)), effect("a.b", "x")),
        {"a": 0, "a.b": 0},
    ),
    "nodes in nodes": ((effect("a", "x"), effect("a.b", "x"), effect("a.b.c", "x")), {"a": 2}),
}


@pytest.mark.parametrize("name", FOLDED)
def test_keys_below_a_replaced_node_are_folded(name: str) -> None:
    found, shown = FOLDED[name]

    assert {one.effect.key: one.below for one in folded(found)} == shown


def test_each_of_two_replacements_counts_the_keys_of_its_configs() -> None:
    one, other = effect("a", "x"), effect("a", "y", old="3")
    below = effect("a.b", "x", "y"), effect("a.c", "y")

    assert folded((one, other, *below)) == (Folded(one, 1), Folded(other, 2))


@given(st.lists(effects, max_size=12))
@some
def test_folding_hides_only_what_a_shown_key_stands_for(found: list[Effect]) -> None:
    kept = folded(found)
    shown = [one.effect for one in kept]

    assert shown == [e for e in found if e in shown]
    for hidden in (e for e in found if e not in shown):
        above = [e for e in shown if hidden.key.startswith(f"{e.key}.")]
        assert set(hidden.configs) <= {config for e in above for config in e.configs}
        assert any(one.below for one in kept if one.effect in above)


def test_long_values_are_cut_where_they_still_differ() -> None:
    old, new = excerpts("a" * 100 + "b" + "c" * 100, "a" * 100 + "d", 60)

    assert old == "..." + "a" * 16 + "b" + "c" * 43 + "..."
    assert new == "..." + "a" * 16 + "d"
    assert excerpts("a" * 61, "b", 60) == ("a" * 60 + "...", "b")


@given(texts.map(lambda text: text * 9), texts.map(lambda text: text * 9))
@some
def test_cut_values_differ_as_the_values_do(old: str, new: str) -> None:
    shown = excerpts(old, new, 20)

    if old == new:
        assert shown[0] == shown[1]
    else:
        assert shown[0] != shown[1] or one_line(old) == one_line(new)


@given(comparisons, st.booleans())
@some
def test_text_holds_every_change(comparison: Comparison, verbose: bool) -> None:
    lines = printed("text", comparison, verbose).split("\n")

    assert all(is_plain(line) for line in lines)
    messages = [one_line(change.message) for change in comparison.changes]
    for message in messages:
        assert any(line.endswith(message) for line in lines)
    for change in comparison.changes:
        stopped = [f"    {one_line(f'`{gone.key}` stops working')}" for gone in change.gone]
        assert all(any(line.startswith(start) for line in lines) for start in stopped)
    if verbose:
        shown = "\n".join(lines)
        for change in comparison.changes:
            for own in change.effects:
                assert one_line(", ".join(own.configs)) in shown
    notes = [f"note: {one_line(note)}" for note in comparison.notes]
    assert lines[len(lines) - 1 - len(notes) : -1] == notes


# JSON


def valid(document: object) -> None:
    Draft202012Validator(SCHEMA).validate(document)


def test_the_schema_is_one_and_describes_every_property() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    objects = [SCHEMA, SCHEMA["properties"]["summary"], *SCHEMA["$defs"].values()]
    for one in objects:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
        assert all(p["description"].strip() for p in one["properties"].values())


@pytest.mark.parametrize(
    "broken",
    [
        lambda read: read.pop("base"),
        lambda read: read.update(more=1),
        lambda read: read["changes"][0].update(impact="bad"),
        lambda read: read["changes"][0]["location"].update(line=0),
        lambda read: read["changes"][0]["effects"][0].update(old="0.001"),
        lambda read: read["changes"][0]["gone"][0].pop("instead"),
        lambda read: read["summary"].update(safe=-1),
    ],
)
def test_the_schema_can_refuse(broken: Any) -> None:
    """What makes its silence mean something."""
    read = json.loads(printed("json", SAMPLE))
    valid(read)
    broken(read)

    assert not Draft202012Validator(SCHEMA).is_valid(read)


@given(comparisons)
@some
def test_json_holds_everything(comparison: Comparison) -> None:
    text = printed("json", comparison)
    read = json.loads(text)

    valid(read)
    assert text.isascii()
    assert _read(read) == comparison
    counts = {impact.value: len(comparison.of(impact)) for impact in Impact}
    touched = {config for change in comparison.changes for config in change.configs}
    assert read["summary"] == {
        **counts,
        "configs": len(comparison.configs),
        "changed_configs": len(touched),
    }
    assert [c["configs"] for c in read["changes"]] == [[*c.configs] for c in comparison.changes]


def _read(document: dict[str, Any]) -> Comparison:
    found = tuple(_read_change(change) for change in document["changes"])
    rest = {name: tuple(document[name]) for name in ("configs", "notes")}
    return Comparison(document["base"], document["head"], found, **rest)


def _read_change(read: dict[str, Any]) -> Change:
    at = read["location"]
    return Change(
        **{name: read[name] for name in ("kind", "subject", "message", "old", "new")},
        impact=Impact(read["impact"]),
        location=at and Location(at["file"], at["line"], at["column"], at["is_old"]),
        gone=tuple(Gone(**gone) for gone in read["gone"]),
        effects=tuple(
            Effect(
                e["key"], *(e[at] and Composed(**e[at]) for at in ("old", "new")), (*e["configs"],)
            )
            for e in read["effects"]
        ),
        jobs=tuple(Jobs(**jobs) for jobs in read["jobs"]),
    )


# GitHub


def test_github() -> None:
    commands = [unescaped(line) for line in printed("github", SAMPLE).splitlines()]

    place = {"file": "cn/optimizer/adam.py", "line": "7", "col": "5"}
    assert [(word, properties) for word, properties, _ in commands] == [
        ("error", {**place, "title": "breaking: field-renamed"}),
        ("error", {"title": "breaking: option-removed"}),
        (
            "warning",
            {
                **place,
                "file": "cn/run.py",
                "line": "9",
                "title": "behaviour: default-option-changed",
            },
        ),
        ("notice", {"title": "safe: docs-changed"}),
        ("notice", {"title": "not compared"}),
    ]
    assert commands[0][2].startswith(f"cn/optimizer/adam.py:7:5: {RENAMED.message}\n`optimizer.lr`")
    assert commands[1][2] == (
        f"cn/optimizer/lion.py:4:1 (in main): {REMOVED.message}\n`optimizer=lion` stops working"
    )


def test_github_keeps_a_message_short() -> None:
    change = replace(REMOVED, gone=tuple(Gone(f"k{number}") for number in range(100)))
    _, _, message = unescaped(printed("github", replace(SMALL, changes=(change,))).rstrip("\n"))

    lines = message.split("\n")
    assert len(lines) == 13
    assert lines[-1] == "and 89 more lines: see `cngen diff`"


@given(comparisons)
@some
def test_github_gets_a_command_a_line(comparison: Comparison) -> None:
    text = printed("github", comparison)
    *lines, last = text.split("\n")
    commands = [unescaped(line) for line in lines]

    assert last == ""
    assert "\r" not in text
    assert len(commands) == len(comparison.changes) + len(comparison.notes)
    for (word, properties, message), change in zip(commands, comparison.changes, strict=False):
        at = change.location
        assert (
            word
            == {"breaking": "error", "behaviour": "warning", "safe": "notice"}[change.impact.value]
        )
        assert properties.get("file") == (None if at is None or at.is_old else one_line(at.path))
        head = "" if at is None else "."  # a place stands before the message
        assert escaping.lines(head + change.message).removeprefix(head) in message


# Markdown

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
WORD = re.compile(
    r"\(?[A-Za-z]+(?:['-][A-Za-z]+)*\)?[.,;:]*|\(?\d{1,6}\)?[.,;:]*|->|[().,;:]+(?:\w{1,6}\)?)?|"
)


@lru_cache(maxsize=1)
def blocks_of(text: str) -> list[Token]:
    """A comment as it is read; several tests ask for one and the same."""
    return MARKDOWN.parse(text)


COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b")


class Html(HTMLParser):
    """The tags of HTML, and the text in it that isn't code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.depth = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        self.depth += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self.depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.words += " " if self.depth else data


def inline(text: str) -> Iterator[Token]:
    for token in blocks_of(text):
        yield from token.children or []


def tags(text: str) -> list[str]:
    """The folds of a comment as GitHub sees them: not those in code."""
    blocks = [t for t in blocks_of(text) if t.type == "html_block" and MARKER not in t.content]
    found = [Html(block.content) for block in blocks]
    for html in found:
        assert_plain(html.words)
        assert set(html.tags) <= {"details", "/details", "summary", "/summary", "code", "/code"}
    return [tag for html in found for tag in html.tags if "code" not in tag]


def assert_plain(text: str) -> None:
    """Nothing in it is a mention, a reference, a link, an emoji or a commit for GitHub."""
    assert not COMMIT.search(text)
    for word in text.split():
        assert WORD.fullmatch(word), text


def assert_well_formed(text: str) -> None:
    lines = text.split("\n")
    assert lines[0] == MARKER
    assert len(text.encode()) <= LIMIT
    assert lines[-1] == ""
    found = tags(text)
    assert found == ["details", "summary", "/summary", "/details"] * (len(found) // 4)
    for token in inline(text):
        assert token.type in ("text", "code_inline", "html_inline", "softbreak", "strong_open",
                              "strong_close", "em_open", "em_close"), token  # fmt: skip
        assert token.type != "html_inline" or token.content == "<br>"
    for block in blocks_of(text):
        parts = (" x " if t.type != "text" else t.content for t in block.children or [])
        assert_plain("".join(parts))
    assert_tables(lines)


def assert_tables(lines: Sequence[str]) -> None:
    """The rows of a table have as many bars as its head."""
    bars = 0
    for line in lines:
        if not line.startswith("|"):
            bars = 0
            continue
        own = len(re.findall(r"(?<!\\)\|", line))
        assert own == (bars or own)
        assert line.endswith(" |")
        bars = own


def cells(text: str) -> list[list[str]]:
    """The rows of all tables, read: what is in their cells, as one text each."""
    rows: list[list[str]] = []
    for token in blocks_of(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level >= 4 and rows:
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows


def test_markdown() -> None:
    text = printed("markdown", SAMPLE)

    assert_well_formed(text)
    assert text.startswith(
        f"{MARKER}\n"
        "**main -&gt; working tree: 2 breaking, 1 behaviour, 1 safe; 3 of 4 configs change**\n"
        "\n"
        "### 2 breaking changes\n"
        "\n"
        "| change | stops working | instead |\n"
        "| --- | --- | --- |\n"
        "| field `Adam.lr` was renamed to `Adam.rate`<br>`cn/optimizer/adam.py:7:5` "
        "| `optimizer.lr` | `optimizer.rate` |\n"
        "| option `Lion` was removed: `optimizer=lion`<br>`cn/optimizer/lion.py:4:1 (in main)` "
        "| `optimizer=lion` |  |\n"
        "\n"
        "### 1 change of behaviour\n"
        "\n"
        "| change | effect | configs |\n"
        "| --- | --- | --- |\n"
        "| `Run.optimizer`: `Adam()` -&gt; `SGD()`<br>`cn/run.py:9:5` "
        "| `optimizer`: `Adam -> SGD` (and 2 keys below)<br>`seed`: `1, type int -> int \\| None`"
        "<br>`exp/sweep`: 12 -&gt; 18 jobs | `exp/fast`, `exp/sweep`, `run` |\n"
        "\n"
        "### Not compared\n"
        "\n"
        "- `cn/old.py` of main has 2 errors, and isn't compared\n"
        "\n"
        "<details><summary>field <code>Adam.lr</code> was renamed to <code>Adam.rate</code></summary>\n"
        "\n"
        "| key | before | after | configs |\n"
    )
    assert ["seed", "1 (int)", "1 (int | None)", "run"] in cells(text)
    assert text.endswith(
        "<details><summary>1 safe change</summary>\n\n- docstring of `Adam` changed\n\n</details>\n"
    )


@given(comparisons)
@some
def test_markdown_of_anything_is_well_formed(comparison: Comparison) -> None:
    assert_well_formed(printed("markdown", comparison))


@given(texts, texts)
@some
def test_code_in_a_table_is_read_as_it_was(one: str, other: str) -> None:
    text = row("a", "b") + row("---", "---") + row(code(one), code(other))
    read = cells(text)[1]

    assert [cell.strip() for cell in read] == [one_line(part).strip() for part in (one, other)]
    assert {t.type for t in inline(text)} <= {"text", "code_inline"}


@given(texts)
@some
def test_code_in_a_fold_is_read_as_it_was(text: str) -> None:
    element = code_element(text)

    assert unescape(element.removeprefix("<code>").removesuffix("</code>")) == one_line(text)
    assert Html(element).tags == ["code", "/code"]


SENTENCES = {
    "field `Adam.lr` was removed": "field `Adam.lr` was removed",
    "was 0.001, is 12 (see it)": "was `0.001`, is 12 (see it)",
    "ask @octocat in #1 or GH-1": "ask `@octocat` in `#1` or `GH-1`",
    "`Adam`.lr is 1e-3.": "`Adam.lr` is `1e-3`.",
    "since deadbeef or 1234567": "since `deadbeef` or `1234567`",
    "see https://x.io, :tada: a@b.io": "see `https://x.io`, `:tada`: `a@b.io`",
    "a -> <b> & *c*": "a -&gt; `<b>` `&` `*c*`",
    "`Adam`'s": "`Adam`'s",
    "one ` of two": "one `` ` `` of two",
    "`a|b`": "`a|b`",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_only_plain_words_stay_outside_code(sentence: str) -> None:
    assert prose(sentence) == SENTENCES[sentence]


def test_a_change_with_many_keys_leaves_room() -> None:
    change = replace(REMOVED, gone=tuple(Gone(f"k{number}") for number in range(1000)))
    rows = cells(printed("markdown", replace(SMALL, changes=(change,))))

    assert len(rows) == 21
    assert rows[-1][1] == "and 981 more"


LEFT_OUT = re.compile(r"^_Left out for lack of space: (\d+) (.*)\._$", re.M)


def left_out(text: str) -> dict[str, int]:
    """What the notes say, by the first word of it that tells it apart."""
    found = [
        (what.replace("changes", "change").rstrip("s"), n) for n, what in LEFT_OUT.findall(text)
    ]
    return {what: sum(int(n) for w, n in found if w == what) for what, _ in found}


SIZES = [1, 40, 150, 400, 3000]


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["a", "é", "漢", "\U0001f600", "`", "|", "<"])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_cut_is_counted(size: int, letter: str) -> None:
    """Of each kind as many are shown and left out together as there are."""
    odd = tuple(
        replace(change, message=f"x{number} {letter * 30}")
        for change in (RENAMED, REPLACED, DOCUMENTED)
        for number in range(size)
    )
    notes = tuple(f"n{number}" for number in range(size))
    text = printed("markdown", replace(SAMPLE, changes=odd, notes=notes))

    assert_well_formed(text)
    left, rows = left_out(text), cells(text)
    assert sum(len(r) == 3 and r[1:] == ["optimizer.lr", "optimizer.rate"] for r in rows) == (
        size - left.get("breaking change", 0)
    )
    assert sum(len(r) == 3 and "SGD" in r[1] for r in rows) == size - left.get(
        "change of behaviour", 0
    )
    assert len(re.findall(r"^- `n\d+`$", text, re.M)) == size - left.get("note", 0)
    assert len(re.findall(r"^\| key \|", text, re.M)) == 2 * size - left.get("tables of detail", 0)
    assert len(re.findall(r"^- `x\d+`", text, re.M)) == size - left.get("safe change", 0)
    assert left if size >= 400 else not left or size > 1
    if left:
        assert len(text.encode()) > LIMIT * 0.8


def test_many_effects_of_one_change_are_cut_and_counted() -> None:
    many = tuple(effect(f"key{number}", "run") for number in range(5000))
    text = printed("markdown", replace(SMALL, changes=(replace(REPLACED, effects=many),)))

    assert_well_formed(text)
    rows = [r for r in cells(text) if len(r) == 4 and r[0].startswith("key") and r[0] != "key"]
    assert len(rows) + left_out(text)["effect"] == 5000
    assert len(rows) > 100


def test_an_item_that_is_too_long_is_left_out_whole() -> None:
    huge = tuple(Gone("|" * 400, "`" * 400) for _ in range(30))
    found = (replace(REMOVED, gone=huge),) * 9
    text = printed(
        "markdown", replace(SMALL, changes=found, base="b" * 10**5, notes=("n" * 10**5,))
    )

    assert_well_formed(text)
    assert left_out(text)["breaking change"] > 0


# The page


@pytest.mark.parametrize(
    "shown",
    [printed("text", SAMPLE), printed("json", SMALL)],
    ids=["text", "json"],
)
def test_the_page_shows_what_is_printed(shown: str) -> None:
    assert f"\n{shown}```\n" in PAGE
