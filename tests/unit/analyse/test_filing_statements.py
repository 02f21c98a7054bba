"""Money of a filing: the right row, the right column, full units, and nothing where nothing is printed."""

from __future__ import annotations

import pytest
from filing_samples import COVER, STATEMENTS, paragraphs, reading, rows

from research.analyse.filing_facts import observe
from research.analyse.read import Reading
from research.model.finding import Observation

INDUSTRIAL = (
    "Net sales | $1,200 | $1,100 | $1,000",
    "Cost of sales | 700 | 650 | 600",
    "Selling expenses | 100 | 90 | 80",
    "Interest expense | 10 | 9 | 8",
)
SHARES = ("Earnings per share:", "Basic | $6.11 | $6.16 | $6.15")


def statement(
    *body: str,
    head: str = "(In millions, except per share data) | 2024 | 2023 | 2022",
    title: str = "Consolidated Statements of Operations",
) -> Reading:
    return reading(
        [*paragraphs(STATEMENTS, title, role="heading"), *rows(STATEMENTS, head, *body)], fiscal_year_end="2024-12-31"
    )


def fact(read: Reading, field: str) -> Observation | None:
    return next((o for o in observe(read) if o.kind == "fact" and o.get("field") == field), None)


def value(read: Reading, field: str) -> object:
    found = fact(read, field)
    return found and found.get("normal")


def test_figures_in_full_units_with_period_and_row() -> None:
    read = statement(*INDUSTRIAL, "Net income | $93 | $96 | $99", *SHARES)
    found = fact(read, "net_income")
    assert found is not None
    assert (found.get("value"), found.get("normal"), found.get("unit"), found.get("period")) == (
        "$93 million",
        93e6,
        "USD",
        "FY2024",
    )
    assert read.document.text[found.start : found.end] == "Net income | $93 | $96 | $99"
    assert value(read, "revenue") == 1200e6


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("(in thousands) | 2022 | 2023 | 2024", 99e3),
        ("Dollars in billions | Jan 26, 2025 | Jan 28, 2024 | Jan 29, 2023", 93e9),
        ("Millions, except per share amounts | Fiscal 2024 | Fiscal 2023 | Fiscal 2022", 93e6),
    ],
)
def test_the_newest_column_and_the_printed_unit(head: str, expected: float) -> None:
    assert value(statement(*INDUSTRIAL, "Net income | $93 | $96 | $99", *SHARES, head=head), "net_income") == expected


def test_a_column_of_note_numbers_is_no_year() -> None:
    read = statement(
        "Revenues | 3 | $1,234 | $1,100",
        "Cost of revenues | 500 | 400",
        "Marketing expenses | 7 | 100 | 90",
        "Other expenses | 5 | 4",
        "Net income | $634 | $610",
        "Earnings per share, basic | $1.00 | $0.90",
        head="(in thousands) | Note | 2024 | 2023",
    )
    assert (value(read, "revenue"), value(read, "net_income")) == (1234e3, 634e3)


def test_losses_are_negative() -> None:
    found = fact(statement(*INDUSTRIAL, "Net loss | $(1,289) | $(837) | $(797)", *SHARES), "net_income")
    assert found is not None
    assert (found.get("normal"), found.get("value")) == (-1289e6, "$(1,289) million")


@pytest.mark.parametrize(
    ("body", "revenue", "net"),
    [
        (  # a bank: interest expense is taken off, preferred dividends are not
            (
                "Noninterest revenue | 84 | 68 | 61",
                "Interest income | 193 | 170 | 92",
                "Interest expense | 101 | 81 | 26",
                "Total net revenue | 177 | 158 | 128",
                "Provision for credit losses | 10 | 9 | 6",
                "Total noninterest expense | 91 | 87 | 76",
                "Net income | $58 | $49 | $37",
                "Net income applicable to common stockholders | $56 | $47 | $35",
            ),
            177e6,
            58e6,
        ),
        (  # an oil company: other income counts, noncontrolling interests do not
            (
                "Sales and other operating revenue | 339 | 334 | 398",
                "Other income | 4 | 3 | 3",
                "Total revenues and other income | 349 | 344 | 413",
                "Production expenses | 39 | 36 | 42",
                "Exploration expenses | 1 | 1 | 1",
                "Depreciation | 20 | 19 | 18",
                "Net income (loss) including noncontrolling interests | 35 | 37 | 57",
                "Net income (loss) attributable to noncontrolling interests | 1 | 1 | 1",
                "Net income (loss) attributable to Acme | 33 | 36 | 55",
            ),
            349e6,
            33e6,
        ),
        (  # a shop: membership fees count
            (
                "Net sales | $249 | $237 | $222",
                "Membership fees | 4 | 4 | 4",
                "Total revenue | 254 | 242 | 226",
                "Merchandise costs | 222 | 212 | 199",
                "Other expenses | 2 | 2 | 2",
                "Tax expense | 2 | 2 | 1",
                "Net income | 7 | 6 | 5",
            ),
            254e6,
            7e6,
        ),
        (  # a total without a name under its head
            (
                "Net Sales and Revenues",
                "Net sales | $44 | $55 | $47",
                "Finance and interest income | 5 | 4 | 3",
                "Total | 51 | 61 | 52",
                "Costs and Expenses",
                "Cost of sales | 30 | 37 | 35",
                "Total | 42 | 48 | 43",
                "Net Income | 8 | 10 | 7",
                "Less: Net loss attributable to noncontrolling interests | (1) | (1) | (1)",
                "Net Income Attributable to Acme & Company | $9 | $11 | $8",
            ),
            51e6,
            9e6,
        ),
        (  # the company's share under a head of its own
            (
                "Revenues | 100 | 90 | 80",
                "Cost of revenues | 50 | 45 | 40",
                "Other expenses | 1 | 1 | 1",
                "Tax expense | 1 | 1 | 1",
                "Net income | 20 | 18 | 16",
                "Net income attributable to:",
                "Noncontrolling interests | 2 | 2 | 2",
                "Acme shareholders | 18 | 16 | 14",
            ),
            100e6,
            18e6,
        ),
    ],
)
def test_kinds_of_companies(body: tuple[str, ...], revenue: float, net: float) -> None:
    read = statement(*body, *SHARES)
    assert (value(read, "revenue"), value(read, "net_income")) == (revenue, net)


def test_nothing_is_asserted_of_statements_that_stand_elsewhere() -> None:
    text = (
        "Refer to pages 44 to 120 of the Annual Report, which are incorporated by reference. Revenue was $62.8 billion."
    )
    read = reading(paragraphs(STATEMENTS, text))
    assert fact(read, "revenue") is None
    assert fact(read, "net_income") is None


def test_a_segment_table_is_not_the_statement() -> None:
    path = (*STATEMENTS, "Notes to Consolidated Financial Statements", "Segment information")
    read = reading(
        rows(
            path,
            "(in millions) | 2024 | 2023",
            "Revenues | 10 | 9",
            "Costs | 5 | 4",
            "Expenses | 1 | 1",
            "Other | 1 | 1",
            "Net income | 4 | 4",
        )
    )
    assert fact(read, "revenue") is None


def test_only_filings_are_read() -> None:
    lines = [*paragraphs(COVER, "ACME WIDGETS, INC."), *rows(STATEMENTS, "(In millions) | 2024 | 2023", *INDUSTRIAL)]
    assert observe(reading(lines, page_type="about")) == ()
