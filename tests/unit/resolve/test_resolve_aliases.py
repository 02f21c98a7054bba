"""One company under two names is one relation."""

from __future__ import annotations

import pytest
from resolve_samples import Library

from research.resolve.aliases import is_initialism


def rivals(*said: tuple[str, str], relation: str = "competitor") -> list[str]:
    library = Library()
    for sentence, company in said:
        library.say("relation", sentence, company=company, relation=relation, of="Harrowgate Systems")
    return sorted(str(f.get("company")) for f in library.resolve().findings if f.kind == "relation")


@pytest.mark.parametrize(
    ("long", "short", "sentence"),
    [
        ("Advanced Meter Designs, Inc.", "AMD", "We compete with {long} and others."),
        ("Quillon Technologies Co. Ltd.", "Quillon", "We compete with {long}, or Quillon, and others."),
        ("Quillon Thermal", "Quillon", "Our rival is {long}. Quillon is large."),
        ("Verdant Looping Works", "Loopers", "We compete with {long} (“Loopers”)."),
        ("Verdant Looping Works", "the Loopers", "We compete with {long}, Inc. (the Loopers)."),
        ("Verdant Looping Works", "Loopers", '{long} is a rival. {long} Ltd. (or the "Loopers") is large.'),
        ("Open Meterbase", "Meterbase", "We compete with {long}."),
    ],
)
def test_a_second_name_joins_the_fullest(long, short, sentence):
    said = [(sentence.format(long=long), long), (f"In meters we compete with {short}.", short)]
    assert rivals(*said) == [long]
    assert rivals(*reversed(said)) == [long]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quillon", "Castellan Data"),
        ("Advanced Meter Designs", "AMX"),
        ("Northern Grid", "Northern Lights"),
        ("Quillonia Works", "Quillon"),
    ],
)
def test_different_companies_stay_apart(one, other):
    assert rivals((f"We compete with {one}.", one), (f"We compete with {other}.", other)) == sorted([one, other])


def test_a_short_form_of_two_companies_is_neither_s():
    said = [(f"We compete with {n}. Quillon is one word.", n) for n in ("Quillon Gas", "Quillon Water", "Quillon")]
    assert rivals(*said) == ["Quillon", "Quillon Gas", "Quillon Water"]


def test_a_partner_and_its_product_stay_apart():
    said = [("We work with Quillon FlowMaster. Quillon agrees.", "Quillon FlowMaster"), ("Quillon too.", "Quillon")]
    assert len(rivals(*said, relation="partner")) == 2


def test_the_joined_finding_has_the_evidence_of_both():
    library = Library()
    for doc, name in (("d1", "Advanced Meter Designs"), ("d2", "AMD")):
        library.say("relation", f"Rival {name}.", doc=doc, company=name, relation="competitor", of="Harrowgate Systems")
    (finding,) = library.resolve().findings
    assert {e.document_id for e in finding.evidence} == {"d1", "d2"}


def test_initials_are_all_of_a_name_s_capitals():
    assert is_initialism("AMD", "Advanced Meter Designs")
    assert is_initialism("BT", "Bank of Tides")
    assert not is_initialism("AM", "Advanced Meter Designs")
    assert not is_initialism("Amd", "Advanced Meter Designs")
