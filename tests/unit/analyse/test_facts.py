"""Profile facts from the account's own pages: each with the account as its subject."""

from __future__ import annotations

import pytest
from reading_builder import facts, quote, read, values

from research.analyse.facts import observe


def found(field: str, *parts, **options) -> list[object]:
    return values(observe(read(*parts, **options)), field)


def normals(field: str, *parts, **options) -> list[object]:
    return [normal for normal, _, _ in facts(observe(read(*parts, **options)), field)]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Harrowgate Systems, Inc. makes meters.", "Harrowgate Systems, Inc."),
        ("This site is run by Harrowgate Systems Limited and by nobody else.", "Harrowgate Systems Limited"),
        ("The Harrowgate Systems GmbH is in Hamburg.", "Harrowgate Systems GmbH"),
        ("Copyright Harrowgate Systems, Inc.", "Harrowgate Systems, Inc."),
        ("© 2022 Harrowgate Systems, Inc. All rights reserved.", "Harrowgate Systems, Inc."),
        ("Copyright © 2022 Harrowgate Systems Limited", "Harrowgate Systems Limited"),
    ],
)
def test_legal_names_of_the_account(sentence, name):
    assert found("legal_name", sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "Our partner is Brightmoor Foods, Inc.",
        "Brightmoor GmbH is a customer of Harrowgate.",
        "© Brightmoor Foods, Inc.",
        "Harrowgate makes meters.",
        "Harrowgate means business.",
    ],
)
def test_legal_names_of_others_are_left(sentence):
    assert found("legal_name", sentence) == []


def test_a_legal_page_may_define_another_name_than_the_brand():
    sentence = "“Harrowgate” means Moorland Ledger Ltd, a company registered in England."
    assert found("legal_name", sentence, page="legal") == ["Moorland Ledger Ltd"]
    assert found("legal_name", sentence, page="blog") == []


@pytest.mark.parametrize(
    ("sentence", "ticker"),
    [
        ("Harrowgate Systems, Inc. (NASDAQ: HGTS) announced results.", "HGTS"),
        ("Harrowgate (NYSE American: HGT) said so.", "HGT"),
        ("Harrowgate Systems plc (LSE: HGS) said so.", "HGS"),
    ],
)
def test_the_account_s_ticker(sentence, ticker):
    observations = observe(read(sentence))
    assert values(observations, "ticker") == [ticker]
    assert [normal for normal, _, _ in facts(observations, "ownership")] == ["public"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Brightmoor Inc. (NYSE: BMR) chose Harrowgate.",
        "Harrowgate and Brightmoor (NYSE: BMR) signed.",
        "Our customer Brightmoor (NYSE: BMR) is happy.",
        "Harrowgate trades (see note).",
    ],
)
def test_tickers_of_others(sentence):
    assert found("ticker", sentence) == []
    assert found("ownership", sentence) == []


def test_the_evidence_of_a_ticker_is_name_and_listing():
    reading = read("On Monday Harrowgate Systems, Inc. (NASDAQ: HGTS) announced results.")
    ticker = next(o for o in observe(reading) if o.get("field") == "ticker")
    assert quote(reading, ticker) == "Harrowgate Systems, Inc. (NASDAQ: HGTS)"


@pytest.mark.parametrize(
    ("sentence", "normal"),
    [
        ("Harrowgate was founded in 1998 in a garage.", "1998"),
        ("Harrowgate was established by two engineers in Leeds in May 1998.", "1998-05"),
        ("Harrowgate was incorporated on 3 May 1998.", "1998-05-03"),
        ("We were founded in 1998.", "1998"),
        ("Founded: 1998", "1998"),
        ("Serving utilities since 1998.", "1998"),
    ],
)
def test_founding(sentence, normal):
    assert normals("founded", sentence) == [normal]


@pytest.mark.parametrize(
    "sentence",
    [
        "Brightmoor, a maker of frozen food from the far north of Norway, was founded in 1950.",
        "We have used this method since 1998 and so have many of the best utilities in the country.",
        "Harrowgate found a leak in 1998.",
        "Harrowgate was founded in a garage.",
    ],
)
def test_what_is_no_founding_of_the_account(sentence):
    assert found("founded", sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate is a wholly owned subsidiary of Moorland Group.",
        "Harrowgate Systems, a division of the Moorland Group, makes meters.",
        "Harrowgate is owned by Moorland Group.",
    ],
)
def test_the_parent(sentence):
    observations = observe(read(sentence))
    assert values(observations, "parent") == ["Moorland Group"]
    assert facts(observations, "ownership") == [("subsidiary", None, None)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Brightmoor is a subsidiary of Oakline.",
        "Our customer Brightmoor, a subsidiary of Oakline, is happy.",
        "Harrowgate is a subsidiary of Harrowgate Systems, Inc.",
        "Harrowgate is a part of life.",
    ],
)
def test_parents_of_others(sentence):
    assert found("parent", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "normal"),
    [
        ("Harrowgate is a privately held company.", "privately held"),
        ("Harrowgate is a family-owned business in its third generation.", "family-owned"),
        ("Harrowgate is publicly traded.", "publicly traded"),
        ("Brightmoor is privately held.", None),
    ],
)
def test_ownership(sentence, normal):
    assert normals("ownership", sentence) == ([normal] if normal else [])


def test_ownership_of_whoever_is_named_last():
    sentence = "Harrowgate also sold meters to Brightmoor Corporation, publicly traded maker of bread."
    assert normals("ownership", sentence, company=["Brightmoor Corporation"]) == []


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Harrowgate is headquartered in Leeds, England.", "Leeds, England"),
        ("Harrowgate Systems, Inc. is headquartered in Boston, MA, and has offices in Leeds.", "Boston, MA"),
        ("Our head office is in Bergen.", "Bergen"),
        ("Harrowgate, based in Bergen, Norway, makes meters.", "Bergen, Norway"),
        ("We are headquartered in downtown Leeds.", "Leeds"),
    ],
)
def test_the_headquarters(sentence, place):
    assert found("headquarters", sentence) == [place]


@pytest.mark.parametrize(
    "sentence",
    [
        "Brightmoor, headquartered in Oslo, chose Harrowgate.",
        "The unit is headquartered in Oslo.",
        "Harrowgate serves utilities based in Oslo.",
        "Harrowgate is headquartered in the north.",
    ],
)
def test_headquarters_of_others(sentence):
    assert found("headquarters", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "trade"),
    [
        (
            "Harrowgate is a leading provider of billing software for water utilities.",
            "billing software for water utilities",
        ),
        ("Harrowgate Systems, Inc., a global manufacturer of smart meters, today announced a recall.", "smart meters"),
        ("Harrowgate is the world’s largest maker of leak sensors.", "leak sensors"),
        ("Brightmoor is a leading provider of frozen food.", None),
        ("Harrowgate works with a leading provider of frozen food and many more.", None),
    ],
)
def test_the_industry(sentence, trade):
    assert found("industry", sentence) == ([trade] if trade else [])
    assert set(found("description", sentence)) == ({sentence} if trade else set())


def test_the_trade_that_a_page_s_title_calls():
    line = "site_name: Harrowgate Systems - Water Billing Software"
    assert found("industry", ("metadata", line)) == ["Water Billing Software"]
    assert found("industry", ("metadata", "site_name: Brightmoor - Frozen Food Logistics")) == []


def test_what_a_page_says_of_itself_to_machines():
    observations = observe(
        read(
            ("metadata", "Organization foundingDate: 1998-05-03"),
            ("metadata", "numberOfEmployees: 420"),
            ("metadata", "legalName: Harrowgate Systems, Inc."),
            ("metadata", "telephone: 555"),
        )
    )
    assert facts(observations, "founded") == [("1998-05-03", None, None)]
    assert facts(observations, "employees") == [(420.0, "people", None)]
    assert values(observations, "legal_name") == ["Harrowgate Systems, Inc."]
    assert len(observations) == 3


BOILERPLATE = (
    "Brightmoor Inc. (NYSE: BMR) is a leading provider of frozen food. We were founded in 1950. It has more than 4,000 "
    "employees and we had revenue of $90 million in 2022. We are headquartered in Oslo. Harrowgate is privately held. "
    "We are a wholly owned subsidiary of Oakline. Harrowgate is a supplier of smart meters. Harrowgate (NYSE: BMR) is near."
)


def test_about_another_company_yields_nothing():
    observations = observe(read(("heading", "About Brightmoor"), BOILERPLATE, page="press_release"))
    assert observations == ()


def test_about_the_account_is_read():
    sentence = "Harrowgate was founded in 1998 and is headquartered in Leeds."
    observations = observe(read(("heading", "About Harrowgate Systems"), sentence, page="press_release"))
    assert {str(o.get("field")) for o in observations} >= {"founded", "headquarters"}


@pytest.mark.parametrize("options", [{"own": False}, {"page": "filing"}])
def test_pages_of_others_and_filings_are_left_to_others(options):
    assert observe(read("Harrowgate Systems, Inc. was founded in 1998. We have 300 employees.", **options)) == ()
    assert observe(read("Harrowgate Systems, Inc. was founded in 1998. We have 300 employees."))


def test_every_fact_stands_on_a_span_that_prints_its_value():
    reading = read(
        "Harrowgate Systems, Inc. was founded in 1998.",
        "We employ more than 1,200 people worldwide. Harrowgate is headquartered in Leeds, England.",
        "In 2022, Harrowgate’s revenue was €45 million.",
    )
    observations = observe(reading)
    assert {o.get("field") for o in observations} >= {"legal_name", "founded", "employees", "headquarters", "revenue"}
    for observation in observations:
        assert str(observation.get("value")) in quote(reading, observation)
