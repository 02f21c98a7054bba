"""Fields that hold one value at a time: which finding speaks for the field, and how the others contradict it."""

from __future__ import annotations

import pytest
from resolve_samples import Library, of

from research.model.finding import Conflict, Finding


@pytest.fixture
def library() -> Library:
    return Library()


def ranked(library: Library, field: str) -> list[object]:
    """The values of a field as a page would show them: surest first."""
    found = of(library.resolve(), "fact", field=field)
    assert [f.confidence for f in found] == sorted((f.confidence for f in found), reverse=True)
    return [f.get("value") for f in found]


def winner(library: Library, field: str) -> Finding:
    found = of(library.resolve(), "fact", field=field)
    assert len(found) == 1 or found[0].confidence > found[1].confidence
    return found[0]


def conflict(library: Library, field: str) -> Conflict | None:
    found = [c for c in library.resolve().conflicts if c.field == field]
    assert len(found) < 2
    return found[0] if found else None


def money(library: Library, value: str, normal: float, period: str, *, field: str = "revenue", **options) -> None:
    library.fact(field, value, normal, unit="USD", period=period, **options)


# --- winners --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["revenue", "net_income"])
def test_the_newest_year_speaks_for_a_figure(library, field):
    money(library, "$100 million", 1e8, "FY2021", field=field, doc="d1", score=0.95)
    money(library, "$120 million", 1.2e8, "FY2022", field=field, doc="d2", score=0.6)
    money(library, "$90 million", 9e7, "FY2020", field=field, doc="d3", score=0.95)
    assert winner(library, field).get("period") == "FY2022"
    assert conflict(library, field) is None


def test_of_one_year_the_whole_company_s_figure_wins(library):
    money(library, "$40 million", 4e7, "FY2022", doc="d1")
    money(library, "$120 million", 1.2e8, "FY2022", doc="d2")
    assert winner(library, "revenue").get("value") == "$120 million"


def test_the_headquarters_is_where_most_documents_put_it(library):
    for doc in ("d1", "d2", "d3"):
        library.fact("headquarters", "Leeds", doc=doc, score=0.7, quote="Harrowgate is headquartered in Leeds.")
    library.fact("headquarters", "York", doc="d4", score=0.7)
    assert winner(library, "headquarters").get("value") == "Leeds"


def test_an_address_outweighs_a_handful_of_datelines(library):
    for number in range(3):
        library.fact("headquarters", "York", doc=f"d{number}", score=0.25, quote=f"YORK – {number} May 2022")
    library.fact("headquarters", "Leeds", doc="a", score=0.93)
    assert winner(library, "headquarters").get("value") == "Leeds"


def test_where_a_release_was_sent_from_contests_no_address(library):
    library.fact("headquarters", "York", doc="d1", score=0.25, quote="YORK, England – 3 May 2022 – Harrowgate has won.")
    library.fact("headquarters", "Leeds", doc="a", score=0.93)
    assert ranked(library, "headquarters") == ["Leeds"]
    assert conflict(library, "headquarters") is None


def test_where_releases_were_sent_from_is_told_where_nothing_else_is(library):
    for number in range(3, 9):
        library.fact("headquarters", "York", doc=f"d{number}", score=0.25, quote=f"YORK, England – {number} May 2022 –")
    assert ranked(library, "headquarters") == ["York"]


def test_the_newest_headcount_wins_where_it_is_sure_enough(library):
    library.fact("employees", "1,000", 1000.0, doc="d1", period="2019", published="2019-01-01", score=0.85)
    library.fact("employees", "1,400", 1400.0, doc="d2", period="2023", published="2023-01-01", score=0.8)
    library.fact("employees", "9,000", 9000.0, doc="d3", period="2024", published="2024-01-01", score=0.35)
    assert winner(library, "employees").get("value") == "1,400"


def test_runners_up_are_kept_below_the_winner(library):
    library.fact("founded", "1998", doc="d1", score=0.9)
    library.fact("founded", "1999", doc="d2", score=0.6)
    assert ranked(library, "founded") == ["1998", "1999"]


def test_an_industry_keeps_its_newest_wordings_only(library):
    for year in (2019, 2020, 2021, 2022):
        library.fact("industry", f"meters of {year}", doc=f"d{year}", published=f"{year}-01-01")
    assert ranked(library, "industry") == ["meters of 2022", "meters of 2021"]


def test_many_descriptions_are_one_finding(library):
    library.fact("description", "Harrowgate sells meters.", doc="d1", score=0.6)
    library.fact("description", "Harrowgate is a maker of smart meters.", doc="d2", score=0.9)
    assert ranked(library, "description") == ["Harrowgate is a maker of smart meters."]


def test_other_kinds_are_left_alone(library):
    library.say("office", "Leeds", place="Leeds")
    library.say("office", "York", place="York")
    assert {f.confidence for f in of(library.resolve(), "office")} == {0.8}
    assert library.resolve().conflicts == ()


# --- conflicts ------------------------------------------------------------------------------------------------------


def test_what_was_last_said_years_ago_is_stale(library):
    library.fact("headquarters", "Leeds", doc="d1", published="2015-01-01", score=0.9)
    library.fact("headquarters", "York", doc="d2", published="2023-01-01", score=0.9)
    found = conflict(library, "headquarters")
    assert found is not None
    assert found.kind == "stale"
    assert found.finding_ids[0] == winner(library, "headquarters").id
    assert winner(library, "headquarters").get("value") == "York"
    assert "2015" in found.explanation
    assert "2023" in found.explanation


def test_headcounts_of_two_years_differ_by_period(library):
    library.fact("employees", "1,000", 1000.0, doc="d1", period="2019", published="2019-01-01")
    library.fact("employees", "1,400", 1400.0, doc="d2", period="2023", published="2023-01-01")
    found = conflict(library, "employees")
    assert found is not None
    assert found.kind == "period"


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [("employees", 1000.0, 1050.0), ("revenue", 1.2e8, 1.21e8), ("net_income", -3e6, -3.02e6)],
)
def test_figures_that_are_one_figure_rounded_twice_are_a_spread(library, field, one, other):
    for doc, value in (("d1", one), ("d2", other)):
        library.fact(field, f"{value:,}", value, doc=doc, period="FY2022")
    found = conflict(library, field)
    assert found is not None
    assert found.kind == "spread"


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("founded", "1998", "1989"),
        ("headquarters", "Leeds", "York"),
        ("parent", "Moorland Group", "Oakline"),
        ("ticker", "HGTS", "HGT"),
    ],
)
def test_sources_of_one_time_that_contradict_each_other(library, field, one, other):
    library.fact(field, one, doc="d1", published="2023-01-01", score=0.9)
    library.fact(field, other, doc="d2", published="2023-02-01", score=0.7)
    found = conflict(library, field)
    assert found is not None
    assert found.kind == "genuine"
    assert one in found.explanation
    assert other in found.explanation
    assert set(found.finding_ids) == {f.id for f in of(library.resolve(), "fact", field=field)}


@pytest.mark.parametrize(("one", "other"), [(1000.0, 3000.0), (500.0, 1000.0)])
def test_headcounts_too_far_apart_are_no_spread(library, one, other):
    library.fact("employees", f"{one:,.0f}", one, doc="d1")
    library.fact("employees", f"{other:,.0f}", other, doc="d2")
    found = conflict(library, "employees")
    assert found is not None
    assert found.kind == "genuine"


def test_a_public_company_that_is_a_subsidiary_is_a_contradiction(library):
    library.fact("ownership", "NASDAQ: HGTS", "public", doc="d1")
    assert conflict(library, "ownership") is None
    library.fact("ownership", "subsidiary of Moorland Group", "subsidiary", doc="d3", score=0.7)
    found = conflict(library, "ownership")
    assert found is not None
    assert found.kind == "genuine"


@pytest.mark.parametrize("field", ["industry", "description", "legal_name"])
def test_wordings_do_not_contradict_each_other(library, field):
    library.fact(field, "Harrowgate Systems, Inc.", doc="d1")
    library.fact(field, "Moorland Ledger Ltd", doc="d2")
    assert conflict(library, field) is None


def test_one_value_said_twice_is_no_conflict(library):
    library.fact("founded", "1998", doc="d1")
    library.fact("founded", "May 1998", "1998-05", doc="d2")
    library.fact("headquarters", "Boston, MA", doc="d1")
    library.fact("headquarters", "Boston, Massachusetts", doc="d2")
    assert library.resolve().conflicts == ()


def test_the_findings_of_a_conflict_are_all_shown(library):
    library.fact("founded", "1998", doc="d1")
    library.fact("founded", "1999", doc="d2")
    library.fact("founded", "2000", doc="d3")
    resolution = library.resolve()
    (found,) = resolution.conflicts
    assert len(found.finding_ids) == 3
    assert set(found.finding_ids) <= {f.id for f in resolution.findings}


# --- only like against like -----------------------------------------------------------------------------------------


def kinds(library: Library, field: str) -> dict[str, list[str]]:
    """The values that stand against the winner, by the kind of conflict."""
    resolution = library.resolve()
    said = {f.id: str(f.get("value")) for f in resolution.findings}
    return {c.kind: [said[i] for i in c.finding_ids[1:]] for c in resolution.conflicts if c.field == field}


@pytest.mark.parametrize(
    "quote", ["Segment revenue in 2022 was $40 million.", "The Meters division had revenue of $40 million in 2022."]
)
def test_a_part_s_figure_does_not_contradict_the_company_s(library, quote):
    money(library, "$120 million", 1.2e8, "FY2022", doc="d1", quote="Revenue was $120 million in 2022.")
    money(library, "$40 million", 4e7, "FY2022", doc="d2", quote=quote)
    assert kinds(library, "revenue") == {"scope": ["$40 million"]}


def test_a_heading_of_its_own_says_whose_figure_follows(library):
    money(library, "$120 million", 1.2e8, "FY2022", doc="d1", quote="Revenue was $120 million in 2022.")
    library.say("office", "Segments", doc="d2", place="Leeds")
    money(library, "$40 million", 4e7, "FY2022", doc="d2", quote="Revenue was $40 million in 2022.")
    assert kinds(library, "revenue") == {"scope": ["$40 million"]}


def test_two_figures_of_the_whole_company_still_contradict_each_other(library):
    for doc, value, normal in (("d1", "$120 million", 1.2e8), ("d2", "$90 million", 9e7)):
        quote = f"Harrowgate and its subsidiaries had revenue of {value} in 2022."
        money(library, value, normal, "FY2022", doc=doc, quote=quote, published="2023-01-01")
    assert kinds(library, "revenue") == {"genuine": ["$90 million"]}


def test_a_quarter_s_figure_is_of_another_period(library):
    money(library, "$120 million", 1.2e8, "FY2022", doc="d1", quote="Full-year revenue was $120 million.")
    money(library, "$31 million", 3.1e7, "FY2022", doc="d2", quote="Third-quarter revenue was $31 million.")
    assert kinds(library, "revenue") == {"period": ["$31 million"]}


def test_figures_in_two_currencies_are_not_compared(library):
    money(library, "$120 million", 1.2e8, "FY2022", doc="d1")
    library.fact("revenue", "€110 million", 1.1e8, unit="EUR", period="FY2022", doc="d2")
    assert kinds(library, "revenue") == {"currency": ["€110 million"]}


def test_headcounts_differ_by_rounding_only_as_far_as_they_are_rounded(library):
    library.fact("employees", "1,480", 1480.0, doc="d1", period="2023", published="2023-06-01", score=0.9)
    library.fact("employees", "1,500", 1500.0, doc="d2", published="2023-06-01", score=0.6)
    library.fact("employees", "1,390", 1390.0, doc="d3", period="2021", published="2023-06-01", score=0.6)
    library.fact("employees", "1,720", 1720.0, doc="d4", published="2023-06-01", score=0.6)
    assert kinds(library, "employees") == {"spread": ["1,500"], "period": ["1,390"], "genuine": ["1,720"]}


@pytest.mark.parametrize("private", ["privately held", "a family-owned business", "privately owned"])
def test_a_company_is_not_both_listed_and_private(library, private):
    library.fact("ownership", "publicly traded", "public", doc="d1", published="2023-01-01")
    library.fact("ownership", private, private, doc="d2", score=0.7, published="2023-01-01")
    assert kinds(library, "ownership") == {"genuine": [private]}


def test_a_private_subsidiary_is_no_contradiction(library):
    library.fact("ownership", "privately held", "privately held", doc="d1")
    library.fact("ownership", "subsidiary of Moorland Group", "subsidiary", doc="d2")
    assert kinds(library, "ownership") == {}
