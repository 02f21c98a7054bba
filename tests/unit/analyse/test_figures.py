"""Headcount, revenue and net income: the whole company's, of a full year, and reached."""

from __future__ import annotations

import pytest
from reading_builder import facts, read

from research.analyse.facts import observe

RELEASE = {"page": "press_release", "published": "2023-02-14"}


def headcounts(*parts, **options) -> list[object]:
    return [normal for normal, _, _ in facts(observe(read(*parts, **options)), "employees")]


def money(field: str, *parts, **options) -> list[tuple[object, object, object]]:
    return facts(observe(read(*parts, **{**RELEASE, **options})), field)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Harrowgate has more than 1,200 employees worldwide.", 1200),
        ("Harrowgate, with over 1,200 employees, makes meters.", 1200),
        ("Harrowgate and its 1,200 employees wish you well.", 1200),
        ("We employ 350 people.", 350),
        ("We are a team of 85 professionals.", 85),
        ("Today 2,500+ colleagues work for us.", 2500),
        ("We have 300 employees in Bergen, Leeds, and Boston.", 300),
    ],
)
def test_the_whole_company_s_headcount(sentence, number):
    assert headcounts(sentence) == [float(number)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate employs about 40 people in Bergen.",
        "Harrowgate granted options to 45 employees as inducement awards.",
        "Harrowgate granted restricted stock units to 12 new employees.",
        "Brightmoor, which has 4,000 employees, chose Harrowgate.",
        "Our customer Brightmoor has 4,000 employees.",
        "Our customers have 20,000 employees.",
        "Harrowgate serves companies with 500 employees.",
        "We will hire 200 people.",
        "Harrowgate is adding 60 jobs for 60 people.",
        "In 2019 employees of Harrowgate voted.",
        "Harrowgate trained 900 students and 80 specialists.",
    ],
)
def test_headcounts_of_a_part_or_of_others(sentence):
    assert headcounts(sentence, company=["Brightmoor", "Harrowgate"]) == []


def test_a_headcount_is_dated_by_its_page():
    observations = observe(read("Harrowgate has 500 employees.", published="2021-04-02"))
    assert facts(observations, "employees") == [(500.0, "people", "2021")]
    assert facts(observe(read("Harrowgate has 500 employees.")), "employees") == [(500.0, "people", None)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Harrowgate reported total revenue of $120.5 million for fiscal year 2022.",
            (120_500_000, "USD", "FY2022"),
        ),
        ("In 2022, Harrowgate’s revenue was €45 million.", (45_000_000, "EUR", "FY2022")),
        ("Our annual turnover in 2021 was £8m.", (8_000_000, "GBP", "FY2021")),
        ("In 2022, Harrowgate’s revenue was HK$45 million.", (45_000_000, "HKD", "FY2022")),
        ("In 2022, Harrowgate’s revenue was S$45 million.", (45_000_000, "SGD", "FY2022")),
        ("In 2022, Harrowgate’s revenue was CA$45 million.", (45_000_000, "CAD", "FY2022")),
        ("In 2022, Harrowgate’s revenue was US$45 million.", (45_000_000, "USD", "FY2022")),
        (
            "Harrowgate’s revenue for fiscal 2022 was $120 million, compared with $100 million in fiscal 2021.",
            (120_000_000, "USD", "FY2022"),
        ),
        (
            "Harrowgate’s revenue rose to $120 million in 2022 from $100 million in 2021.",
            (120_000_000, "USD", "FY2022"),
        ),
        (
            "Harrowgate’s net sales for the year ended March 31, 2022 were $120 million.",
            (120_000_000, "USD", "FY2022"),
        ),
    ],
)
def test_revenue_with_its_year(sentence, expected):
    assert money("revenue", sentence) == [expected]
    assert money("net_income", sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate’s revenue for the fourth quarter of fiscal 2022 was $30 million.",
        "Harrowgate’s Q3 revenue in 2022 was $30 million.",
        "Harrowgate’s revenue for the six months to June in fiscal 2022 was $50 million.",
        "Harrowgate expects revenue of $140 million in 2023.",
        "We plan to reach sales of $1 billion in 2025.",
        "Revenue guidance for fiscal 2023 is $140 million, said Harrowgate.",
        "Harrowgate’s revenue from the Metering segment was $40 million in 2022.",
        "Harrowgate’s revenue in Norway was $40 million in 2022.",
        "Harrowgate’s recurring revenue was $40 million in 2022.",
        "Brightmoor had revenue of $900 million in 2022.",
        "Harrowgate has revenue of $120 million.",
        "Harrowgate’s revenue grew in 2022.",
        "Harrowgate’s revenue was $3.20 in 2022.",
    ],
)
def test_what_is_not_the_account_s_revenue_of_a_year(sentence):
    assert money("revenue", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Harrowgate’s net loss for fiscal 2022 was $12.4 million.", -12_400_000),
        ("Net income for fiscal 2022 was $(12.4) million for Harrowgate.", -12_400_000),
        ("Harrowgate posted net income of $3 million in fiscal 2022.", 3_000_000),
        ("Our net profit in 2022 was €3 million.", 3_000_000),
    ],
)
def test_a_loss_is_negative(sentence, value):
    assert [v for v, _, _ in money("net_income", sentence)] == [pytest.approx(value)]
    assert money("revenue", sentence) == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Harrowgate announces full-year 2022 results", [(120_000_000, "USD", "FY2022")]),
        ("Harrowgate announces fourth quarter 2022 results", []),
    ],
)
def test_a_listed_figure_takes_its_period_from_the_title(title, expected):
    assert money("revenue", ("list_item", "Revenue: $120 million"), title=title) == expected


def test_a_sentence_that_states_its_period_needs_no_title():
    quarterly = "Harrowgate announces fourth quarter 2022 results"
    assert money("revenue", "Our revenue for fiscal 2022 was $120 million.", title=quarterly) == [
        (120_000_000, "USD", "FY2022")
    ]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Full-year 2022 highlights", [(120_000_000, "USD", "FY2022")]), ("Third quarter of fiscal 2022", [])],
)
def test_the_heading_above_decides_before_the_title(heading, expected):
    parts = (("heading", heading), ("list_item", "Revenue: $120 million"))
    assert money("revenue", *parts, title="Harrowgate announces results for the quarter and in 2022") == expected
