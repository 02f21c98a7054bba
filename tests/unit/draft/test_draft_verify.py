"""`dossier verify`: a brief.json that was changed anywhere that matters does not pass."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fixture_brief import ACCOUNT, DOCUMENTS, FACTS, make_brief

from research.draft.verify import verify_brief, verify_json
from research.export.as_json import to_json
from research.model.finding import Admission

TEXTS = {document.id: document.text for document in DOCUMENTS.values()}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(to_json(make_brief()))
    return loaded


def kinds(data: dict[str, Any], text_of: Callable[[str], str | None] = TEXTS.get) -> set[str]:
    return {problem.kind for problem in verify_json(data, text_of)}


def test_the_untouched_brief_passes(data: dict[str, Any]) -> None:
    assert verify_json(data, TEXTS.get) == ()


NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?(?= (?:million|billion)| people|%|\)|,| \()")
DATE = re.compile(r"\b(\d{1,2}) (?:Mar|May|Sep) (20\d\d)")
NAME = re.compile(r"\b(?:Delta|Ingrid|Kestrel|Portlane|Lindqvist|Rotterdam|TidePlan|Hamburg)\b")
OPENING = re.compile(r"(“\w+ )")


def mutate(text: str) -> dict[str, str]:
    """One changed text for each way that applies to a sentence; quoted words are changed like others."""
    changed = {
        "number": NUMBER.sub(r"\g<0>7", text, count=1),
        "date": DATE.sub(r"\1 Aug \2", text, count=1),
        "name": NAME.sub("Marwick", text, count=1),
        "negation": OPENING.sub(r"\1never ", text, count=1),
        "modality": OPENING.sub(r"\1may ", text, count=1),
    }
    return {kind: new for kind, new in changed.items() if new != text}


def test_every_mutation_of_every_claim_is_caught(data: dict[str, Any]) -> None:
    tried = {"number": 0, "date": 0, "name": 0, "negation": 0, "modality": 0}
    missed = []
    for section in data["sections"]:
        for claim in section["claims"]:
            for kind, text in mutate(claim["text"]).items():
                tried[kind] += 1
                changed = {**data, "sections": [{**section, "claims": [{**claim, "text": text}]}]}
                if not verify_json(changed, TEXTS.get):
                    missed.append((kind, text))
    assert missed == []
    assert min(tried.values()) >= 5, tried


def test_a_shifted_offset_is_caught(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    changed["findings"][0]["evidence"][0]["start"] += 1
    assert "evidence" in kinds(changed)


def test_a_changed_quote_is_caught(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    changed["findings"][3]["evidence"][0]["quote"] += "!"
    assert "evidence" in kinds(changed)


def test_a_missing_text_is_said(data: dict[str, Any]) -> None:
    problems = verify_json(data, lambda _: None)
    assert problems
    assert "the store has no text" in problems[0].detail


@pytest.mark.parametrize("cited", [[], ["0000000000000000"]])
def test_an_uncited_claim_is_caught(data: dict[str, Any], cited: list[str]) -> None:
    changed = copy.deepcopy(data)
    changed["sections"][0]["claims"][0]["findings"] = cited
    assert kinds(changed) == {"uncited"}


def test_a_claim_moved_to_another_finding_is_caught(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    people = changed["sections"][5]["claims"]
    people[0]["findings"], people[1]["findings"] = people[1]["findings"], people[0]["findings"]
    assert "name" in kinds(changed)


def test_a_wrong_count_of_more_is_caught(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    changed["sections"][0]["claims"].append({"text": "And 9 more in brief.json.", "findings": [FACTS["founded"].id]})
    assert kinds(changed) == {"number"}


def test_a_rejected_finding_carries_no_claim(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    for finding in changed["findings"]:
        finding["status"] = "rejected"
    assert kinds(changed) == {"status"}


@pytest.mark.parametrize(
    "broken", [{}, {"schema": "dossier.brief/1"}, {"findings": 3}, {"schema": "x", "findings": [{}]}]
)
def test_a_malformed_brief_is_a_problem_and_no_exception(broken: dict[str, Any]) -> None:
    assert "malformed" in {problem.kind for problem in verify_json(broken, TEXTS.get)}


def test_evidence_of_another_account_or_of_a_refused_document_is_caught() -> None:
    brief = make_brief()
    foreign = tuple(replace(d, account_id="harrow-tide") if d.page_type == "job" else d for d in brief.documents)
    assert {p.kind for p in verify_brief(replace(brief, documents=foreign))} == {"identity"}
    refused = Admission(document_id=DOCUMENTS["job"].id, url="", admitted=False, own=False, reason="another company")
    assert {p.kind for p in verify_brief(replace(brief, admissions=(refused,)))} == {"identity"}


def test_evidence_that_does_not_slice_to_its_hash_is_caught() -> None:
    brief = make_brief()
    changed = tuple(replace(d, text="x" + d.text) for d in brief.documents)
    assert "evidence" in {p.kind for p in verify_brief(replace(brief, documents=changed))}
    assert brief.account == ACCOUNT
