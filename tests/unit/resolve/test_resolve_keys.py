"""Spellings that mean the same meet under one key; what means another thing does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.model.finding import Observation, attributes
from research.resolve.keys import fact_key, finding_id, finding_key, person_key, phrase_key, place_key, role_key


def observed(kind, **values) -> Observation:
    return Observation(
        kind=kind,
        attributes=attributes(**values),
        document_id="d",
        start=0,
        end=1,
        score=0.5,
        analyser="sample",
        version="1",
    )


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("boston", ["Boston, MA 02114", "Boston, Massachusetts", "boston", "Boston, MA, USA"]),
        ("leeds", ["Leeds, England", "LEEDS", "Leeds"]),
        ("new york", ["New York, NY", "New York, New York"]),
        ("sao paulo", ["São Paulo", "Sao Paulo, Brazil"]),
        ("bergen", ["5003 , Bergen", "Bergen, Norway"]),
    ],
)
def test_places(key, spellings):
    assert {place_key(place) for place in spellings} == {key}


def test_a_state_alone_keeps_a_key():
    assert place_key("MA") == "ma"
    assert place_key("Massachusetts") == "massachusetts"


@pytest.mark.parametrize(
    "name",
    [
        "Corin Thaler",
        "Corin E. Thaler",
        "Dr. Corin Thaler",
        "CORIN THALER",
        "Corin Thaler Jr.",
        "Corin Thaler, CFA",
        "Mr Corin Thaler",
    ],
)
def test_spellings_of_a_person(name):
    assert person_key(name) == "corin thaler"


@pytest.mark.parametrize("other", ["Coren Thaler", "Corin Thale", "Thaler", "Thaler Corin"])
def test_other_people(other):
    assert person_key(other) != "corin thaler"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CEO", "Chief Executive Officer", True),
        ("VP of Sales", "Vice President, Sales", True),
        ("SVP Sales", "senior vice president of sales", True),
        ("President & CEO", "President and Chief Executive Officer", True),
        ("CTO", "Chief Technology Officer", True),
        ("the Chair of the Board", "Chair of the Board", True),
        ("CEO", "CFO", False),
        ("VP of Sales", "SVP of Sales", False),
        ("VP of Sales", "VP of Marketing", False),
    ],
)
def test_roles(one, other, same):
    assert (role_key(one) == role_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The leaks of the network", "leaks in network", True),
        ("Leaks, network!", "leaks network", True),
        ("network leaks", "leaks network", False),
        ("leaks", "floods", False),
    ],
)
def test_phrases(one, other, same):
    assert (phrase_key(one) == phrase_key(other)) is same


def test_a_phrase_of_small_words_keeps_a_key():
    assert phrase_key("to be of the")
    assert phrase_key("of the") == "of the"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"field": "revenue", "normal": 74_300_000.0, "period": "FY2022"}, {"field": "revenue", "normal": 74_289_000.0, "period": "FY2022"}, True),
        ({"field": "revenue", "normal": 74_300_000.0, "period": "FY2022"}, {"field": "revenue", "normal": 74_300_000.0, "period": "FY2021"}, False),
        ({"field": "revenue", "normal": 1e6, "period": "FY2022"}, {"field": "net_income", "normal": 1e6, "period": "FY2022"}, False),
        ({"field": "employees", "normal": 1200.0, "value": "1,200"}, {"field": "employees", "normal": 1200.0, "value": "more than 1,200", "period": "2021"}, True),
        ({"field": "employees", "normal": 1204.0}, {"field": "employees", "normal": 1200.0, "period": "2022"}, True),
        ({"field": "employees", "normal": 1200.0}, {"field": "employees", "normal": 1300.0}, False),
        ({"field": "founded", "normal": "1998"}, {"field": "founded", "normal": "1998-05-03"}, True),
        ({"field": "founded", "normal": "1998"}, {"field": "founded", "normal": "1999"}, False),
        ({"field": "legal_name", "value": "Harrowgate Systems, Inc."}, {"field": "legal_name", "value": "Harrowgate Systems Inc"}, True),
        ({"field": "parent", "value": "the Moorland Group"}, {"field": "parent", "value": "Moorland Group Ltd"}, True),
        ({"field": "headquarters", "value": "Leeds, England"}, {"field": "headquarters", "value": "Leeds"}, True),
        ({"field": "headquarters", "value": "Leeds"}, {"field": "headquarters", "value": "York"}, False),
        ({"field": "description", "value": "We sell meters."}, {"field": "description", "value": "Meters for all."}, True),
        ({"field": "industry", "value": "smart meters", "normal": "smart meters"}, {"field": "industry", "value": "Smart meters", "normal": "the Smart Meters"}, True),
        ({"field": "ticker", "value": "HGTS", "normal": "HGTS"}, {"field": "ticker", "value": "hgts", "normal": "hgts"}, True),
    ],
)  # fmt: skip
def test_facts(one, other, same):
    assert (fact_key(observed("fact", **one)) == fact_key(observed("fact", **other))) is same


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("relation", {"company": "Quillon, Inc.", "relation": "competitor", "of": "Harrowgate Systems"}, {"company": "QUILLON", "relation": "competitor", "of": "Harrowgate Systems Ltd"}, True),
        ("relation", {"company": "Quillon", "relation": "competitor", "of": "H"}, {"company": "Quillon", "relation": "partner", "of": "H"}, False),
        ("relation", {"company": "Quillon", "relation": "competitor", "of": "H"}, {"company": "Quillon", "relation": "competitor", "of": "Brightmoor"}, False),
        ("offering", {"name": "FlowSight®", "description": "a"}, {"name": "Flowsight", "description": "b"}, True),
        ("office", {"place": "Boston, MA"}, {"place": "Boston"}, True),
        ("event", {"type": "launch", "date": "2022", "summary": "The launch of FlowSight"}, {"type": "launch", "date": "2022", "summary": "Launch of FlowSight!"}, True),
        ("event", {"type": "launch", "date": "2022", "summary": "a"}, {"type": "launch", "date": "2021", "summary": "a"}, False),
        ("signal", {"type": "pain", "holder": "account", "phrase": "the leaks"}, {"type": "pain", "holder": "account", "phrase": "Leaks"}, True),
        ("signal", {"type": "pain", "holder": "account", "phrase": "leaks"}, {"type": "pain", "holder": "customer", "phrase": "leaks"}, False),
        ("presence", {"company": "Quillon", "product": "QuillBase", "basis": "job post"}, {"company": "Quillon Inc", "product": None, "basis": "job post"}, True),
        ("person", {"name": "Corin E. Thaler", "role": "CEO"}, {"name": "Corin Thaler", "role": "Chief Executive Officer", "current": True}, True),
    ],
)  # fmt: skip
def test_findings(kind, one, other, same):
    assert (finding_key(observed(kind, **one)) == finding_key(observed(kind, **other))) is same


def test_an_id_is_of_account_kind_and_key():
    ids = [
        finding_id("harrowgate", "office", ("leeds",)),
        finding_id("harrowgate", "fact", ("leeds",)),
        finding_id("other", "office", ("leeds",)),
        finding_id("harrowgate", "office", ("york",)),
    ]
    assert len(set(ids)) == 4
    assert finding_id("harrowgate", "office", ("leeds",)) == ids[0]


@given(st.text(max_size=30))
def test_keys_of_any_text_are_plain(text):
    for key in (place_key(text), person_key(text), role_key(text), phrase_key(text)):
        assert all(char.isalnum() or char == " " for char in key)
        assert key == key.strip()


@given(st.floats(min_value=1, max_value=1e13, allow_nan=False))
def test_a_figure_rounded_to_four_digits_is_the_same_fact_or_its_neighbour(value):
    (_, one, _) = fact_key(observed("fact", field="revenue", normal=value, period="FY2022"))
    assert abs(one - value) <= 0.005001 * value
