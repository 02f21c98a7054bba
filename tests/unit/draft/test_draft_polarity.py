"""A quote never disagrees with itself, however its clauses are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.draft.polarity import disagreements

WORDS = st.sampled_from(
    "we see more ports may not, which never if sources differ. terminals could but while run –".split(" ")
)


@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join))
def test_a_whole_quote_agrees_with_itself_whatever_the_templates_words_are(quote: str) -> None:
    own = frozenset({"see", "more", "sources", "differ"})
    assert not disagreements(f"“{quote}”", quote, own_words=own)


@pytest.mark.parametrize("claim", ["Harrow runs ports", "“Harrow runs ports”"])
def test_an_unrelated_quote_says_nothing(claim: str) -> None:
    assert disagreements(claim, "It may never rain.") is None


def test_a_goal_needs_no_modal_of_its_own() -> None:
    assert not disagreements("Goal: “cut waiting times”", "We plan to cut waiting times.")
    assert disagreements("Cut waiting times", "We plan to cut waiting times.") == {"modality"}
    assert disagreements("Goal: “cut waiting times”", "We do not cut waiting times.") == {"negation"}
