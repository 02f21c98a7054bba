"""EDGAR's kind on captured data sets of real companies."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from research.resolve.candidates import choose
from research.sources.edgar import KIND
from research.sources.edgar_read import read_facts, read_submissions
from research.sources.kind import Answer, Ask, Subject
from research.sources.policy import load_policies

pytestmark = pytest.mark.shared
TODAY = "2026-11-20"
POLICY = load_policies()["edgar"]


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "sec_misc"


def unpacked(folder: Path, name: str) -> bytes:
    return gzip.decompress((folder / name).read_bytes())


def follow(subject: Subject, step: str, body: bytes):
    url = POLICY.at("tickers" if step == "tickers" else "archive")
    return KIND.follow(subject, POLICY, Answer(ask=Ask(url=url, step=step), url=url, body=body))


@pytest.mark.parametrize(
    ("typed", "cik"),
    [("Tesla", "0001318605"), ("TSLA", "0001318605"), ("Microsoft Corporation", "0000789019"), ("Apple", "0000320193")],
)
def test_a_name_or_ticker_leads_to_the_registrant(folder: Path, typed: str, cik: str) -> None:
    subject = Subject(name=typed, today=TODAY)
    step = follow(subject, "tickers", unpacked(folder, "company_tickers.json.gz"))
    choice = choose(subject, step.candidates)
    assert choice.picked is not None, choice.reason
    assert choice.picked.identifier == ("cik", cik)


def test_the_newest_paper_of_each_form_is_asked_for(folder: Path) -> None:
    body = unpacked(folder, "company_submission.json.gz")
    step = follow(Subject(name="Tesla", today=TODAY), "submissions", body)
    recent = json.loads(body)["filings"]["recent"]
    wanted = {
        form: recent["primaryDocument"][recent["form"].index(form)]
        for form in ("10-K", "10-Q", "8-K", "DEF 14A")
        if form in recent["form"]
    }
    papers = [ask.url.rpartition("/")[2] for ask in step.asks if ask.step == "paper"]
    assert {"10-K", "10-Q", "8-K"} <= wanted.keys()
    assert set(wanted.values()) <= set(papers)
    assert sum(ask.step == "index" for ask in step.asks) >= 2
    assert all("/1318605/" in ask.url for ask in step.asks)


def test_the_registrant_states_who_it_is(folder: Path) -> None:
    record = read_submissions(unpacked(folder, "company_submission.json.gz"))
    stated = {
        dict(s.attributes).get("field"): dict(s.attributes).get("value") for line in record.lines for s in line.said
    }
    assert (stated["legal_name"], stated["headquarters"], stated["ticker"]) == ("Tesla, Inc.", "Palo Alto, CA", "TSLA")


def test_figures_bear_the_period_and_the_value_that_was_filed(folder: Path) -> None:
    """The values are those that the data set itself gives for the fiscal year's ten or twelve months."""
    body = unpacked(folder, "snow_facts.json.gz")
    record = read_facts(body)
    said = [dict(s.attributes) for line in record.lines for s in line.said]
    rows = json.loads(body)["facts"]["us-gaap"]
    concept = rows["RevenueFromContractWithCustomerExcludingAssessedTax"]["units"]["USD"]
    annual = {
        r["end"]: r["val"] for r in concept if r["form"] == "10-K" and r["fp"] == "FY" and r["start"][5:] == "02-01"
    }
    revenue = {s["period"]: s["normal"] for s in said if s["field"] == "revenue"}
    assert len(revenue) == 5
    assert all(value in annual.values() for value in revenue.values())
    assert revenue["FY2025"] == annual["2025-01-31"]
    assert {s["period"] for s in said if s["field"] == "net_income"} == set(revenue)


def test_a_real_index_page_is_read(folder: Path) -> None:
    from research.sources.edgar import _CELL, _HREF, _ROW

    page = unpacked(folder, "troweprice.DEF14A.html.gz").decode("utf-8", "replace")
    linked = [(_HREF.search(row)[1], _CELL.findall(row)) for row in _ROW.findall(page) if _HREF.search(row)]
    assert any(path.endswith("/def14a.htm") and "DEF 14A" in cells for path, cells in linked)
