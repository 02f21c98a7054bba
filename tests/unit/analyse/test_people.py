"""The account's people with their roles, and nobody else's."""

from __future__ import annotations

import pytest
from reading_builder import Part, quote, read

from research.analyse.people import observe
from research.model.finding import Value


def people(*parts: Part | str, **options) -> list[tuple[Value, Value]]:
    return [(o.get("name"), o.get("role")) for o in observe(read(*parts, **options))]


def currents(*parts: Part | str, **options) -> list[tuple[Value, Value]]:
    return [(o.get("name"), o.get("current")) for o in observe(read(*parts, **options))]


# --- shown: cards, rows, headings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("Marta Ellwood\nChief Executive Officer", ("Marta Ellwood", "Chief Executive Officer")),
        ("Tobias Renner\nVP, Product", ("Tobias Renner", "VP, Product")),
        ("Dr. Anna-Lena Vögele\nHead of Research", ("Anna-Lena Vögele", "Head of Research")),
        ("Corin E. Thaler\nCo-Founder and CTO", ("Corin E. Thaler", "Co-Founder and CTO")),
        ("Jan van der Berg\nGeneral Counsel", ("Jan van der Berg", "General Counsel")),
        ("Meet Owen Prather\nSales Manager", ("Owen Prather", "Sales Manager")),
        ("Owen Prather, CFA\nChief Financial Officer", ("Owen Prather", "Chief Financial Officer")),
        ("Owen Prather\nHarrowgate, Vice President, Sales", ("Owen Prather", "Vice President, Sales")),
        (
            "Ingrid Solheim\nChief Financial Officer\nIngrid came in 2016 after ten years at another company.",
            ("Ingrid Solheim", "Chief Financial Officer"),
        ),
    ],
)
def test_cards(card, expected):
    assert people(("card", card), page="leadership") == [expected]


def test_the_evidence_of_a_card_is_name_and_role():
    reading = read(
        "Our team.",
        ("card", "Marta Ellwood\nChief Executive Officer\nMarta has led the firm since 2012."),
        page="leadership",
    )
    (found,) = observe(reading)
    assert quote(reading, found) == "Marta Ellwood\nChief Executive Officer"


@pytest.mark.parametrize(
    "card",
    [
        "Harrowgate Systems\nManaging Director",
        "Privacy Policy\nData Protection Officer",
        "Customer Success\nTeam lead",
        "Regional Office\nSales Manager",
        "Marta Ellwood\nA long walk in the hills.",
        "Marta Ellwood",
        "Chief Executive Officer",
    ],
)
def test_cards_that_show_no_person(card):
    assert people(("card", card), page="leadership") == []


@pytest.mark.parametrize("page", ["newsroom", "comparison", "customers", "partners", "case_study"])
def test_pages_that_list_others_show_no_cards_and_rows(page):
    parts = (("card", "Marta Ellwood\nChief Executive Officer"), ("table_row", "Owen Prather | Plant Manager | 2015"))
    assert people(*parts, page=page) == []


def test_the_title_stands_right_below_the_name():
    card = "Marta Ellwood\nOwen Prather\nPlant Manager"
    assert people(("card", card), page="leadership") == [("Owen Prather", "Plant Manager")]


def test_a_contact_block_gives_its_person():
    block = "Media contact:\nOwen Prather\nDirector of Communications\n+1 617 555 0134"
    assert people(("contact", block), page="contact") == [("Owen Prather", "Director of Communications")]


def test_rows_of_a_table():
    rows = (
        ("table_row", "Name | Position | Since"),
        ("table_row", "Harold Lindqvist | Chair of the Board | 2015"),
        ("table_row", "Leeds Plant | Sales | 2019"),
    )
    assert people(*rows, page="investor") == [("Harold Lindqvist", "Chair of the Board")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [("leadership", [("Owen Prather", "Head of Engineering")]), ("newsroom", []), ("partners", [])],
)
def test_a_name_as_heading_with_the_role_below(page, expected):
    assert people(("heading", "Owen Prather"), "Head of Engineering", page=page) == expected


def test_who_is_shown_on_the_leadership_page_is_there_now():
    shown = ("card", "Marta Ellwood\nChief Executive Officer")
    assert currents(shown, page="leadership") == [("Marta Ellwood", True)]
    assert currents(shown, page="contact") == [("Marta Ellwood", None)]


def test_the_same_words_read_twice_are_one_sighting():
    found = people(
        ("card", "Marta Ellwood\nChief Executive Officer"),
        "Marta Ellwood, Chief Executive Officer of Harrowgate, lives in Leeds.",
        page="leadership",
    )
    assert found == [("Marta Ellwood", "Chief Executive Officer")]


# --- said: quotes, titles before names, moves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "“We are proud,” said Marta Ellwood, chief executive officer of Harrowgate.",
            ("Marta Ellwood", "chief executive officer"),
        ),
        ("“We are proud,” said Marta Ellwood, CEO at Harrowgate Systems.", ("Marta Ellwood", "CEO")),
        ("“We are proud,” says Marta Ellwood, president and CEO.", ("Marta Ellwood", "president and CEO")),
        (
            "“We are proud,” added Tobias Renner, vice president of sales at Harrowgate.",
            ("Tobias Renner", "vice president of sales"),
        ),
        (
            "Marta Ellwood, co-founder of Harrowgate, will speak in Bergen.",
            ("Marta Ellwood", "co-founder"),
        ),
        ("Harrowgate CEO Marta Ellwood opened the plant.", ("Marta Ellwood", "CEO")),
        ("Its chief operating officer, Owen Prather, agreed.", ("Owen Prather", "chief operating officer")),
        (
            "Our new chief technology officer Ingrid Solheim starts in June.",
            ("Ingrid Solheim", "chief technology officer"),
        ),
        ("Owen Prather is the general manager of Harrowgate.", ("Owen Prather", "general manager")),
    ],
)
def test_people_whose_role_is_tied_to_the_account(sentence, expected):
    assert people(sentence, page="press_release") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "“We are happy,” said Tobias Renner, CIO of Brightmoor.",
        "“We are happy,” said Tobias Renner, vice president of operations at Brightmoor Foods.",
        "“We are happy,” said Tobias Renner, CIO, Brightmoor.",
        "“We are happy,” said Tobias Renner, principal analyst at Oakline Research.",
        "Brightmoor CEO Tobias Renner praised Harrowgate.",
        "Ingrid Solheim, who was chief financial officer of Brightmoor, spoke.",
        "Before that, Ingrid Solheim served as vice president of finance at Brightmoor.",
        "Ingrid Solheim previously served as chief financial officer.",
        "We thank Tobias Renner, a friend of the house.",
        "The officer said that Marta Ellwood was there.",
        "Owen Prather is a father of three who once met a manager.",
        "Owen Prather joined Harrowgate as part of the large and happy team that is led by a manager.",
        "Owen Prather was named as a friend of the house.",
    ],
)
def test_people_of_other_companies_are_left_out(sentence):
    assert people(sentence, page="press_release", company=["Brightmoor", "Brightmoor Foods", "Oakline Research"]) == []


def test_of_two_people_each_is_told_by_the_company_behind_the_title():
    sentence = "Speakers are Marta Ellwood, CEO of Harrowgate, and Tobias Renner, CIO of Brightmoor."
    assert people(sentence, page="press_release", company=["Brightmoor"]) == [("Marta Ellwood", "CEO")]


@pytest.mark.parametrize("page", ["case_study", "customers", "partners"])
def test_who_speaks_on_a_customer_s_story_is_the_customer_s(page):
    parts = ("“We are happy,” said Tobias Renner, chief operating officer.", ("card", "Lena Frost\nPlant Manager"))
    assert people(*parts, page=page) == []


def test_unless_the_story_names_the_account_as_the_employer():
    found = people("“We help,” said Owen Prather, head of support at Harrowgate.", page="case_study")
    assert found == [("Owen Prather", "head of support")]


@pytest.mark.parametrize("page", ["product", "job", "legal"])
def test_a_title_without_a_company_counts_only_where_the_page_is_about_the_account(page):
    sentence = "“We are happy,” said Tobias Renner, chief operating officer."
    assert people(sentence, page=page) == []
    assert people(sentence, page="press_release") == [("Tobias Renner", "chief operating officer")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Harrowgate has appointed Ingrid Solheim as chief financial officer.",
            ("Ingrid Solheim", "chief financial officer"),
        ),
        (
            "Harrowgate Appoints Ingrid Solheim as Chief Financial Officer",
            ("Ingrid Solheim", "Chief Financial Officer"),
        ),
        ("Harrowgate Hires Ingrid Solheim as Head of Sales", ("Ingrid Solheim", "Head of Sales")),
        (
            "Harrowgate welcomes Ingrid Solheim to the position of Chief Revenue Officer.",
            ("Ingrid Solheim", "Chief Revenue Officer"),
        ),
        (
            "Ingrid Solheim has joined Harrowgate as chief information security officer.",
            ("Ingrid Solheim", "chief information security officer"),
        ),
        (
            "Ingrid Solheim was promoted to senior vice president of sales.",
            ("Ingrid Solheim", "senior vice president of sales"),
        ),
        (
            "Ingrid Solheim has served as chief financial officer of Harrowgate.",
            ("Ingrid Solheim", "chief financial officer"),
        ),
        (
            "Harold Lindqvist has served as a member of our board of directors since 2011.",
            ("Harold Lindqvist", "Director"),
        ),
    ],
)
def test_appointments(sentence, expected):
    assert people(sentence, page="press_release") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Marta Ellwood follows Owen Prather, former chief executive officer of Harrowgate.",
        "Our former CFO, Owen Prather, left in 2018.",
        "Harrowgate’s former chief executive officer Owen Prather was there.",
        "Owen Prather, chief executive officer of Harrowgate until 2018, spoke.",
    ],
)
def test_former_people_are_not_current(sentence):
    found = dict(currents(sentence, page="press_release"))
    assert found["Owen Prather"] is False


def test_an_author_in_a_byline_is_the_account_s():
    assert people("by Owen Prather, Principal Engineer", page="blog") == [("Owen Prather", "Principal Engineer")]


def test_what_the_model_takes_for_a_company_or_a_place_is_no_person_of_prose():
    sentence = "“We are proud,” said Silver Birch, chief executive officer."
    assert people(sentence, page="press_release") == [("Silver Birch", "chief executive officer")]
    assert people(sentence, page="press_release", company=["Silver Birch"]) == []
    assert people(sentence, page="press_release", place=["Silver Birch"]) == []


def test_who_holds_a_named_post_here_is_a_person_whatever_the_model_takes_the_name_for():
    sentence = "Written by: Varlam Dorin, Harrowgate Senior Engineer"
    assert people(sentence, page="blog", company=["Varlam Dorin"]) == [("Varlam Dorin", "Senior Engineer")]


def test_everybody_of_an_enumeration_is_read():
    sentence = (
        "The study was led by our Rena Brandt, research lead, Hale Okoye, chief data scientist, and Ida Lunt, Editor."
    )
    assert people(sentence, page="press_release") == [
        ("Rena Brandt", "research lead"),
        ("Hale Okoye", "chief data scientist"),
        ("Ida Lunt", "Editor"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Łukasz Żak, CEO of Harrowgate, agreed.", ("Łukasz Żak", "CEO")),
        ("Šárka Nováková joined Harrowgate as head of sales.", ("Šárka Nováková", "head of sales")),
        ("Ödön Ćirić took the position of chief information officer.", ("Ödön Ćirić", "chief information officer")),
        ("Rena Brandt: Rena runs Harrowgate's lab as head of research.", ("Rena Brandt", "head of research")),
        ("Rena Brandt Joins Harrowgate as Vice President of Sales", ("Rena Brandt", "Vice President of Sales")),
        (
            "Harrowgate announced the hiring of Rena Brandt as Head of Sales, and the promotion of others.",
            ("Rena Brandt", "Head of Sales"),
        ),
        (
            "Joining the Harrowgate team is Rena Brandt, a security researcher and trainer.",
            ("Rena Brandt", "security researcher and trainer"),
        ),
        ("Rena Brandt, IoT research lead at Harrowgate, spoke.", ("Rena Brandt", "IoT research lead")),
    ],
)
def test_posts_in_sentences(sentence, expected):
    assert people(sentence, page="press_release", company=["IoT"]) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "The club elected Rena Brandt, Chief Product Officer at Quillon, as Secretary.",
        "“We like it,” said Rena Brandt, Security Manager at Security Finance.",
        "“We like it,” said Rena Brandt, founder of Digital Bond.",
        "Rena Brandt joined Harrowgate to lead product management.",
    ],
)
def test_posts_elsewhere_and_tasks_are_none_of_the_account(sentence):
    assert people(sentence, page="press_release", company=["Quillon"]) == []


def test_a_card_may_give_the_title_first_and_the_name_in_capitals():
    assert people(("card", "Chief Executive Officer\nMARIA ELLWOOD"), page="leadership") == [
        ("Maria Ellwood", "Chief Executive Officer")
    ]


def test_the_account_s_own_name_is_no_person():
    assert people("“We are proud,” said Harrowgate Systems, CEO of Harrowgate.", page="press_release") == []


def test_pages_of_others_and_filings_are_left_to_others():
    card = ("card", "Marta Ellwood\nChief Executive Officer")
    assert people(card, page="leadership", own=False) == []
    assert people(card, page="filing") == []


def test_metadata_and_footers_name_nobody():
    line = "Marta Ellwood, CEO of Harrowgate"
    assert people(("metadata", f"author: {line}"), ("footer", line), page="about") == []


def test_every_sighting_is_a_span_that_holds_the_name():
    reading = read(
        ("card", "Marta Ellwood\nChief Executive Officer"),
        ("table_row", "Harold Lindqvist | Chair of the Board | 2015"),
        "“Yes,” said Owen Prather, head of support at Harrowgate. Ingrid Solheim has joined Harrowgate as Head of Sales.",
        page="about",
    )
    found = observe(reading)
    assert [o.get("name") for o in found] == ["Marta Ellwood", "Harold Lindqvist", "Owen Prather", "Ingrid Solheim"]
    for observation in found:
        assert str(observation.get("name")) in quote(reading, observation)
        assert str(observation.get("role")) in quote(reading, observation)
        assert 0 < observation.score <= 1
