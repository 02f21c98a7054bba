"""The account's own names are never other companies, and a friend is no rival unless a page says so outright."""

from __future__ import annotations

import pytest
from resolve_samples import ACCOUNT, NOW, Library, of

from research.resolve.merge import merge
from research.resolve.register import own_terms


@pytest.fixture
def library() -> Library:
    return Library()


def relate(library: Library, company: str, relation: str, score: float) -> None:
    quote = f"{company} is a {relation}: {score}"
    library.say("relation", quote, company=company, relation=relation, of=ACCOUNT.name, score=score)


def roles(library: Library) -> set[tuple[object, object]]:
    return {(f.get("company"), f.get("relation")) for f in of(library.resolve(), "relation")}


def terms(library: Library) -> frozenset[str]:
    findings = merge(ACCOUNT, library.observations, library.documents, NOW)
    return own_terms(findings, ACCOUNT, library.documents.values())


def test_own_terms(library):
    library.say("offering", "FlowSight", name="FlowSight®", description="", score=0.8)
    library.say("offering", "Guesswork", name="Guesswork", description="", score=0.4)
    relate(library, "Northmeter", "subsidiary", 0.8)
    library.say("office", "Harrowgate’s Tide Ledger is new. Harrowgate's Tide Ledger bills.", place="Leeds")
    library.say("office", "Harrowgate’s Once is new.", place="York")
    found = terms(library)
    assert {"harrowgate systems", "harrowgate", "flowsight", "northmeter", "tide", "tide ledger"} <= found
    assert not {"guesswork", "once"} & found


@pytest.mark.parametrize("relation", ["competitor", "customer", "partner", "supplier"])
def test_what_is_the_account_s_own_is_no_other_company(library, relation):
    library.say("offering", "FlowSight", name="FlowSight", description="", score=0.8)
    library.say("office", "Harrowgate’s Tide is new. Harrowgate’s Tide bills.", place="Leeds")
    for name in ("FlowSight", "Tide", "Harrowgate", "Harrowgate Systems", "Quillon"):
        relate(library, name, relation, 0.95)
    assert roles(library) == {("Quillon", relation)}


def test_a_subsidiary_and_an_acquired_company_stay(library):
    relate(library, "Northmeter", "subsidiary", 0.8)
    relate(library, "Komplex", "acquired", 0.8)
    assert roles(library) == {("Northmeter", "subsidiary"), ("Komplex", "acquired")}


def test_the_end_of_an_own_product_s_name_is_no_rival(library):
    library.say("offering", "Bridge for Weirdb", name="Bridge for Weirdb", description="", score=0.8)
    relate(library, "Weirdb", "competitor", 0.9)
    assert roles(library) == set()


@pytest.mark.parametrize("friend", ["customer", "partner", "supplier", "investor", "acquired", "subsidiary"])
def test_who_is_far_better_known_as_a_friend_is_no_rival(library, friend):
    relate(library, "Quillon", "competitor", 0.5)
    relate(library, "Quillon", friend, 0.8)
    assert ("Quillon", "competitor") not in roles(library)
    assert ("Quillon", friend) in roles(library)


@pytest.mark.parametrize(("rival", "friend"), [(0.9, 0.95), (0.6, 0.7), (0.85, 0.99)])
def test_a_company_may_be_partner_and_rival_at_once(library, rival, friend):
    relate(library, "Quillon", "competitor", rival)
    relate(library, "Quillon, Inc.", "partner", friend)
    assert {relation for _, relation in roles(library)} == {"competitor", "partner"}


def test_spellings_of_a_friend_are_one_company(library):
    relate(library, "Quillon", "competitor", 0.4)
    relate(library, "QUILLON INC /DE/", "customer", 0.8)
    assert {relation for _, relation in roles(library)} == {"customer"}
