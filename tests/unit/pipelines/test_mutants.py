"""Changed sentences differ from theirs in one thing, and never in what claims nothing of the sources."""

from __future__ import annotations

import pytest

from pipelines.mutants import CHANGES, mutants, names_of, unquoted
from research.draft.verify import Stated

QUOTE = "On 12 March 2024 Harrow Quay reported revenue of €62.4 million; Ingrid Vaszary does not expect growth."


def stated(text: str, *quotes: str) -> Stated:
    return Stated(
        section="pains", text=text, groups=(quotes or (QUOTE,),), context=("2024-03-12",),
        own_words=frozenset({"revenue", "as", "of", "seen"}),
    )  # fmt: skip


def changed(text: str, change: str, *names: str) -> list[str]:
    return [m.text for m in mutants(stated(text), names) if m.change == change]


def test_a_number_changes_in_its_digits_and_in_its_scale() -> None:
    assert set(changed("Revenue: €62.4 million.", "number")) == {
        "Revenue: €72.4 million.", "Revenue: €62.5 million.", "Revenue: €62.4 billion.",
    }  # fmt: skip


def test_a_date_changes_in_day_month_and_year() -> None:
    assert set(changed("Revenue (as of 12 Mar 2024).", "date")) == {
        "Revenue (as of 13 Mar 2024).", "Revenue (as of 12 Jun 2024).", "Revenue (as of 12 Mar 2023).",
    }  # fmt: skip


def test_a_name_gives_way_to_one_that_the_quote_has_not() -> None:
    found = changed("Led by Ingrid Vaszary.", "name", "Ingrid Vaszary", "Harrow Quay", "Tomas Lind")
    assert "Led by Tomas Lind." in found
    assert "Led by Harrow Quay." not in found
    assert "Led by Inxrid Vaszary." in found


def test_a_quotation_may_lose_its_not_or_what_stands_before_it() -> None:
    found = changed("“Ingrid Vaszary does not expect growth next year” (as of 12 Mar 2024).", "negation")
    assert "“Ingrid Vaszary does expect growth next year” (as of 12 Mar 2024)." in found
    assert "“expect growth next year” (as of 12 Mar 2024)." in found


def test_what_is_flat_becomes_expected() -> None:
    assert "Terminals may be open." not in changed("Terminals were open.", "modality")
    assert set(changed("Terminals were open.", "modality")) == {
        "Terminals were may open.", "Terminals were could open.", "Terminals will be open.",
    }  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("text", ["What has Kestrel not done since 3 May 2021?", "[Ours: Kestrel Gate 7 may help]"])
def test_questions_and_the_seller_s_words_are_left_alone(change: str, text: str) -> None:
    assert changed(text, change, "Tomas Lind") == []


def test_a_question_s_quotation_is_changed() -> None:
    text = "On “revenue of €62.4 million” (as of 12 Mar 2024): what would you not repeat?"
    assert "On “revenue of €72.4 million” (as of 12 Mar 2024): what would you not repeat?" in changed(text, "number")
    assert all("would you not repeat?" in found for change in CHANGES for found in changed(text, change))


def test_reported_speech_is_the_quotation_without_its_marks() -> None:
    bare = unquoted(stated("“Harrow Quay reported revenue” (as of 12 Mar 2024)."))
    assert bare is not None
    assert bare.text == "Harrow Quay reported revenue (as of 12 Mar 2024)."
    assert unquoted(stated("Revenue: €62.4 million.")) is None


def test_names_are_those_outside_quotation_marks() -> None:
    assert names_of(stated("Rival: Delta Quay: “Harrow Quay reported revenue”.")) == ("Delta Quay",)
