"""Decisions of people on findings: what they change, and what they never change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.model.finding import Conflict, Evidence, Finding, attributes
from research.model.judgement import Judgement, Verdict
from research.review.agreement import agreements, disagreements
from research.review.judgements import apply, effective, inputs_of, review
from research.review.queue import queue, urgency


def finding(key: str, *, confidence: float = 0.7, status: str = "new", kind: str = "signal", **values: str) -> Finding:
    evidence = Evidence(finding_id=key, document_id="d" + key, start=0, end=5, quote_sha256="x", score=confidence)
    return Finding(
        id=key, account_id="a", kind=kind, attributes=attributes(phrase=key, **values), confidence=confidence,
        status=status, first_seen="2024-01-0" + str(len(key)), last_seen="2024-02-01", evidence=(evidence,),
    )  # fmt: skip


def judged(
    key: str, verdict: Verdict, *ids: str, at: str = "2024-03-01", analyst: str = "ada", **more: Any
) -> Judgement:
    return Judgement(
        id=key, account_id="a", target_kind="finding", target_ids=ids, verdict=verdict, analyst=analyst, at=at, **more
    )


A, B, C = finding("a"), finding("bb", confidence=0.9), finding("ccc", confidence=0.5)


def by_id(*judgements: Judgement, findings: tuple[Finding, ...] = (A, B, C)) -> dict[str, Finding]:
    return {f.id: f for f in apply(findings, judgements)}


def test_verdicts_set_the_status_and_the_latest_wins() -> None:
    early, late = judged("1", "accept", "a"), judged("2", "reject", "a", at="2024-03-02")
    assert by_id(late, early)["a"].status == "rejected"
    assert by_id(early)["bb"].status == "new"


def test_a_superseded_judgement_counts_for_nothing() -> None:
    undo = judged("2", "note", "a", at="2024-03-02", supersedes="1")
    assert by_id(judged("1", "reject", "a"), undo)["a"].status == "new"
    assert [j.id for j in effective([judged("1", "reject", "a"), undo])] == ["2"]


def test_an_undo_takes_back_one_decision_and_can_be_undone() -> None:
    accept, reject = judged("1", "accept", "a"), judged("2", "reject", "a", at="2024-03-02")
    undo = judged("3", "undo", "a", at="2024-03-03", supersedes="2")
    again = judged("4", "undo", "a", at="2024-03-04", supersedes="3")
    assert by_id(accept, reject, undo)["a"].status == "accepted"
    assert by_id(accept, reject, undo, again)["a"].status == "rejected"


def test_what_replaces_a_replacement_replaces_the_first_one_too() -> None:
    first, second = (
        judged("1", "edit", "a", edit="one"),
        judged("2", "edit", "a", at="2024-03-02", edit="two", supersedes="1"),
    )
    third = judged("3", "accept", "a", at="2024-03-03", supersedes="2")
    assert [j.id for j in effective([first, second, third])] == ["3"]
    undo = judged("4", "undo", "a", at="2024-03-04", supersedes="3")
    assert by_id(first, second, third, undo)["a"].get("analyst_text") == "two"


def test_an_edit_locks_its_words_through_later_acceptance() -> None:
    found = by_id(judged("1", "edit", "a", edit="Their words."), judged("2", "accept", "a", at="2024-03-02"))
    assert (found["a"].status, found["a"].get("analyst_text")) == ("accepted", "Their words.")
    assert found["a"].id == "a"


def test_merging_folds_evidence_into_the_first_target_and_splitting_undoes_it() -> None:
    merge = judged("1", "merge", "a", "bb")
    found = by_id(merge)
    assert set(found) == {"a", "ccc"}
    assert [(e.finding_id, e.document_id) for e in found["a"].evidence] == [("a", "dbb"), ("a", "da")]
    assert found["a"].confidence == 0.9
    assert set(by_id(merge, judged("2", "split", "bb", at="2024-03-02"))) == {"a", "bb", "ccc"}


def test_merges_in_a_chain_end_in_one_finding_and_never_in_a_circle() -> None:
    first, second = judged("1", "merge", "a", "bb"), judged("2", "merge", "bb", "ccc", at="2024-03-02")
    back = judged("3", "merge", "ccc", "a", at="2024-03-03")
    found = by_id(first, second, back)
    assert list(found) == ["a"]
    assert len(found["a"].evidence) == 3


def test_a_merge_with_a_finding_that_is_gone_changes_nothing() -> None:
    assert set(by_id(judged("1", "merge", "zz", "bb"))) == {"a", "bb", "ccc"}


def test_a_living_guest_of_a_lapsed_host_stands_in_its_place_with_its_decision() -> None:
    merge, edit = judged("1", "merge", "a", "bb"), judged("2", "edit", "a", edit="Ours.", at="2024-03-02")
    found = by_id(merge, edit, findings=(replace(A, status="lapsed"), B))
    assert (found["a"].status, found["bb"].status, found["bb"].get("analyst_text")) == ("lapsed", "edited", "Ours.")
    assert [e.document_id for e in found["bb"].evidence] == ["dbb"]


def test_an_edit_corrects_what_no_quote_spells_out_and_nothing_else() -> None:
    edit = judged("1", "edit", "a", edit="", changes=(("holder", "customer"), ("phrase", "made up")))
    found = by_id(edit)["a"]
    assert (found.get("holder"), found.get("phrase"), found.status) == ("customer", "a", "edited")


def test_lapsed_stays_lapsed_unless_rejected() -> None:
    gone = replace(A, status="lapsed")
    assert by_id(judged("1", "accept", "a"), findings=(gone,))["a"].status == "lapsed"
    assert by_id(judged("1", "reject", "a"), findings=(gone,))["a"].status == "rejected"


def test_pins_and_notes_leave_the_status() -> None:
    found = by_id(judged("1", "pin", "a"), judged("2", "note", "bb", note="ask"))
    assert (found["a"].status, found["a"].get("pinned"), found["bb"]) == ("new", True, B)


def test_two_analysts_who_differ_are_reported() -> None:
    ada, bob = judged("1", "accept", "a"), judged("2", "reject", "a", analyst="bob", at="2024-03-02")
    agreeing = judged("3", "accept", "bb", analyst="bob"), judged("4", "accept", "bb")
    (found,) = disagreements([bob, ada, *agreeing])
    assert (found.finding_id, found.judgements) == ("a", (ada, bob))
    assert not found.settled
    (third,) = disagreements([ada, bob, judged("6", "reject", "a", analyst="eve", at="2024-03-04")])
    assert third.settled
    changed_mind = judged("5", "accept", "a", analyst="bob", at="2024-03-03")
    assert disagreements([ada, bob, changed_mind]) == ()


def test_agreement_of_two_is_cohens_kappa() -> None:
    """The worked example of the coefficient: 20 and 15 alike, 5 and 10 not, of 50: kappa is 0.4."""
    decisions = (
        [("accept", "accept")] * 20
        + [("reject", "reject")] * 15
        + [("accept", "reject")] * 5
        + [("reject", "edit")] * 10
    )
    judgements = [
        judged(f"{n}{who}", verdict, f"f{n}", analyst=who, edit="w")
        for n, pair in enumerate(decisions)
        for who, verdict in zip(("ada", "bob"), pair, strict=True)
    ]
    (found,) = agreements(judgements)
    assert (found.analysts, found.both, found.agreed) == (("ada", "bob"), 50, 35)
    assert found.kappa == pytest.approx(0.4)
    (certain,) = agreements([judged("1", "accept", "a"), judged("2", "accept", "a", analyst="bob")])
    assert (certain.agreed, certain.kappa) == (1, None)


def accepted(target: Finding, verdict: Verdict = "accept", **more: Any) -> Judgement:
    return judged("j", verdict, target.id, inputs=(inputs_of(target),), base=(target.text("phrase"),), **more)


def test_a_decision_has_moved_only_if_its_quote_or_attributes_are_gone() -> None:
    decision = accepted(A)
    more = replace(
        A, evidence=(Evidence(finding_id="a", document_id="dx", start=0, end=3, quote_sha256="new"), *A.evidence)
    )
    other = replace(A, evidence=more.evidence[:1])
    assert [review([f], [decision])[0].moved for f in (A, replace(A, confidence=0.1), more, other)] == [
        False,
        False,
        False,
        True,
    ]
    assert review([replace(A, status="lapsed")], [decision])[0].moved
    assert review([finding("a", type="goal")], [decision])[0].moved
    seen_lapsed = accepted(replace(A, status="lapsed"))
    assert not review([replace(A, status="lapsed")], [seen_lapsed])[0].moved


REWORDED = (
    finding("pump failures stop the plant again"),
    replace(finding("pump failures stop the whole plant"), first_seen="2024-03-01"),
)
PAGES = {"d" + f.id: "https://a.example/about" for f in REWORDED}


def test_an_edit_goes_on_where_the_page_was_reworded_and_asks_to_be_looked_at() -> None:
    old, new = REWORDED
    edit = accepted(old, "edit", edit="Pumps stop the plant.")
    gone, heir = review([replace(old, status="lapsed"), new], [edit], PAGES)
    assert (heir.finding.status, heir.finding.get("analyst_text"), heir.moved) == (
        "edited",
        "Pumps stop the plant.",
        True,
    )
    assert heir.heir_of == (replace(old, status="lapsed"),)
    (entry, _) = queue((gone, heir), ())
    assert (entry.finding.id, entry.why) == (new.id, "reworded")
    elsewhere = review([replace(old, status="lapsed"), new], [edit], {})
    assert elsewhere[1].finding.status == "new"


def test_what_was_there_before_takes_nobodys_place() -> None:
    """Two sentences on one page were two findings all along: that one of them goes says nothing of the other."""
    old, new = REWORDED
    edit = accepted(old, "edit", edit="Pumps stop the plant.")
    _, other = review([replace(old, status="lapsed"), replace(new, first_seen=old.first_seen)], [edit], PAGES)
    assert (other.finding.status, other.heir_of) == ("new", ())


def test_an_acceptance_of_other_words_is_no_acceptance_of_these() -> None:
    old, new = REWORDED
    _, heir = review([replace(old, status="lapsed"), new], [accepted(old)], PAGES)
    assert (heir.finding.status, heir.moved) == ("new", True)


def test_a_decision_of_ones_own_ends_the_inheritance() -> None:
    old, new = REWORDED
    edit, own = (
        accepted(old, "edit", edit="Pumps."),
        judged("k", "accept", new.id, at="2024-03-02", inputs=(inputs_of(new),)),
    )
    _, heir = review([replace(old, status="lapsed"), new], [edit, own], PAGES)
    assert (heir.finding.status, heir.finding.get("analyst_text"), heir.moved) == ("accepted", None, False)


VERDICTS = st.sampled_from(["accept", "edit", "reject", "merge", "split", "pin", "note", "undo"])
PAIRS = st.permutations(["a", "bb", "ccc"]).map(lambda order: tuple(order[:2]))
JUDGEMENTS = st.lists(
    st.builds(
        lambda n, verdict, ids, at: judged(str(n), verdict, *ids, at=f"2024-03-{at:02}", edit="words"),
        st.integers(0, 10**6), VERDICTS, PAIRS, st.integers(1, 28),
    ),
    max_size=12, unique_by=lambda j: j.id,
)  # fmt: skip


@given(JUDGEMENTS)
def test_the_outcome_depends_on_the_set_of_judgements_only_and_keeps_all_evidence(judgements: list[Judgement]) -> None:
    found = apply((A, B, C), judgements)
    assert found == apply((A, B, C), judgements[::-1])
    assert sorted(e.document_id for f in found for e in f.evidence) == ["da", "dbb", "dccc"]
    assert all(e.finding_id == f.id for f in found for e in f.evidence)


def test_the_queue_puts_contradictions_then_lapsed_then_uncertain_and_important_first() -> None:
    own = finding("own", confidence=0.5, holder="account")
    sure = finding("sure", confidence=0.99, holder="account")
    office = finding("office", confidence=0.5, kind="office")
    lapsed = finding("lapsed", status="lapsed")
    forgotten = finding("forgotten", status="lapsed")
    done = finding("done")
    disputed, rival = finding("disputed", confidence=0.95), finding("rival", confidence=0.95)
    conflict = Conflict(field="x", kind="genuine", finding_ids=("disputed", "rival"), explanation="")
    decisions = [judged("1", "accept", "lapsed", inputs=(inputs_of(finding("lapsed")),)), judged("2", "accept", "done")]
    found = (office, sure, own, done, lapsed, forgotten, disputed, rival)
    order = queue(review(found, decisions), (conflict,))
    assert [(e.finding.id, e.why) for e in order] == [
        ("disputed", "conflict"), ("rival", "conflict"), ("lapsed", "lapsed"), ("own", "open"), ("office", "open"), ("sure", "open"),
    ]  # fmt: skip
    assert urgency(own) > urgency(sure)


def test_what_a_sentence_cites_comes_before_what_no_reader_sees() -> None:
    cited, other, solved = (
        finding("cited", confidence=0.6),
        finding("other", confidence=0.6),
        finding("zz", type="remedy"),
    )
    order = queue(review((other, solved, cited), ()), (), shown=frozenset({"cited"}))
    assert [e.finding.id for e in order] == ["cited", "other", "zz"]


def test_a_contradiction_is_settled_once_every_side_is_decided_or_one_is_left() -> None:
    one, other = finding("one"), finding("other")
    conflict = Conflict(field="x", kind="genuine", finding_ids=("one", "other"), explanation="")

    def waiting(*decisions: Judgement) -> list[str]:
        return [e.why for e in queue(review((one, other), decisions), (conflict,))]

    assert waiting(judged("1", "accept", "one")) == ["conflict", "conflict"]
    assert waiting(judged("1", "reject", "one")) == ["open"]
    assert waiting(judged("1", "accept", "one"), judged("2", "accept", "other")) == []


def test_near_duplicates_are_folded_behind_the_most_pressing_of_them() -> None:
    first = finding("slow onboarding of new staff", confidence=0.5)
    second = replace(finding("x", confidence=0.9), attributes=attributes(phrase="The slow onboarding of new staff"))
    third = replace(finding("y", confidence=0.9), attributes=attributes(phrase="onboarding of 300 sensors"))
    order = queue(review((second, third, first), ()), ())
    assert [(e.finding.id, e.alike) for e in order] == [(first.id, ("x",)), ("y", ())]
