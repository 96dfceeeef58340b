"""What cngen writes for Hydra's grammar of overrides is read back as the very same value.

The way of a swept value: from the store into the config, through the sweeper, which splits the list and
writes every value anew, into an override of the job.
"""

import math
import re
import string
from collections.abc import Sequence

import pytest
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import example, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from cngen.diagnostics import Span
from cngen.hydra.overrides import is_word, quoted, text_of
from cngen.model.types import ANY
from cngen.model.values import Items, Scalar, Table, Value
from tests.support.effort import at_least

GRAMMAR = settings(max_examples=at_least(300), deadline=None)
SPAN = Span("", 0, 0)

# Surrogates alone can't be written to a file.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ODD_TEXTS = st.text(st.sampled_from("\\'\"${}[](),:=#@ \t\n?~+-eE01.naif_"), max_size=10)
ANY_TEXTS = TEXTS | ODD_TEXTS
SWEPT_TEXTS = ANY_TEXTS.filter(lambda text: "${" not in text)
WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,5}", fullmatch=True).filter(is_word)
NUMBERS = st.integers() | st.floats(allow_nan=False)
PLAIN = st.none() | st.booleans() | NUMBERS


def nested(texts: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """Plain values, and lists and dicts of them."""
    return st.recursive(
        PLAIN | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=6,
    )


def modelled(value: object) -> Value:
    """A value as the compiler has it."""
    if isinstance(value, (list, tuple, set)):
        return Items(type(value).__name__, tuple(modelled(v) for v in value), SPAN)
    if isinstance(value, dict):
        return Table(tuple((modelled(k), modelled(v)) for k, v in value.items()), SPAN)
    assert value is None or isinstance(value, bool | int | float | str | bytes)
    return Scalar(value, repr(value), SPAN)


def text(value: object) -> str:
    found = text_of(ANY, modelled(value))
    assert found is not None
    return found


def swept(texts: Sequence[str]) -> list[object]:
    """The values that Hydra's jobs get from ``hydra.sweeper.params``."""
    params = OmegaConf.create({"key": ",".join(texts)}).key
    overrides = OverridesParser.create().parse_overrides([f"key={params}"])
    jobs = BasicSweeper.split_arguments(overrides, max_batch_size=None)[0]
    return [parsed(override) for (override,) in jobs]


def parsed(override: str) -> object:
    found = OverridesParser.create().parse_override(override)
    assert not found.is_sweep_override()
    return found.value()


def exact(value: object) -> object:
    """Equal for one value of one type alone: not for ``1`` and ``True``, nor for ``0.0`` and ``-0.0``."""
    if isinstance(value, list):
        return [exact(v) for v in value]
    if isinstance(value, dict):
        return {k: exact(v) for k, v in value.items()}
    return (type(value), repr(value))


@GRAMMAR
@given(st.lists(nested(SWEPT_TEXTS), min_size=1, max_size=3))
@example(["\\", "\\'", "a\\,b", ""])
@example(["interval(1,2)", "choice(a,b)", "1..2", "range(3)", "glob(*)"])
@example([math.inf, -math.inf, 1e300, -0.0])
@example(["true", "NULL", "nan", "inf", "1_000", "0x1", "1e3", "???"])
def test_swept_values_come_back(values: list[object]) -> None:
    assert exact(swept([text(v) for v in values])) == exact(values)


@GRAMMAR
@given(nested(ANY_TEXTS))
@example("${key}")
@example("a ${b} c'd")
@example("${oc.env:HOME,'x'}")
def test_single_values_come_back(value: object) -> None:
    assert exact(parsed(f"key={text(value)}")) == exact(value)


def test_nan_comes_back() -> None:
    (value,) = swept([text(math.nan)])
    assert isinstance(value, float)
    assert math.isnan(value)


@GRAMMAR
@given(ANY_TEXTS)
def test_quoted_strings_come_back(value: str) -> None:
    assert parsed(f"key={quoted(value)}") == value


@GRAMMAR
@given(TEXTS | st.text(string.ascii_letters + string.digits + "_-", max_size=6))
def test_words_need_no_quotes(value: str) -> None:
    if is_word(value):
        assert parsed(f"key={value}") == value
        assert swept([value, value]) == [value, value]


UNWRITABLE = st.binary(max_size=3) | st.sets(st.integers(), min_size=1, max_size=2)
KEYS = st.none() | st.booleans() | st.floats() | TEXTS.filter(lambda key: not is_word(key))


@GRAMMAR
@given(
    UNWRITABLE
    | UNWRITABLE.map(lambda value: [value])
    | UNWRITABLE.map(lambda value: {"a": [value]})
    | st.dictionaries(KEYS, PLAIN, min_size=1, max_size=1)
)
def test_what_cannot_be_written_is_no_text(value: object) -> None:
    assert text_of(ANY, modelled(value)) is None


@pytest.mark.parametrize("key", [0, 7, -3, 10**20])
def test_dicts_may_have_int_keys(key: int) -> None:
    assert exact(parsed(f"key={text({key: 1})}")) == exact({key: 1})
    assert re.fullmatch(r"\{-?\d+:1\}", text({key: 1}))
