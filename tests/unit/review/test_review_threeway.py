"""Two rewordings of one text are brought together without losing a word of either, or say that they clash."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from research.review.threeway import differences, merge_words

BASE = "The plant in Leeds opened in 2019 and employs 300 people."


def test_changes_in_different_places_are_both_taken() -> None:
    human = "Their plant in Leeds opened in 2019 and employs 300 people."
    new = "The plant in Leeds opened in 2019 and employs 340 people."
    merged = merge_words(BASE, human, new)
    assert (merged.text, merged.clean) == ("Their plant in Leeds opened in 2019 and employs 340 people.", True)


def test_where_both_changed_the_same_words_the_humans_stay_and_it_is_said() -> None:
    merged = merge_words(BASE, BASE.replace("300", "some 300"), BASE.replace("300", "340"))
    assert "some 300" in merged.text
    assert not merged.clean


WORDS = st.lists(st.sampled_from(["a", "bb", "c.", "dd", "e"]), max_size=8).map(" ".join)


@given(WORDS, WORDS, WORDS)
def test_a_side_that_changed_nothing_loses_nothing(base: str, human: str, new: str) -> None:
    assert merge_words(base, human, base).text == human
    assert merge_words(base, base, new).text == new
    assert merge_words(base, new, new) == merge_words(base, new, base)
    merged = merge_words(base, human, new)
    assert merged.clean or set(human.split()) & set(merged.text.split()) or not human.split()


@given(WORDS, WORDS)
def test_the_marks_of_a_difference_spell_both_texts(old: str, new: str) -> None:
    marks = differences(old, new)
    assert "".join(text for mark, text in marks if mark != "new") == old
    assert "".join(text for mark, text in marks if mark != "gone") == new
