"""Cover page, profile and people of a filing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from filing_samples import BUSINESS, COVER, SIGNATURES, Line, paragraphs, reading, rows

from research.analyse.filing_facts import observe
from research.analyse.read import Reading
from research.model.finding import Observation


def fact(read: Reading, field: str) -> Observation | None:
    return next((o for o in observe(read) if o.kind == "fact" and o.get("field") == field), None)


def value(read: Reading, field: str) -> object:
    found = fact(read, field)
    return found and found.get("value")


def quote(read: Reading, found: Observation | None) -> str:
    assert found is not None
    return read.document.text[found.start : found.end]


def cover(*address: str) -> list[Line]:
    return [
        *paragraphs(COVER, "ACME WIDGETS, INC.", "(Exact name of registrant as specified in its charter)"),
        *rows(
            COVER, "Delaware | 94-3177549", "(State of incorporation) | (I.R.S. Employer Identification No.)", *address
        ),
        *paragraphs(COVER, "(Address of principal executive offices) (Zip Code)"),
        *rows(
            COVER,
            "Title of each class | Trading Symbol(s) | Name of each exchange on which registered",
            "1.875% Notes Due 2026 | ACM26 | New York Stock Exchange",
            "Class A Common Stock, $0.01 par value | ACMA | Nasdaq Global Select Market",
            "Class C Capital Stock, $0.01 par value | ACM | Nasdaq Global Select Market",
        ),
    ]


def test_cover_page_facts_with_spans_that_show_them() -> None:
    read = reading(cover("2788 Main Expressway, Santa Rosa, California | 95051"))
    assert value(read, "legal_name") == "ACME WIDGETS, INC."
    assert quote(read, fact(read, "legal_name")).endswith("(Exact name of registrant as specified in its charter)")
    assert value(read, "ticker") == "ACMA"
    assert value(read, "ownership") == "public (ACMA, Nasdaq Global Select Market)"
    ownership = fact(read, "ownership")
    assert ownership is not None
    assert ownership.get("normal") == "public"
    assert quote(read, fact(read, "headquarters")) == "Santa Rosa, California"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (("One Apple Grove Way", "Springfield, | Illinois | 62701"), "Springfield, Illinois"),
        (("270 Park Avenue, New York, New York | 10017",), "New York, New York"),
        (("1 Johnson Plaza New Brunswick, NJ 08933",), "New Brunswick, NJ"),
        (("8000 Main Road", "St. Louis, Missouri 63105"), "St. Louis, Missouri"),
        (("70 Harbour Quay", "Dublin 2, Ireland"), "Dublin, Ireland"),
        (
            ("1 Health Drive | 55344 | 655 Ninth Avenue NW | 20001", "Eden Vale, | Minnesota | Washington, | DC"),
            "Eden Vale, Minnesota",
        ),
    ],
)
def test_head_office_in_many_layouts(address: tuple[str, ...], expected: str) -> None:
    assert value(reading(cover(*address)), "headquarters") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "As of May 31, 2025, we had approximately 77,800 employees worldwide. One plant is used by 400 employees.",
            "77,800",
        ),
        (
            "As of year end 2024 and 2023, our Company had approximately 69,700 and 79,100 employees, respectively.",
            "69,700",
        ),
        ("We employed approximately 1,556,000 full-time and part-time employees.", "1,556,000"),
        ("At December 31, 2024, our total workforce was 172,000 with 15% outside of the U.S.", "172,000"),
        (
            "This is delivered by our approximately 2.1 million associates, with 1.6 million associates in the U.S.",
            "2.1 million",
        ),
        ("As of June 30, 2024, we had 6,000 employees. Our sales force consists of over 9,500 employees.", "6,000"),
        ("In 2024, over 13,000 of our employees participated in training.", None),
        ("Approximately 58,000 employees were represented by unions.", None),
    ],
)
def test_employees_are_the_whole_company(text: str, expected: str | None) -> None:
    assert value(reading(paragraphs((*BUSINESS, "Human Capital"), text)), "employees") == expected


@pytest.mark.parametrize(
    ("text", "printed", "normal"),
    [
        (
            "We were incorporated in California in April 1993 and reincorporated in Delaware in April 1998.",
            "April 1993",
            "1993-04",
        ),
        ("Founded in 1999, we bring people together.", "1999", "1999"),
        (
            "Acme Widgets, Inc. was incorporated in the State of New York on June 16, 1911, as a consolidation.",
            "June 16, 1911",
            "1911-06-16",
        ),
        ("Our subsidiary Vantrel Ltd was founded in 1987.", None, None),
        ("Mr. Roe founded Oxbow in 1994.", None, None),
        ("Controls follow criteria established in Internal Control issued in 2013.", None, None),
    ],
)
def test_founding_of_the_company_itself(text: str, printed: str | None, normal: str | None) -> None:
    found = fact(reading(paragraphs(BUSINESS, text)), "founded")
    assert (found and found.get("value"), found and found.get("normal")) == (printed, normal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Acme Widgets, Inc. is a leading provider of cloud security software to businesses.",
            "cloud security software",
        ),
        ("We are a global, diversified aerospace company with many plants.", "global, diversified aerospace company"),
        (
            "The Company designs, manufactures and markets pumps, valves and meters, and sells related services.",
            "pumps, valves and meters",
        ),
        ("We work with our partners to deliver end-to-end solutions to everybody we meet.", None),
    ],
)
def test_industry_is_what_the_company_says_it_is(text: str, expected: str | None) -> None:
    assert value(reading(paragraphs((*BUSINESS, "Overview"), text)), "industry") == expected


def people(lines: list[Line]) -> list[tuple[object, object]]:
    return [(o.get("name"), o.get("role")) for o in observe(reading(lines)) if o.kind == "person"]


def test_table_of_officers() -> None:
    path = (*BUSINESS, "Information About Our Executive Officers")
    table = rows(
        path,
        "Name | Age | Position",
        "Jane Q. Roe | 54 | President and Chief Executive Officer since May 2020. Ms. Roe was Director of Oxbow.",
        "Sam O’Neil, M.D. | 61 | Chief Medical Officer",
        "Total | 12 | 30",
    )
    assert people(table) == [
        ("Jane Q. Roe", "President and Chief Executive Officer"),
        ("Sam O’Neil, M.D.", "Chief Medical Officer"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe, age 54, has been Chief Legal Officer since March 2023. Before that she was a partner.",
        "Jane Roe, Chief Legal Officer — Ms. Roe, 54, joined in 1979.",
        "Jane Roe. Ms. Roe has served as Chief Legal Officer since March 2023.",
    ],
)
def test_officers_in_prose(text: str) -> None:
    assert people(paragraphs((*BUSINESS, "Executive Officers of the Registrant"), text)) == [
        ("Jane Roe", "Chief Legal Officer")
    ]


def test_signatures_in_their_layouts() -> None:
    page = rows(
        SIGNATURES,
        "ACME WIDGETS, INC.",
        "Signature | Title | Date",
        "/s/ JANE ROE | Chief Executive Officer and Director (Principal Executive Officer) | March 3, 2025",
        "Jane Roe",
        "/s/ SAM McCOY | /s/ ANA BOTÍN",
        "Sam McCoy Executive Vice President and Chief Financial Officer | Ana Botín – Director",
        "/s/ LEE OAK Lee Oak | Director | March 3, 2025",
        "* | Director | March 3, 2025",
        "Kim Poe",
        "By: | /s/ Pat Elm",
        "Pat Elm, Attorney-in-fact",
    )
    assert people(page) == [
        ("Jane Roe", "Chief Executive Officer and Director"),
        ("Sam McCoy", "Executive Vice President and Chief Financial Officer"),
        ("Ana Botín", "Director"),
        ("Lee Oak", "Director"),
        ("Kim Poe", "Director"),
    ]


def test_directors_listed_under_their_head() -> None:
    page = [*paragraphs(SIGNATURES, "DIRECTORS:", role="heading"), *rows(SIGNATURES, "William J. Oak* | Jane H. Elm*")]
    assert people(page) == [("William J. Oak", "Director"), ("Jane H. Elm", "Director")]


def test_what_directors_do_elsewhere_is_no_role_here() -> None:
    table = rows(
        (*BUSINESS, "Board of Directors"),
        "Name | Age | Position",
        "Jane Roe | 60 | Chief Executive Officer, Oxbow, Inc.",
    )
    assert people(table) == []


@pytest.mark.shared
@pytest.mark.parametrize("ticker", ["NVDA", "BA", "UNH"])
def test_real_filings_state_what_their_data_say(shared_data: Path, ticker: str) -> None:
    from research.extract.filing import extract_filing
    from research.model.capture import Capture
    from research.model.document import Document

    body = gzip.decompress((shared_data / "tenk" / f"{ticker}.html.gz").read_bytes())
    capture = Capture(
        id="c",
        source_id="s",
        url="file:k",
        final_url="file:k",
        fetched_at="",
        status=200,
        media_type="text/html",
        body_sha256="",
    )
    document = extract_filing(capture, body, account_id="a")
    assert isinstance(document, Document)
    lines: list[Line] = [(p.of(document.text), p.role, p.heading_path) for p in document.passages]
    read = reading(lines, name=document.meta("registrant") or "", **dict(document.metadata))
    truth = next(
        row
        for line in (shared_data / "tenk" / "facts.jsonl").read_text().splitlines()
        if (row := json.loads(line))["ticker"] == ticker
    )
    for field in ("revenue", "net_income"):
        found = fact(read, field)
        assert found is not None
        assert found.get("normal") == truth["facts"][field]["value"]
    assert value(read, "ticker") == truth["dei"]["TradingSymbol"]
