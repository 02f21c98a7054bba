"""What a company states outright of itself: which plain facts are its pains, which sentences its goals, on which pages."""

from __future__ import annotations

import re

import pytest
from reading_builder import read

from research.analyse.stated import stated_goals, stated_pains

REPORTS = frozenset({"press_release"})
OTHERS = re.compile(r"\b(?:customers?|you|they)\b", re.IGNORECASE)


def stated(text: str, **how: object) -> list[float]:
    return [pain.score for pain in stated_pains(read(text, **how), REPORTS, OTHERS)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Our net loss widened in the third quarter.",
        "Revenue at Harrowgate fell in every region.",
        "We depend on a single foundry for the controller.",
        "Our order system was down for two days.",
    ],
)
def test_a_fact_with_the_account_as_its_subject_is_a_pain_on_any_own_page(text: str) -> None:
    assert stated(text, page="about")


def test_a_figure_makes_a_statement_surer_and_a_bare_year_does_not() -> None:
    (plain,) = stated("Our net loss widened.")
    (dated,) = stated("Our net loss widened in 2025.")
    (counted,) = stated("Our net loss widened to $14 million in 2025.")
    assert plain == dated < counted


def test_a_report_of_its_own_needs_no_subject_but_must_name_nobody_else() -> None:
    assert stated("Orders fell by 12% against the year before.", page="press_release")
    assert not stated("Orders fell by 12% against the year before.", page="product")
    assert not stated("Customers saw orders fall: sales declined by 12%.", page="press_release")


@pytest.mark.parametrize("page", ["legal", "case_study", "customers", "filing", "job"])
def test_pages_of_another_purpose_are_silent(page: str) -> None:
    assert not stated("Our net loss widened to $14 million.", page=page)


def test_pages_of_others_and_mere_possibilities_are_silent() -> None:
    assert not stated("Our net loss widened to $14 million.", own=False)
    assert not stated("Our net loss may widen if lead times have grown.")
    assert not stated("The office stands beside the river.")


def test_a_company_that_foretells_worse_results_of_its_own_means_it() -> None:
    assert stated("Harrowgate expects the purchase to be dilutive to its operating income by $3 million.")
    assert not stated("Harrowgate expects its net loss to narrow to $3 million.")
    assert not stated("Harrowgate does not expect the purchase to be dilutive to its earnings.")
    assert not stated("The purchase could be dilutive to our earnings.")
    assert not stated("We left out options that are anti-dilutive to our earnings.")


def test_the_end_of_the_business_outweighs_everything() -> None:
    (ending,) = stated("Today is a hard day: Harrowgate is winding down its operations.")
    (loss,) = stated("Our net loss widened to $14 million.")
    assert ending > loss


@pytest.mark.parametrize(
    "text",
    [
        "Harrowgate plans to open a second foundry.",
        "We are fully committed to halving our scrap rate.",
        "Safety is our top priority.",
        "Our mission is to keep every lift running.",
    ],
)
def test_a_goal_is_what_the_account_says_that_it_wants(text: str) -> None:
    assert [goal.sentence.text for goal in stated_goals(read(text))] == [text]


@pytest.mark.parametrize(
    "text", ["Quillon plans to open a second foundry.", "We make lifts.", "Our mission control is new."]
)
def test_plans_of_others_and_mere_descriptions_are_no_goals(text: str) -> None:
    assert not list(stated_goals(read(text)))
    assert not list(stated_goals(read("We plan to grow.", own=False)))


def test_a_goal_in_a_blog_is_surer_where_the_account_is_named() -> None:
    (told,) = stated_goals(read("Our goal is to group the events.", page="blog"))
    (named,) = stated_goals(read("Harrowgate plans to open a second foundry.", page="blog"))
    assert told.score < named.score
