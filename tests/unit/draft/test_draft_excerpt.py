"""Quotes on the page are cut where a reader would cut them: at the quote's beginning if it fits, else at clauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.draft.sentence import QUOTE_LIMIT, excerpt

LONG = (
    "Brightmoor opened a second depot in Leeds, and hired forty drivers, but its network of vans is old "
    "and breaks down often, which delays one delivery in nine during the winter months of every year."
)


def test_a_short_quote_is_whole() -> None:
    assert excerpt("Vans\n break  down.", ("Vans",)) == "Vans break down."


def test_the_beginning_stands_where_the_words_fit_behind_it() -> None:
    assert excerpt(LONG, ("breaks down often",)) == (
        "Brightmoor opened a second depot in Leeds, and hired forty drivers, but its network of vans is old "
        "and breaks down often …"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("delays one delivery", "… and breaks down often, which delays one delivery in nine …"),
        ("hired forty drivers", "Brightmoor opened a second depot in Leeds, and hired forty drivers …"),
        ("no such words", "Brightmoor opened a second depot in Leeds, and hired forty drivers …"),
    ],
)
def test_a_cut_is_made_between_clauses(words: str, expected: str) -> None:
    assert excerpt(LONG, (words,), 70) == expected


def test_where_no_clause_begins_or_ends_a_word_does() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    cut = excerpt(text, ("word40",), 100)
    assert cut.startswith("… word")
    assert cut.endswith(" …")
    assert set(cut.strip("… ").split()) <= set(text.split())
    assert "word40" in cut.split()


@given(
    st.lists(st.sampled_from(["and", "vans,", "which", "old;", "depot", "•", "a" * 30]), min_size=1, max_size=80),
    st.integers(0, 79),
)
def test_an_excerpt_is_of_the_quote_and_shows_its_words(words: list[str], at: int) -> None:
    text, shown = " ".join(words), words[at % len(words)]
    cut = excerpt(text, (shown,))
    assert cut.removeprefix("… ").removesuffix(" …") in text
    assert shown.rstrip(",;•") in cut
    assert len(cut) <= QUOTE_LIMIT + 4
