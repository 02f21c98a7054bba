"""Many observations, one finding: its id, its wording, its evidence and how sure it is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resolve_samples import ACCOUNT, NOW, Library, of

from research.resolve.merge import confidence, fold_events, fold_people, merge
from research.text.hashing import sha256_text


@pytest.fixture
def library() -> Library:
    return Library()


# --- one finding from many spellings --------------------------------------------------------------------------------


def test_spellings_become_one_finding_worded_as_most_spell_it(library):
    for doc, name in (("d1", "Quillon"), ("d2", "Quillon, Inc."), ("d3", "Quillon, Inc."), ("d4", "QUILLON INC /DE/")):
        library.say(
            "relation", f"Rival {name} is here.", doc=doc, company=name, relation="competitor", of="Harrowgate Systems"
        )
    (finding,) = library.resolve().findings
    assert finding.get("company") == "Quillon, Inc."
    assert len(finding.evidence) == 4
    assert (finding.status, finding.first_seen, finding.last_seen) == ("new", NOW, NOW)


def test_the_id_is_free_of_documents_and_wording():
    one, other = Library(), Library()
    one.say("office", "in Leeds", doc="a", place="Leeds, England")
    other.say("office", "It rains a lot. Leeds is home.", doc="b", place="LEEDS", score=0.4)
    assert one.resolve().findings[0].id == other.resolve().findings[0].id


def test_every_kind_has_ids_of_its_own(library):
    library.say("office", "Leeds", place="Leeds")
    library.fact("headquarters", "Leeds")
    assert len({f.id for f in library.resolve().findings}) == 2


def varied() -> Library:
    library = Library()
    relation = {"relation": "competitor", "of": "Harrowgate Systems"}
    for doc, published, name in (
        ("d1", "2020-01-01", "Quillon"),
        ("d2", "2022-03-01", "Quillon Inc"),
        ("d3", None, "Quillon, Inc."),
    ):
        library.say("relation", f"{name} competes.", doc=doc, published=published, company=name, score=0.6, **relation)
        library.say(
            "person", f"{doc} Marta Ellwood", doc=doc, name="Marta Ellwood", role="CEO", current=None, score=0.7
        )
        library.fact(
            "employees", f"{len(doc + name)}00", float(len(doc + name) * 100), doc=doc, unit="people", period=published
        )
        library.say(
            "event",
            f"{doc} bought Komplex",
            doc=doc,
            type="acquisition",
            date="2022-03",
            summary=f"Harrowgate bought Komplex {doc}",
        )
    library.say(
        "person",
        "President Marta Ellwood",
        doc="d2",
        name="Marta E. Ellwood",
        role="President and CEO",
        current=True,
        score=0.9,
    )
    library.fact("headquarters", "Leeds", doc="d1")
    library.fact("headquarters", "York", doc="d2")
    library.fact("headquarters", "Leeds, England", doc="d3")
    return library


VARIED = varied()


@given(st.randoms(use_true_random=False))
def test_the_order_of_observations_changes_nothing(rng: random.Random):
    shuffled = list(VARIED.observations)
    rng.shuffle(shuffled)
    assert VARIED.resolve(shuffled) == VARIED.resolve()


def test_findings_stand_by_kind_and_confidence(library):
    library.say("office", "Leeds", place="Leeds", score=0.4)
    library.say("office", "York", place="York", score=0.9)
    library.fact("founded", "1998")
    assert [(f.kind, f.get("place")) for f in library.resolve().findings] == [
        ("fact", None),
        ("office", "York"),
        ("office", "Leeds"),
    ]


# --- evidence -------------------------------------------------------------------------------------------------------


def test_evidence_is_best_first_newest_among_equals_and_can_be_checked(library):
    for doc, published, score in (
        ("d1", "2019-01-01", 0.5),
        ("d2", "2021-01-01", 0.5),
        ("d3", None, 0.5),
        ("d4", "2001-01-01", 0.9),
    ):
        library.say("office", f"{doc} is in Leeds", doc=doc, published=published, place="Leeds", score=score)
    (finding,) = library.resolve().findings
    assert [e.document_id for e in finding.evidence] == ["d4", "d2", "d1", "d3"]
    for evidence in finding.evidence:
        quote = library.documents[evidence.document_id].text[evidence.start : evidence.end]
        assert quote == f"{evidence.document_id} is in Leeds"
        assert evidence.quote_sha256 == sha256_text(quote)
        assert evidence.finding_id == finding.id


def test_one_span_is_one_piece_of_evidence(library):
    said = library.say("office", "in Leeds", place="Leeds")
    (finding,) = library.resolve([said, said, said]).findings
    assert len(finding.evidence) == 1
    assert finding.confidence == library.resolve([said]).findings[0].confidence


def test_a_finding_keeps_a_readable_number_of_quotes(library):
    for number in range(40):
        library.say("office", f"{number} in Leeds", doc=f"d{number}", place="Leeds")
    (finding,) = library.resolve().findings
    assert 1 < len(finding.evidence) <= 10


def test_an_observation_of_an_unknown_document_is_an_error(library):
    said = library.say("office", "in Leeds", place="Leeds")
    with pytest.raises(KeyError):
        merge(ACCOUNT, [said], {}, NOW)


# --- confidence -----------------------------------------------------------------------------------------------------


def sure(library: Library) -> float:
    return confidence(library.observations, library.documents)


def test_independent_passages_make_a_finding_surer(library):
    library.say("office", "We are in Leeds.", doc="d1", place="Leeds", score=0.6)
    assert sure(library) == pytest.approx(0.6)
    library.say("office", "Come to Leeds!", doc="d2", place="Leeds", score=0.6)
    assert 0.6 < sure(library) < 1 - 0.4 * 0.4 + 1e-9


def test_one_boilerplate_on_forty_pages_proves_no_more_than_itself(library):
    for number in range(40):
        library.say(
            "office",
            "Offices in  Leeds." if number % 2 else "offices in Leeds",
            doc=f"d{number}",
            place="Leeds",
            score=0.6,
        )
    assert sure(library) == pytest.approx(0.6)


def test_confidence_never_reaches_certainty(library):
    for number in range(30):
        library.say("office", f"{number} offices in Leeds", doc=f"d{number}", place="Leeds", score=1.0)
    assert sure(library) == pytest.approx(0.99)


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=9), st.floats(min_value=0, max_value=1))
def test_more_evidence_never_makes_a_finding_less_sure(scores, more):
    library = Library()
    for number, score in enumerate(scores):
        library.say("office", f"{number} offices in Leeds", place="Leeds", score=score)
    before = sure(library)
    library.say("office", "one more office in Leeds", place="Leeds", score=more)
    assert max(min(max(scores), 0.99), 0) - 1e-4 <= before <= sure(library) + 1e-9 <= 0.99 + 1e-9


def test_what_is_below_the_floor_is_counted_and_not_shown(library):
    library.say("office", "Leeds", place="Leeds", score=0.1)
    library.say("office", "York", place="York", score=0.8)
    resolution = library.resolve()
    assert [f.get("place") for f in resolution.findings] == ["York"]
    assert resolution.below_floor == 1


def test_nothing_said_is_nothing_found(library):
    resolution = library.resolve()
    assert (resolution.findings, resolution.conflicts, resolution.below_floor) == ((), (), 0)


# --- people ---------------------------------------------------------------------------------------------------------


def person(library: Library, name: str, role: str, **options) -> None:
    library.say("person", f"{name}, {role}.", name=name, role=role, **{"current": None, "score": 0.8, **options})


def test_roles_of_one_person_that_say_the_same_are_folded(library):
    person(library, "Marta Ellwood", "President and CEO", doc="d1", score=0.9)
    person(library, "Marta E. Ellwood", "CEO", doc="d2")
    person(library, "Marta Ellwood", "Chief Executive Officer", doc="d3")
    (finding,) = of(library.resolve(), "person")
    assert finding.get("role") == "President and CEO"
    assert {e.document_id for e in finding.evidence} == {"d1", "d2", "d3"}
    assert {e.finding_id for e in finding.evidence} == {finding.id}
    assert finding.confidence > 0.9


def test_different_roles_and_different_people_stay_apart(library):
    person(library, "Marta Ellwood", "CEO")
    person(library, "Marta Ellwood", "Chair of the Board")
    person(library, "Marten Ellwood", "CEO")
    assert len(of(library.resolve(), "person")) == 3


def test_a_person_is_current_or_former_as_the_surest_source_says(library):
    person(library, "Marta Ellwood", "CEO", doc="d1", current=None, score=0.95)
    person(library, "Marta Ellwood", "CEO", doc="d2", current=True, score=0.9)
    person(library, "Marta Ellwood", "CEO", doc="d3", current=False, score=0.5)
    person(library, "Owen Prather", "CFO", doc="d3", current=False, score=0.9)
    person(library, "Lena Frost", "COO", doc="d3")
    found = {f.get("name"): f.get("current") for f in of(library.resolve(), "person")}
    assert found == {"Marta Ellwood": True, "Owen Prather": False, "Lena Frost": None}


def test_folding_people_leaves_the_rest_alone(library):
    library.say("office", "Leeds", place="Leeds")
    findings = merge(ACCOUNT, library.observations, library.documents, NOW)
    assert fold_people(findings) == findings
    assert fold_events(findings) == findings


# --- events ---------------------------------------------------------------------------------------------------------


def event(library: Library, summary: str, date: str, kind: str = "acquisition", **options) -> None:
    library.say("event", summary, type=kind, date=date, summary=summary, **options)


def test_an_event_told_twice_is_one(library):
    event(library, "Harrowgate Acquires Leak Detection Firm Komplex", "2023-02-14", doc="d1", score=0.85)
    event(
        library,
        "In February 2023 Harrowgate acquired the leak detection firm Komplex of Oslo.",
        "2023-02",
        doc="d2",
        score=0.6,
    )
    (finding,) = of(library.resolve(), "event")
    assert finding.get("summary") == "Harrowgate Acquires Leak Detection Firm Komplex"
    assert finding.get("date") == "2023-02-14"
    assert {e.document_id for e in finding.evidence} == {"d1", "d2"}


@pytest.mark.parametrize(
    ("summary", "date", "kind"),
    [
        ("Harrowgate buys the pump maker Vannverk in Bergen", "2023-02-20", "acquisition"),
        ("Harrowgate Acquires Leak Detection Firm Komplex", "2022-02-14", "acquisition"),
        ("Harrowgate Acquires Leak Detection Firm Komplex", "2023-02-14", "partnership"),
    ],
)
def test_other_events_stay_apart(library, summary, date, kind):
    event(library, "Harrowgate Acquires Leak Detection Firm Komplex", "2023-02-14", doc="d1")
    event(library, summary, date, kind, doc="d2")
    assert len(of(library.resolve(), "event")) == 2


# --- offerings ------------------------------------------------------------------------------------------------------


def test_an_offering_takes_the_first_description_that_is_given(library):
    library.say("offering", "FlowSight®", doc="d1", name="FlowSight", description="", score=0.9)
    library.say("offering", "FlowSight finds leaks", doc="d2", name="FlowSight", description="Finds leaks.", score=0.5)
    (finding,) = of(library.resolve(), "offering")
    assert finding.get("description") == "Finds leaks."
