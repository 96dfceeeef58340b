"""Text in the store: the same bytes on every Python, and never code."""

from ast import literal_eval

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cngen.text.quoting import docstring, quote

TEXTS = (
    st.text(st.sampled_from("\"'\\\n\r\t\0 aN{}#é\u200b\u2028\U0001fae0\U0001fae8\ud800"))
    | st.text()
)


@given(TEXTS)
def test_a_quoted_text_is_that_text(text: str) -> None:
    literal = quote(text)
    assert literal_eval(literal) == text
    assert len(literal.splitlines()) == 1


@given(
    TEXTS.filter(lambda text: "\n" not in text and not any("\ud800" <= c < "\ue000" for c in text))
)
def test_a_docstring_is_that_text(text: str) -> None:
    assert literal_eval(docstring(text)) == text


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("\U0001fae0 \U0001fae8", '"\U0001fae0 \U0001fae8"'),
        ("é 中 \u0378", '"é 中 \u0378"'),
        ("\u200b\xa0\ue000\U000e0001", r'"\u200b\xa0\ue000\U000e0001"'),
        ('say "x"', "'say \"x\"'"),
        ("'\"", '"\'\\""'),
    ],
)
def test_which_characters_are_escaped_is_a_fixed_list(text: str, literal: str) -> None:
    assert quote(text) == literal
