"""Rules of rejections hit what they say, in any spelling, and nothing beside it."""

from __future__ import annotations

import pytest

from research.model.finding import Evidence, Finding, attributes
from research.model.judgement import Judgement
from research.review.alike import alike, near_duplicates
from research.review.judgements import review
from research.review.rules import SCOPES, hits, rule_for, say_rule

PAGES = {"d1": "https://a.example/partners", "d2": "https://a.example/"}


def finding(key: str, kind: str, *documents: str, **values: str) -> Finding:
    return Finding(
        id=key, account_id="a", kind=kind, attributes=attributes(**values), confidence=0.6, status="new", first_seen="2024-01-01",  # type: ignore[arg-type]
        last_seen="2024-01-01",
        evidence=tuple(Evidence(finding_id=key, document_id=d, start=0, end=1, quote_sha256="q") for d in documents or ("d1",)),
    )  # fmt: skip


RIVAL = finding("r", "relation", company="Kestrel Systems, Inc.", relation="competitor", of="A")
PARTNER = finding("p", "relation", company="Kestrel Systems", relation="partner", of="A")
OTHER = finding("o", "relation", company="Kestrels", relation="competitor", of="A")
CHIEF = finding("c", "person", name="Ann Marsh", role="CEO")
FORMER = finding("f", "person", name="Ann Marsh", role="Board member")
PAIN = finding("s", "signal", type="pain", holder="account", phrase="manual entry of 40 invoices a day")
LATER = finding("t", "signal", type="pain", holder="account", phrase="the manual entry of 40 invoices each day")
FIGURE = finding("u", "signal", type="pain", holder="account", phrase="manual entry of 90 invoices a day")
THEIRS = finding("v", "signal", type="pain", holder="customer", phrase="manual entry of 40 invoices a day")
EVERY = (RIVAL, PARTNER, OTHER, CHIEF, FORMER, PAIN, LATER, FIGURE, THEIRS)


@pytest.mark.parametrize(
    ("rejected", "scope", "expected"),
    [
        (RIVAL, "same", "r"),
        (RIVAL, "like", "rp"),
        (CHIEF, "same", "c"),
        (CHIEF, "like", "cf"),
        (PAIN, "same", "st"),
        (PAIN, "like", "stv"),
    ],
)
def test_a_rule_reaches_as_far_as_its_scope(rejected: Finding, scope: str, expected: str) -> None:
    rule = rule_for(rejected, scope)  # type: ignore[arg-type]
    assert rule is not None
    assert {f.id for f in EVERY if hits(rule, f, PAGES)} == set(expected)


def test_a_rule_for_a_page_spares_what_another_page_says_too() -> None:
    rule = rule_for(RIVAL, "page", "https://a.example/partners")
    both = finding("b", "relation", "d1", "d2", company="B", relation="partner")
    assert rule is not None
    assert [hits(rule, f, PAGES) for f in (RIVAL, PARTNER, both, CHIEF)] == [True, True, False, False]


def test_a_rejection_of_one_finding_alone_makes_no_rule() -> None:
    assert rule_for(RIVAL, "finding") is None
    assert rule_for(RIVAL, "page") is None
    assert list(SCOPES) == ["finding", "same", "like", "page"]


def judged(key: str, verdict: str, target: Finding, **more: object) -> Judgement:
    return Judgement(
        id=key, account_id="a", target_kind="finding", target_ids=(target.id,), verdict=verdict, analyst="ada", at=key, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_rule_holds_for_later_findings_until_it_is_withdrawn_and_never_against_a_person() -> None:
    rule = judged("2", "rule", PAIN, rule=rule_for(PAIN, "same"))
    decisions = [judged("1", "reject", PAIN), rule]
    (later,) = review([LATER], decisions)
    assert (later.finding.status, later.ruled) == ("rejected", rule)
    (kept,) = review([LATER], [*decisions, judged("3", "accept", LATER)])
    assert (kept.finding.status, kept.ruled) == ("accepted", None)
    first, withdrawn = review([PAIN, LATER], [*decisions, judged("3", "undo", PAIN, supersedes="2")])
    assert (first.finding.status, withdrawn.finding.status) == ("rejected", "new")


def test_a_rule_is_said_in_words() -> None:
    rule = rule_for(RIVAL, "same")
    assert rule is not None
    assert say_rule(rule) == "relation where company is “Kestrel Systems, Inc.” and relation is “competitor”"


def test_figures_and_other_words_tell_two_phrases_apart() -> None:
    assert alike("recall of 300 sensors", "the recall of 300 sensors")
    assert not alike("recall of 300 sensors", "recall of 400 sensors")
    assert not alike("slow approval of loans", "slow approval of claims in court")
    assert near_duplicates((PAIN, LATER, FIGURE)) == {"s": ("t",), "u": ()}
