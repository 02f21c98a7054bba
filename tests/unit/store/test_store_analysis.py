"""Annotations by passage, observations by document, drafts by account."""

from __future__ import annotations

import pytest
from store_samples import add_account, read_page

from research.errors import DossierError
from research.model.draft import Claim, Gap, Section
from research.model.finding import Admission, Conflict, Observation, Theme, attributes
from research.store.annotations import get_many, put_many
from research.store.connect import Store
from research.store.drafts import load_draft, save_draft
from research.store.observations import load_observations, save_observations
from research.text.hashing import sha256_text

KEYS = [sha256_text(f"passage {number}") for number in range(2000)]


def test_annotations_come_back_by_passage_and_fingerprint(store: Store) -> None:
    put_many(store, [(key, f'{{"n":{number}}}') for number, key in enumerate(KEYS[:1500])], "v1")
    put_many(store, [(KEYS[0], '"other"')], "v2")
    found = get_many(store, KEYS, "v1")
    assert list(found) == sorted(KEYS[:1500])
    assert found[KEYS[7]] == '{"n":7}'
    assert get_many(store, KEYS, "v2") == {KEYS[0]: '"other"'}
    assert get_many(store, KEYS, "v3") == get_many(store, [], "v1") == {}


def test_an_annotation_is_replaced_by_a_later_one(store: Store) -> None:
    put_many(store, [(KEYS[0], "1")], "v1")
    put_many(store, [(KEYS[0], "2")], "v1")
    put_many(store, [], "v1")
    assert get_many(store, KEYS[:1], "v1") == {KEYS[0]: "2"}


def _observation(document_id: str, value: str = "1998") -> Observation:
    return Observation(
        kind="fact",
        attributes=attributes(field="founded", value=value, normal=1998.0, unit=None),
        document_id=document_id,
        start=0,
        end=4,
        score=0.75,
        analyser="facts",
        version="1",
    )


def test_observations_come_back_and_nothing_seen_differs_from_not_read(store: Store) -> None:
    add_account(store)
    one, two, three = (read_page(store, f"https://acme.example/{n}", ["Acme", f"Page {n}."]) for n in range(3))
    seen = (_observation(one.id), _observation(one.id, "1999"))
    save_observations(store, [(one.id, seen), (two.id, ())], "v1")
    assert load_observations(store, [three.id, two.id, one.id], "v1") == {two.id: (), one.id: seen}
    assert load_observations(store, [one.id], "v2") == {}
    save_observations(store, [(one.id, seen[:1])], "v1")
    assert load_observations(store, [one.id], "v1") == {one.id: seen[:1]}


def test_observations_belong_to_their_document(store: Store) -> None:
    add_account(store)
    made = read_page(store, "https://acme.example/", ["Acme"])
    with pytest.raises(DossierError, match="an observation of another document"):
        save_observations(store, [(made.id, (_observation("elsewhere"),))], "v1")
    with pytest.raises(DossierError, match="refers to one that is missing"):
        save_observations(store, [("elsewhere", ())], "v1")
    assert load_observations(store, [made.id, "elsewhere"], "v1") == {}


def test_drafts_come_back_by_kind_account_and_fingerprint(store: Store) -> None:
    add_account(store)
    add_account(store, "other")
    themes = (Theme(id="t", label="slow audits", terms=("audit",), finding_ids=("f",), medoid="f"),)
    sections = (
        Section(
            name="pains",
            title="Pains",
            claims=(Claim(text="Audits are slow.", finding_ids=("f",)),),
            gaps=(Gap(field="revenue", state="undisclosed", question="How much?"),),
            drafter="template",
            prompt_sha256="p",
            inputs_sha256="i",
        ),
    )
    conflicts = (Conflict(field="employees", kind="stale", finding_ids=("f", "g"), explanation="e"),)
    admissions = (Admission(document_id="d", url="u", admitted=False, own=False, reason="names another company"),)
    save_draft(store, "acme", Theme, themes, "in-1")
    save_draft(store, "acme", Section, sections, "in-2")
    save_draft(store, "acme", Conflict, conflicts, "in-3")
    save_draft(store, "acme", Admission, admissions, "in-4")
    assert load_draft(store, "acme", Theme, "in-1") == load_draft(store, "acme", Theme) == themes
    assert load_draft(store, "acme", Section) == sections
    assert load_draft(store, "acme", Conflict) == conflicts
    assert load_draft(store, "acme", Admission) == admissions
    assert load_draft(store, "acme", Theme, "in-2") is None
    assert load_draft(store, "other", Theme) is None
    save_draft(store, "acme", Theme, (), "in-5")
    assert load_draft(store, "acme", Theme) == ()
