"""The seller's rivals, seen on the account's own pages."""

from __future__ import annotations

import pytest
from reading_builder import Part, quote, read

from research.analyse.presence import observe
from research.model.account import Rival, Seller
from research.model.finding import Value

SELLER = Seller(name="Ours", rivals=(Rival(name="Quillon", aliases=("QuillBase",)), Rival(name="Castellan Data")))


def seen(*parts: Part | str, **options) -> list[tuple[Value, Value, Value]]:
    observations = observe(read(*parts, **options), SELLER)
    return [(o.get("company"), o.get("product"), o.get("basis")) for o in observations]


def test_a_job_post_names_the_tools_in_use():
    parts = ("You have worked with Quillon before.", ("list_item", "QuillBase or Castellan Data in production"))
    assert seen(*parts, page="job") == [
        ("Quillon", None, "job post"),
        ("Quillon", "QuillBase", "job post"),
        ("Castellan Data", None, "job post"),
    ]


def test_the_evidence_is_the_sentence():
    reading = read("We are nice. You know Quillon. You like tea.", page="job")
    (found,) = observe(reading, SELLER)
    assert quote(reading, found) == "You know Quillon."


@pytest.mark.parametrize(
    "sentence",
    ["Quillons are birds.", "We like NewQuillon.", "We like quillon pens.", "Castellan, Data and more.", "Tea."],
)
def test_other_words_are_no_rival(sentence):
    assert seen(sentence, page="job") == []


@pytest.mark.parametrize(
    ("page", "basis"),
    [
        ("job", "job post"),
        ("careers", "job post"),
        ("partners", "partner page"),
        ("press_release", "press release"),
        ("legal", "legal page"),
        ("about", "web page"),
    ],
)
def test_the_basis_is_the_kind_of_page(page, basis):
    assert seen("We run Quillon.", page=page) == [("Quillon", None, basis)]


def test_a_job_post_is_surer_than_a_web_page():
    def score(page: str) -> float:
        return observe(read("We run Quillon.", page=page), SELLER)[0].score

    assert score("job") > score("legal") > score("about")


@pytest.mark.parametrize("page", ["case_study", "customers"])
def test_what_a_customer_s_story_mentions_is_in_use_at_the_customer(page):
    assert seen("We run Quillon.", page=page) == []


def test_pages_of_others_show_nothing():
    assert seen("We run Quillon.", page="job", own=False) == []


def test_a_seller_without_rivals_sees_nothing():
    assert observe(read("We run Quillon.", page="job"), Seller(name="Ours")) == ()
