"""Figures of accounts in sentences: four digits, and the check rounds as the sentence does."""

from __future__ import annotations

import pytest
from fixture_brief import finding, line

from research.draft.check import verify_claim
from research.draft.facts import printed_listing, printed_money


def money(normal: float, printed: str, unit: str = "USD") -> str:
    fact = finding("fact", line("about", "2,340"), 0.9, field="revenue", value=printed, normal=normal, unit=unit)
    return printed_money(fact, printed)


@pytest.mark.parametrize(
    ("normal", "printed", "expected"),
    [
        (130_497e6, "$130,497 million", "$130.5 billion"),
        (130_497e6, "130,497", "$130.5 billion"),
        (72_880e6, "72,880", "$72.88 billion"),
        (999.96e6, "999,960", "$1 billion"),
        (412.6e6, "$412.6 million", "$412.6 million"),
        (412_589e3, "412,589", "$412.6 million"),
        (-18_300e3, "(18,300)", "-$18.3 million"),
        (1.5e9, "$1.5 billion", "$1.5 billion"),
        (950_000.0, "950,000", "$950,000"),
    ],
)
def test_sums_are_printed_as_prose_prints_them(normal, printed, expected):
    assert money(normal, printed) == expected


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Revenue: $130.5 billion.", True),
        ("Revenue: $130.6 billion.", False),
        ("Revenue: $130.4 billion.", False),
        ("Revenue: $131 billion.", False),
        ("Revenue: $130.5 million.", False),
        ("Revenue: €130.5 billion.", False),
        ("Revenue: $130,497 million.", True),
    ],
)
def test_the_check_rounds_to_four_digits_and_no_further(text, holds):
    own = frozenset({"revenue"})
    assert (verify_claim(text, ["Revenue was $130,497 million."], own_words=own) == ()) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Net income: $8.712 billion.", True),
        ("Net income: $8.712 million.", False),  # the row is told in thousands
        ("They owe $2,767 million.", True),
        ("They owe $2,767 billion.", False),  # what says its own scale is not told in thousands again
    ],
)
def test_under_a_note_a_bare_row_is_scaled_and_a_sum_with_its_own_word_is_not(text, holds):
    quotes = ["Net income | $ 8,711,631", "They owe $2,767 million."]
    own = frozenset({"net", "income"})
    assert (verify_claim(text, quotes, context=["in thousands"], own_words=own) == ()) is holds


@pytest.mark.parametrize(("text", "holds"), [("6 Splunk add-ons.", True), ("7 Splunk add-ons.", False)])
def test_a_digit_that_ends_a_name_counts_nothing(text, holds):
    assert (verify_claim(text, ["Lamp7 lists 6 Splunk add-ons."]) == ()) is holds


def test_small_figures_and_shares_are_never_rounded():
    assert verify_claim("They employ 12350 people.", ["They employ 12,345 people."]) != ()
    assert verify_claim("It rose by 1.235%.", ["It rose by 1.2345%."]) != ()


def test_a_row_of_the_cover_page_reads_as_a_listing():
    row = "Common Stock, $0.001 par value per share | QLLN | The Nasdaq Global Select Market"
    assert printed_listing(row) == "The Nasdaq Global Select Market: QLLN"
    assert printed_listing("privately held") == "privately held"
