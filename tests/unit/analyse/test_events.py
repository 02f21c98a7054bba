"""Dated happenings: the headline of a release at its date, and sentences that state an event with a date of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_builder import Part, quote, read

from research.analyse.events import event_type, observe
from research.model.finding import Value

RELEASE = {"page": "press_release", "published": "2023-02-14"}


def events(*parts: Part | str, **options) -> list[tuple[Value, Value]]:
    return [(o.get("type"), o.get("date")) for o in observe(read(*parts, **options))]


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Harrowgate Acquires Leak Detection Firm, Komplex", "acquisition"),
        ("Harrowgate Completes Acquisition of Komplex", "acquisition"),
        ("Harrowgate Sells Its Valve Division", "divestiture"),
        ("Harrowgate and Quillon Complete Merger", "merger"),
        ("Harrowgate Raises $20 Million in Series B", "funding"),
        ("Harrowgate Secures Funding for New Plants", "funding"),
        ("Harrowgate Files for Initial Public Offering", "ipo"),
        ("Harrowgate Appoints Ingrid Solheim as Chief Financial Officer", "leadership"),
        ("Harrowgate Names Ingrid Solheim Chief Financial Officer", "leadership"),
        ("Harrowgate CEO Steps Down", "leadership"),
        ("Harrowgate Reports Full-Year 2022 Results", "results"),
        ("Harrowgate Announces Fourth Quarter Financial Results", "results"),
        ("Harrowgate Announces Layoffs at Leeds Plant", "layoff"),
        ("Harrowgate Announces Restructuring", "restructuring"),
        ("Harrowgate to Wind Down Its Paper Billing Line", "shutdown"),
        ("Harrowgate Closes Leeds Plant", "shutdown"),
        ("Harrowgate Wins Contract From Northfell Water", "contract"),
        ("Harrowgate Named a Leader in Water Software", "award"),
        ("Harrowgate Wins Best Workplace Award", "award"),
        ("Harrowgate Opens New Office in Bergen", "expansion"),
        ("Harrowgate Expands Into Poland", "expansion"),
        ("Harrowgate and Verdant Loop Announce Partnership", "partnership"),
        ("Harrowgate Launches FlowSight 4.0", "launch"),
        ("Harrowgate Introduces a Service for Small Utilities", "launch"),
        ("Harrowgate Was Founded in a Garage", "founded"),
        ("Harrowgate Sponsors Bergen Marathon", "other"),
        ("A Walk Along the River", "other"),
    ],
)
def test_what_a_headline_tells(headline, kind):
    assert event_type(headline) == kind
    assert event_type(headline.upper()) == kind


# --- headlines ----------------------------------------------------------------------------------------------------

HEADLINE = "Harrowgate Acquires Leak Detection Firm, Komplex"


def test_a_release_is_an_event_at_its_date_of_publication():
    reading = read(("heading", HEADLINE), "The two firms have known each other for years.", title=HEADLINE, **RELEASE)
    (event,) = observe(reading)
    assert (event.get("type"), event.get("date"), event.get("summary")) == ("acquisition", "2023-02-14", HEADLINE)
    assert quote(reading, event) == HEADLINE


def test_the_headline_is_the_block_that_the_title_repeats():
    parts = (("heading", "News and stories from the river"), ("heading", HEADLINE), "It rains.")
    (event,) = observe(read(*parts, title=f"{HEADLINE} | Harrowgate", **RELEASE))
    assert event.get("summary") == HEADLINE


@pytest.mark.parametrize(
    "heading",
    ["Cautionary Language Concerning Forward-Looking Statements", "About Harrowgate Systems", "Safe Harbor Statement"],
)
def test_a_heading_that_every_release_bears_is_no_headline(heading):
    assert (
        events("Harrowgate acquires Komplex.", ("heading", heading), "Much may change.", title="News", **RELEASE) == []
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "These awards were approved by our compensation committee on July 12, 2022.",
        "Our effective tax rate was lower, as earnings abroad increased in the year ended May 31, 2022.",
        "The computation of our earnings for the year ended May 31, 2022 excludes results of units that we sold.",
    ],
)
def test_what_is_said_of_papers_is_no_event(sentence):
    assert events(sentence, title="News", **RELEASE) == []


def test_a_headline_that_stands_beside_the_main_text_is_the_headline():
    parts = (("heading", HEADLINE), "It rains by the river.", ("heading", "Words about the river and its people"))
    reading = read(*parts, title=HEADLINE, **RELEASE)
    top, *below = reading.blocks
    reading = replace(reading, blocks=(replace(top, passage=replace(top.passage, main=False)), *below))
    assert [o.get("summary") for o in observe(reading)] == [HEADLINE]


def test_a_release_without_a_date_is_no_event():
    assert events(("heading", HEADLINE), title=HEADLINE, page="press_release") == []


def test_where_the_headline_says_little_the_lead_decides():
    lead = "Harrowgate has appointed Ingrid Solheim as its chief financial officer, the company said to the press."
    assert events(("heading", "A warm welcome to Ingrid Solheim"), lead, title="A warm welcome", **RELEASE) == [
        ("leadership", "2023-02-14")
    ]


def test_a_headline_of_no_known_kind_is_kept_but_less_sure():
    def score(headline: str) -> float:
        return observe(read(("heading", headline), title=headline, **RELEASE))[0].score

    assert score("Harrowgate Sponsors Bergen Marathon") < score(HEADLINE)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Harrowgate Acquires Komplex", [("acquisition", "2023-02-14")]),
        ("Five ways to launch a meter project at Harrowgate", []),
        ("Brightmoor acquires a bakery in Oslo", []),
        ("A walk along the river with Harrowgate", []),
    ],
)
def test_a_blog_post_is_an_event_only_where_it_is_company_news(headline, expected):
    assert events(("heading", headline), "Read it.", title=headline, page="blog", published="2023-02-14") == expected


@pytest.mark.parametrize("page", ["product", "about", "job"])
def test_other_pages_have_no_headline_event(page):
    assert events(("heading", HEADLINE), title=HEADLINE, page=page, published="2023-02-14") == []


def test_each_heading_of_a_product_update_is_an_event():
    parts = (
        ("heading", "Harrowgate product update"),
        ("heading", "A dashboard for leaks"),
        "We have launched a dashboard for leak alarms. It is blue.",
        ("heading", "Thanks to you"),
        "It was a good month for all.",
    )
    reading = read(*parts, title="Product update", page="blog", published="2022-06-04")
    assert [(o.get("type"), o.get("date"), o.get("summary")) for o in observe(reading)] == [
        ("launch", "2022-06-04", "A dashboard for leaks: We have launched a dashboard for leak alarms.")
    ]


# --- sentences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("In March 2019 Harrowgate acquired Komplex.", ("acquisition", "2019-03")),
        ("On 3 June 2019 Harrowgate acquired Komplex.", ("acquisition", "2019-06-03")),
        ("In 2015, we opened an office in Bergen.", ("expansion", "2015")),
        ("Founded in 1998, Harrowgate opened its Bergen plant on 4 April 2019.", ("expansion", "2019-04-04")),
        ("Harrowgate was founded in 1998.", ("founded", "1998")),
        ("Harrowgate raised $20 million in June 2021.", ("funding", "2021-06")),
    ],
)
def test_a_sentence_with_a_date_of_its_own(sentence, expected):
    assert events(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate acquired Komplex.",
        "Brightmoor acquired Quillon in 2018.",
        "In 2019, Harrowgate had 300 customers.",
        "In 2019, Harrowgate was happy.",
        "Harrowgate could have acquired Komplex in 2022.",
        "If Harrowgate acquired Komplex in 2022, it grew.",
        "Harrowgate would have launched FlowSight in 2022.",
        "Harrowgate might have launched FlowSight in 2022.",
        "In forward-looking statements of 2022 we announced an acquisition of Komplex.",
    ],
)
def test_sentences_that_state_no_event_of_the_account(sentence):
    assert events(sentence) == []


def test_a_date_far_behind_the_publication_is_not_when_it_happened():
    sentence = "Harrowgate acquired Komplex and its patents to {}."
    assert events(sentence.format("2031"), page="about", published="2023-02-14") == []
    assert events(sentence.format("2022"), page="about", published="2023-02-14") == [("acquisition", "2022")]


def test_the_company_s_own_time_line_needs_no_subject():
    items = (
        ("heading", "History"),
        ("list_item", "2003: opened the Leeds plant"),
        ("list_item", "1998 – founded in Bergen"),
    )
    assert events(*items, page="about") == [("expansion", "2003"), ("founded", "1998")]
    assert events(*items, page="blog") == []


@pytest.mark.parametrize(
    ("part", "options"),
    [
        ("In 2015, we opened an office in Bergen.", {"own": False}),
        (("footer", "In 2015, we opened an office in Bergen."), {}),
        (("contact", "In 2015, we opened an office in Bergen."), {}),
        (("paragraph", "In 2015, we opened an office in Oslo.", ("About Brightmoor",)), {}),
    ],
)
def test_where_nothing_is_read(part, options):
    assert events(part, **options) == []


@pytest.mark.parametrize(
    "text",
    [
        "3.1 | Restated Certificate of Incorporation | filed March 18, 2022",
        "4.2 | Form of Note due 2054, incorporated herein by reference to Exhibit 4.5, announced May 13, 2024",
        "Portions of the Proxy Statement for the annual meeting opened in 2025 are announced.",
        "Performance share units awarded in 2024 were granted to executives.",
        "Cash used in financing activities increased in 2025.",
    ],
)
def test_a_filings_papers_are_no_events(text: str) -> None:
    assert observe(read(text, page="filing")) == ()


def test_an_event_of_the_business_stands_in_a_filing() -> None:
    (event,) = observe(read("In March 2024, we acquired Quillon Metering.", page="filing"))
    assert event.get("type") == "acquisition"
