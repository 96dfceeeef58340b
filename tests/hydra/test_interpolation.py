"""Interpolations as cngen reads them, compared with OmegaConf's own grammar and resolving."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import GrammarParseError, OmegaConfBaseException
from omegaconf.grammar_parser import parse
from omegaconf.grammar_visitor import GrammarVisitor

from cngen.hydra.interpolations import Key, Resolver, references, whole_key
from tests.support.effort import at_least


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${a}", ["a"]),
        ("x${ a.b }y${..c}", ["a.b", "..c"]),
        (r"\${a}", []),
        (r"\\${a}", ["a"]),
        ("${a[0].b}", ["a[0].b"]),
        ("${a.${b}}", ["b"]),
        ("${oc.env:HOME,${a}}", ["oc.env:", "a"]),
        (r"${f:'${a} \' ${b}'}", ["f:", "a", "b"]),
        (r"${f:'\${a}'}", ["f:"]),
        ("${f:{x:${a}}}${b}", ["f:", "a", "b"]),
        (r"${f:\}${a}}", ["f:", "a"]),
        ("${", []),
        ("${}", []),
        ("${a..b}", []),
        ("${a b}", []),
        ("${a${b}}", []),
        ("${1:${b}}", []),
        ("${f:'a}", []),
        ("${" * 100, []),
    ],
)
def test_what_a_string_names(text: str, expected: list[str]) -> None:
    assert _spelled(text) == expected


def test_where_it_stands() -> None:
    text = r"\${no} ${..a[bc].d} ${ f :1}"
    key, resolver = references(text)

    assert isinstance(key, Key)
    assert (key.level, key.parts) == (2, ("a", "bc", "d"))
    assert text[key.start :].startswith(key.text)
    assert [text[start] for start in key.starts] == ["a", "b", "d"]
    assert resolver == Resolver("f", text.index("f"))


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("${a.b}", True),
        ("${ .a }", True),
        ("x${a}", False),
        ("${a}${b}", False),
        ("${f:${a}}", False),
    ],
)
def test_a_string_that_is_nothing_but_one_key(text: str, is_whole: bool) -> None:
    assert (whole_key(text) is not None) == is_whole


def _spelled(text: str) -> list[str]:
    return [r.text if isinstance(r, Key) else f"{r.name}:" for r in references(text)]


# Against the grammar

TOKENS = [*"a.[]:, '\"\\{}$f0-é", "${", "}", "b1", ".."]
PIECES = [
    "${a}",
    "${a.b}",
    "${..a}",
    "${f:",
    "${oc.env:X,",
    "${${a}",
    "${a.${b}}",
    "'",
    "\\'",
    "\\${",
]
NESTED = "NESTED"


def _as_omegaconf_reads(text: str) -> list[str] | None:
    found: list[str] = []

    def key(text: str, memo: Any) -> str:
        found.append(text)
        return NESTED

    def resolver(name: str, args: Any, args_str: Any) -> str:
        found.append(f"{name}:")
        return NESTED

    try:
        GrammarVisitor(key, resolver, set()).visit(parse(text))  # type: ignore[arg-type, no-untyped-call]
    except GrammarParseError:
        return None
    return sorted(name for name in found if NESTED not in name)


@pytest.mark.filterwarnings("ignore:In the sequence")
@settings(max_examples=at_least(1500), deadline=None)
@given(st.lists(st.sampled_from([*TOKENS, *PIECES, *PIECES]), max_size=12).map("".join))
def test_the_same_is_found_as_by_the_grammar(text: str) -> None:
    """In every string that the grammar takes; what it refuses only mustn't fail here."""
    found = references(text)
    expected = _as_omegaconf_reads(text)

    if expected is not None:
        assert sorted(_spelled(text)) == expected
        assert all(
            text[r.start :].startswith(r.text if isinstance(r, Key) else r.name) for r in found
        )


# Against resolving

NAMES = st.sampled_from(["a", "b", "c"])
KEYS = st.builds(
    lambda dots, parts: "." * dots + ".".join(parts),
    st.integers(0, 4),
    st.lists(st.sampled_from(["a", "b", "c", "0", "1"]), min_size=1, max_size=3),
)
LEAVES = st.one_of(st.integers(0, 99), KEYS.map(lambda key: f"${{{key}}}"))
CONFIGS = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.dictionaries(NAMES, inner, max_size=3), st.lists(inner, max_size=2)
        ),
        max_leaves=8,
    ),
    min_size=1,
)


@settings(max_examples=at_least(600), deadline=None)
@given(CONFIGS)
def test_a_key_is_where_omegaconf_finds_it(config: dict[str, Any]) -> None:
    """Plain values alone: one that is an interpolation itself leads on."""
    whole = OmegaConf.create(config)
    for path, text in _strings(config, ()):
        key = whole_key(text)
        assert key is not None
        found = _at(config, _absolute(path, key))
        if isinstance(found, str) or found is _THROUGH:
            continue
        resolved = _resolved(whole, path)
        if isinstance(found, int):
            assert resolved == found
        elif found is None:
            assert resolved is None


_THROUGH = object()
"""The way leads through an interpolation."""


def _strings(config: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(config, str):
        return [(path, config)]
    if isinstance(config, int):
        return []
    items = config.items() if isinstance(config, dict) else enumerate(config)
    return [found for key, value in items for found in _strings(value, (*path, str(key)))]


def _absolute(path: tuple[str, ...], key: Key) -> tuple[str, ...] | None:
    if not key.level:
        return key.parts
    return (*path[: -key.level], *key.parts) if key.level <= len(path) else None


def _at(config: Any, path: tuple[str, ...] | None) -> Any:
    if path is None:
        return None
    for part in path:
        if isinstance(config, str):
            return _THROUGH
        if isinstance(config, dict):
            config = config.get(part)
        elif isinstance(config, list):
            config = config[int(part)] if part.isdigit() and int(part) < len(config) else None
        else:
            return None
    return config


def _resolved(whole: DictConfig, path: tuple[str, ...]) -> Any:
    """What OmegaConf resolves a place to, None if it refuses."""
    container: Any = whole
    try:
        for part in path[:-1]:
            container = container[int(part) if OmegaConf.is_list(container) else part]
        return container[int(path[-1]) if OmegaConf.is_list(container) else path[-1]]
    except OmegaConfBaseException:
        return None
