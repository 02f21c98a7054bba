"""Where the account sits: addresses of many countries, the head office among them, offices in prose, datelines."""

from __future__ import annotations

import pytest
from reading_builder import Part, quote, read

from research.analyse.offices import observe, place_of
from research.model.finding import Value


def offices(*parts: Part | str, **options) -> list[Value]:
    return [o.get("place") for o in observe(read(*parts, **options)) if o.kind == "office"]


def headquarters(*parts: Part | str, **options) -> list[Value]:
    return [o.get("value") for o in observe(read(*parts, **options)) if o.kind == "fact"]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Boston, MA 02114", "Boston, MA"),
        ("120 Canal Street, Boston, MA 02114", "Boston, MA"),
        ("Boston, Massachusetts 02114-1234", "Boston, Massachusetts"),
        ("New York, NY 10001, USA", "New York, NY"),
        ("Toronto, ON M5H 3Y2", "Toronto, ON"),
        ("Leeds LS1 4AB", "Leeds"),
        ("4 Mill Lane, Leeds, LS1 4AB", "Leeds"),
        ("London, EC1A 1BB", "London"),
        ("20457 Hamburg", "Hamburg"),
        ("D-20457 Hamburg", "Hamburg"),
        ("Bryggen 3, 5003 Bergen", "Bergen"),
        ("01187 Dresden, Germany", "Dresden"),
        ("75008 Paris", "Paris"),
        ("Wellington 6011", "Wellington"),
        ("20 Customhouse Quay, Wellington 6011", "Wellington"),
        ("Singapore 229469", "Singapore"),
    ],
)
def test_the_city_of_an_address(line, place):
    assert place_of(line) == place


@pytest.mark.parametrize(
    "line",
    [
        "Suite 400",
        "Suite 12345",
        "Box 12345",
        "Floor 1234",
        "Copyright 2022",
        "Since 2001",
        "© Harrowgate 2022",
        "Order 12345 Widgets now",
        "+1 617 555 0134",
        "Boston",
        "We are in Boston.",
        "",
    ],
)
def test_lines_that_are_no_address(line):
    assert place_of(line) is None


@pytest.mark.parametrize(
    ("block", "place"),
    [
        ("Harrowgate Inc.\n120 Canal Street\nBoston, MA 02114\n+1 617 555 0134", "Boston, MA"),
        ("Harrowgate Ltd\n4 Mill Lane\nLeeds LS1 4AB\nUnited Kingdom", "Leeds"),
        ("Harrowgate GmbH\nHafenstraße 12\n20457 Hamburg\nGermany", "Hamburg"),
        ("Harrowgate AS\nBryggen 3, 5003 Bergen", "Bergen"),
        ("Level 4, 20 Customhouse Quay\nWellington 6011\nNew Zealand", "Wellington"),
    ],
)
def test_an_address_is_an_office_and_no_head_office_unless_it_says_so(block, place):
    assert offices(("contact", block), page="contact") == [place]
    assert headquarters(("contact", block), page="contact") == []


@pytest.mark.parametrize(
    "label", ["Headquarters", "Global Headquarters", "Corporate headquarters", "Head Office", "HQ", "Main office"]
)
def test_a_head_office(label):
    reading = read(("contact", f"{label}\n120 Canal Street\nBoston, MA 02114"), page="contact")
    head = next(o for o in observe(reading) if o.kind == "fact")
    assert (head.get("field"), head.get("value")) == ("headquarters", "Boston, MA")
    assert quote(reading, head) == f"{label}\n120 Canal Street\nBoston, MA 02114"
    assert offices(("contact", f"{label}\nBoston, MA 02114"), page="contact") == ["Boston, MA"]


@pytest.mark.parametrize(
    "label",
    ["Regional headquarters", "EMEA Headquarters", "APAC HQ", "European head office", "North American Headquarters"],
)
def test_a_regional_head_office_is_an_office(label):
    block = ("contact", f"{label}\n4 Mill Lane\nLeeds LS1 4AB")
    assert offices(block, page="contact") == ["Leeds"]
    assert headquarters(block, page="contact") == []


def test_of_several_addresses_each_has_the_label_above_it():
    block = "Head office\n4 Mill Lane\nLeeds LS1 4AB\nSales office\n120 Canal Street\nBoston, MA 02114"
    assert offices(("contact", block), page="contact") == ["Leeds", "Boston, MA"]
    assert headquarters(("contact", block), page="contact") == ["Leeds"]


def test_the_label_may_be_the_heading_above_the_address():
    parts = (
        ("heading", "Headquarters"),
        ("contact", "120 Canal Street\nBoston, MA 02114"),
        ("heading", "Warehouse"),
        ("contact", "4 Mill Lane\nLeeds LS1 4AB"),
    )
    assert headquarters(*parts, page="contact") == ["Boston, MA"]
    assert offices(*parts, page="contact") == ["Boston, MA", "Leeds"]


@pytest.mark.parametrize(
    ("part", "page", "expected"),
    [
        ("Boston, MA 02114", "contact", ["Boston, MA"]),
        ("Boston, MA 02114", "blog", []),
        (("footer", "Harrowgate, 120 Canal Street, Boston, MA 02114"), "blog", ["Boston, MA"]),
        (("metadata", "address: Boston, MA 02114"), "contact", []),
        (("contact", "Boston, MA 02114", ("About Brightmoor",)), "press_release", []),
        (("contact", "Boston, MA 02114", ("About us",)), "contact", ["Boston, MA"]),
    ],
)
def test_where_addresses_are_looked_for(part, page, expected):
    assert offices(part, page=page) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We have offices in Boston, Leeds and Bergen.", ["Boston", "Leeds", "Bergen"]),
        ("Harrowgate runs plants in Leeds, which is near Bergen.", ["Leeds"]),
        ("Harrowgate has teams in Leeds. Boston is nice.", ["Leeds"]),
        ("Brightmoor has offices in Leeds.", []),
        ("We like Leeds.", []),
    ],
)
def test_offices_named_in_prose(sentence, expected):
    assert offices(sentence, place=["Boston", "Leeds", "Bergen"]) == expected


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("LEEDS, England – February 14, 2023 – Harrowgate today said so.", "Leeds, England"),
        ("BOSTON, MA, Feb. 14, 2023 — Harrowgate today said so.", "Boston, MA"),
        ("Bergen – March 3, 2023 – Harrowgate today said so.", "Bergen"),
    ],
)
def test_the_dateline_of_a_release_is_a_weak_sign(opening, place):
    head, office = observe(read(opening, page="press_release"))
    assert (head.kind, head.get("value"), office.kind, office.get("place")) == ("fact", place, "office", place)
    assert max(head.score, office.score) < 0.3
    assert headquarters(opening, page="blog") == []


def test_one_dateline_a_release():
    opening = "LEEDS, England – February 14, 2023 – Harrowgate today said so."
    assert headquarters(opening, opening.replace("LEEDS", "YORK"), page="press_release") == ["Leeds, England"]


def test_an_address_outweighs_any_dateline():
    address = ("contact", "Headquarters\n120 Canal Street\nBoston, MA 02114")
    line = "LEEDS, England – February 14, 2023 – Harrowgate today said so."
    scores = {o.get("value"): o.score for o in observe(read(line, address, page="press_release")) if o.kind == "fact"}
    assert scores["Boston, MA"] > 3 * scores["Leeds, England"]


@pytest.mark.parametrize("options", [{"own": False}, {"page": "filing"}])
def test_pages_of_others_and_filings_are_left_to_others(options):
    assert offices(("contact", "Boston, MA 02114"), **{"page": "contact", **options}) == []


@pytest.mark.parametrize("line", ["ISO 27001", "2012 Data Breach Investigations Report", "RFC 5322"])
def test_standards_and_reports_are_no_addresses(line: str) -> None:
    assert place_of(line) is None


def test_where_there_is_none_there_is_no_office() -> None:
    assert offices("We have an office in Leeds.", place=["Leeds"]) == ["Leeds"]
    assert offices("We have no sales office in Leeds.", place=["Leeds"]) == []
