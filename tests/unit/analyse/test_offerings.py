"""What the account sells: product pages, marks, and what releases launch."""

from __future__ import annotations

import pytest
from reading_builder import Part, quote, read

from research.analyse.offerings import observe
from research.model.finding import Value

SITE = "https://www.harrowgate.example"


def offerings(*parts: Part | str, path: str = "/page", **options) -> list[tuple[Value, Value]]:
    return [(o.get("name"), o.get("description")) for o in observe(read(*parts, url=SITE + path, **options))]


def names(*parts: Part | str, **options) -> list[Value]:
    return [name for name, _ in offerings(*parts, **options)]


LINE = "It reads every meter of a utility each hour and bills from it."


@pytest.mark.parametrize(
    ("heading", "title", "expected"),
    [
        ("FlowSight", "FlowSight | Harrowgate", "FlowSight"),
        ("FlowSight®", "FlowSight | Harrowgate", "FlowSight"),
        ("FlowSight: every drop counts", "FlowSight | Harrowgate", "FlowSight"),
        ("Harrowgate’s FlowSight", "FlowSight", "FlowSight"),
        ("Leak Detection", "Leak Detection - Harrowgate", "Leak Detection"),
    ],
)
def test_a_product_page_sells_what_its_heading_names(heading, title, expected):
    found = offerings(("heading", heading), LINE, page="product", path="/products/flowsight", title=title)
    assert found == [(expected, LINE)]


def test_where_the_heading_is_a_promise_the_title_names_the_product():
    parts = (("heading", "Reduce your water losses"), "FlowSight reads every meter of a utility each hour.")
    assert names(*parts, page="product", path="/products/flowsight", title="FlowSight | Harrowgate") == ["FlowSight"]


@pytest.mark.parametrize(
    "heading",
    [
        "Pricing",
        "Our products",
        "How it works",
        "Get in touch",
        "Harrowgate Systems",
        "What do you need?",
        "2022",
        "faq",
    ],
)
def test_menu_words_and_promises_name_no_product(heading):
    assert names(("heading", heading), LINE, page="product", path="/products/x", title=heading) == []


def test_an_overview_lists_its_products_as_headings():
    parts = (
        ("heading", "Our products"),
        "Everything that a utility needs.",
        ("heading", "FlowSight"),
        "Reads every meter each hour. It is fast.",
        ("heading", "TideLedger"),
        "Bills from every reading.",
        ("heading", "How it works"),
        "It is quite simple to use.",
        ("heading", "Is it for you?"),
        "It is quite simple to use.",
        ("heading", "Harrowgate Systems"),
        "This is who we are.",
        ("heading", "Nothing below"),
    )
    assert offerings(*parts, page="product", path="/products/") == [
        ("FlowSight", "Reads every meter each hour."),
        ("TideLedger", "Bills from every reading."),
    ]
    assert names(*parts, page="about", path="/about/") == []


def test_a_product_is_named_only_where_the_page_prints_it():
    parts = (("heading", "Reduce your water losses"), LINE)
    assert names(*parts, page="product", path="/products/flowsight", title="FlowSight | Harrowgate") == []


def test_only_headings_name_products():
    parts = ("FlowSight", "Reads every meter each hour.", ("heading", "TideLedger"), "Bills from every reading.")
    assert names(*parts, page="product", path="/products/") == ["TideLedger"]


def test_below_solutions_a_heading_may_be_an_industry_and_is_less_sure():
    def score(path: str) -> float:
        parts = (("heading", "FlowSight"), "Reads every meter each hour.")
        return observe(read(*parts, page="product", url=SITE + path))[0].score

    assert score("/products/") > score("/solutions/")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Harrowgate’s TideLedger™ bills from every reading.", ["TideLedger"]),
        ("Harrowgate today launched TideLedger, a billing engine for small utilities.", ["TideLedger"]),
        ("Harrowgate announced the general availability of FlowSight, its leak finder.", ["FlowSight"]),
        ("Our FlowSight platform reads meters.", ["FlowSight platform"]),
        ("Our TideLedger module bills.", ["TideLedger"]),
        ("Brightmoor Frost® is sold in shops.", []),
        ("Brightmoor launched FrostBox, a freezer for shops.", []),
        ("The Quillon platform is old.", []),
        ("Our platform reads meters.", []),
    ],
)
def test_products_in_prose(sentence, expected):
    assert names(sentence, page="press_release") == expected


def test_what_a_release_launches_is_described_by_its_apposition():
    sentence = "Harrowgate today launched TideLedger, a billing engine for small utilities."
    reading = read("It rains.", sentence, page="press_release")
    (found,) = observe(reading)
    assert found.get("description") == "billing engine for small utilities"
    assert quote(reading, found) == sentence


@pytest.mark.parametrize("options", [{"own": False}, {"page": "filing"}])
def test_pages_of_others_and_filings_are_left_to_others(options):
    assert names("Our FlowSight platform reads meters.", **options) == []


def test_the_evidence_of_a_product_page_holds_the_name():
    reading = read(
        ("heading", "FlowSight | Water"), LINE, page="product", url=f"{SITE}/products/flowsight", title="FlowSight"
    )
    (found,) = observe(reading)
    assert "FlowSight" in quote(reading, found)
