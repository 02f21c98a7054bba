"""Decisions of people on findings: what they change, and what they never change."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from research.model.finding import Conflict, Evidence, Finding, attributes
from research.model.judgement import Judgement, Verdict
from research.review.judgements import apply, disagreements, effective
from research.review.queue import queue, urgency


def finding(key: str, *, confidence: float = 0.7, status: str = "new", kind: str = "signal", **values: str) -> Finding:
    evidence = Evidence(finding_id=key, document_id="d" + key, start=0, end=5, quote_sha256="x", score=confidence)
    return Finding(
        id=key, account_id="a", kind=kind, attributes=attributes(phrase=key, **values), confidence=confidence,
        status=status, first_seen="2024-01-0" + str(len(key)), last_seen="2024-02-01", evidence=(evidence,),
    )  # fmt: skip


def judged(
    key: str, verdict: Verdict, *ids: str, at: str = "2024-03-01", analyst: str = "ada", **more: str
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
    changed_mind = judged("5", "accept", "a", analyst="bob", at="2024-03-03")
    assert disagreements([ada, bob, changed_mind]) == ()


VERDICTS = st.sampled_from(["accept", "edit", "reject", "merge", "split", "pin", "note"])
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
    accepted = finding("accepted", status="accepted")
    disputed = finding("disputed", status="accepted", confidence=0.95)
    conflict = Conflict(field="x", kind="genuine", finding_ids=("disputed",), explanation="")
    order = queue((office, sure, own, accepted, lapsed, disputed), (conflict,))
    assert [f.id for f in order] == ["disputed", "lapsed", "own", "office", "sure"]
    assert urgency(own) > urgency(sure)
