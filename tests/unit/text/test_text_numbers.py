"""Numbers in full units, as companies print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.numbers import amounts


def read(text: str) -> list[tuple[float, str | None]]:
    return [(pytest.approx(a.value), a.currency) for a in amounts(text)]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$1.5 million", 1_500_000, "USD"),
        ("$1,234,567.89", 1_234_567.89, "USD"),
        ("US$ 2 bn", 2_000_000_000, "USD"),
        ("€45m", 45_000_000, "EUR"),
        ("3 billion euros", 3_000_000_000, "EUR"),
        ("EUR 7 thousand", 7_000, "EUR"),
        ("£8.2M", 8_200_000, "GBP"),
        ("CHF 3.5 mio", 3_500_000, "CHF"),
        ("NZ$4m", 4_000_000, "NZD"),
        ("A$ 4 million", 4_000_000, "AUD"),
        ("HK$640 million", 640_000_000, "HKD"),
        ("S$640", 640, "SGD"),
        ("CA$640", 640, "CAD"),
        ("C$640", 640, "CAD"),
        ("AUD$640", 640, "AUD"),
        ("NT$ 640", 640, "TWD"),
        ("R$640", 640, "BRL"),
        ("MX$640", 640, "MXN"),
        ("(HK$640)", -640, "HKD"),
        ("US$640", 640, "USD"),
        ("a U.S.$640 loan", 640, "USD"),
        ("a U.S$640 loan", 640, "USD"),
        ("Quay's$640 loan", 640, "USD"),
        ("costs$640", 640, "USD"),
        ("for a$640 loan", 640, "USD"),
        ("Area C $640", 640, "USD"),
        ("EUR640m", 640_000_000, "EUR"),
        ("¥500", 500, "JPY"),
        ("4 million dollars", 4_000_000, "USD"),
        ("$1.2 trillion", 1_200_000_000_000, "USD"),
        ("2.5k", 2_500, None),
        ("1,200 people", 1_200, None),
        ("$0", 0, "USD"),
    ],
)
def test_scales_and_currencies(text, value, currency):
    assert read(text) == [(value, currency)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$(1.5) million", -1_500_000),
        ("$ (12.4) million", -12_400_000),
        ("(1,234)", -1_234),
        ("-$3 million", -3_000_000),
        ("−5", -5),
        ("a loss of $(3) thousand", -3_000),
    ],
)
def test_accounts_print_what_is_negative_in_parentheses(text, value):
    assert [a.value for a in amounts(text)] == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["as note (12) says", "costs (5)", "the plant (built for 40) works"])
def test_a_number_that_prose_puts_in_parentheses_is_not_negative(text):
    assert all(a.value > 0 for a in amounts(text))


@pytest.mark.parametrize(
    ("text", "value"), [("5 km", 5), ("12 months", 12), ("10 Mbps", 10), ("7 kilns", 7), ("3 Bs", 3)]
)
def test_the_first_letter_of_a_word_is_no_scale(text, value):
    assert [a.value for a in amounts(text)] == [value]


def test_several_numbers_come_in_order_with_their_places():
    text = "Sales rose 5 % to $3 million from €2.5 million."
    found = amounts(text)
    assert [(a.value, a.currency) for a in found] == [(5, None), (3_000_000, "USD"), (2_500_000, "EUR")]
    assert (
        [text[a.start : a.end].strip() for a in found] == [a.text for a in found] == ["5", "$3 million", "€2.5 million"]
    )


def test_a_text_without_numbers_has_none():
    assert amounts("Revenue grew a lot.") == []


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_no_number(number):
    assert [a.value for a in amounts(f"${number:,}")] == [float(number)]


@given(st.text(alphabet="0123456789.,$€()- millionbkm", max_size=40))
def test_every_amount_stands_where_it_says(text):
    for amount in amounts(text):
        assert text[amount.start : amount.end].strip() == amount.text


def test_long_runs_of_blanks_are_read_at_once() -> None:
    blanks = " " * 20_000
    assert [a.value for a in amounts(f"Under way:{blanks}$ 4.5 million{blanks}({blanks}")] == [4_500_000]
