"""A decision is saved once, on the disk, and only over what its analyst had seen."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_samples import DAY_1, DAY_2, add_account

from research.errors import DossierError
from research.model.judgement import Judgement, Rule
from research.store.connect import Store, open_store
from research.store.decisions import Asked, decisions
from research.store.judgements import (
    StaleError,
    decide,
    import_judgements,
    judgements_of,
    judgements_since,
    seen_of,
)


def judgement(key: str, verdict: str = "accept", *targets: str, at: str = DAY_1, **more: Any) -> Judgement:
    return Judgement(
        id=key, account_id="acme", target_kind=more.pop("kind", "finding"), target_ids=targets or ("f1",), verdict=verdict,  # type: ignore[arg-type]
        analyst=more.pop("analyst", "Ada"), at=at, **more,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _accounts(store: Store) -> None:
    add_account(store)


def test_a_request_that_is_repeated_is_saved_once(store: Store) -> None:
    first = decide(store, judgement("j1"), 0)
    again = decide(store, judgement("j1", at=DAY_2), 0)
    assert (first.again, again.again, again.judgement) == (False, True, first.judgement)
    assert judgements_of(store, "acme") == (first.judgement,)
    with pytest.raises(DossierError, match="has been used for another decision"):
        decide(store, judgement("j1", "reject"), 0)


def test_who_has_not_seen_the_last_decision_is_shown_it_and_saves_nothing(store: Store) -> None:
    seen = seen_of(store, "acme", ["f1"])
    decide(store, judgement("j1", "edit", edit="Theirs.", analyst="Bob"), seen)
    with pytest.raises(StaleError, match="Bob decided on this meanwhile") as stale:
        decide(store, judgement("j2"), seen)
    assert (stale.value.latest.id, stale.value.seen) == ("j1", seen_of(store, "acme", ["f1"]))
    assert len(judgements_of(store, "acme")) == 1
    decide(store, judgement("j2"), stale.value.seen)
    assert [j.id for j in judgements_of(store, "acme")] == ["j1", "j2"]


def test_notes_pins_and_other_findings_are_in_nobodys_way(store: Store) -> None:
    decide(store, judgement("n", "note", note="look"), None)
    decide(store, judgement("p", "pin"), None)
    decide(store, judgement("r", "rule", rule=Rule(kind="office", where=(("place", "Leeds"),))), None)
    decide(store, judgement("o", "accept", "f2"), 0)
    assert seen_of(store, "acme", ["f1"]) == 0
    assert not decide(store, judgement("j"), 0).again
    bulk = judgement("b", "accept", "f2", "f3")
    with pytest.raises(StaleError):
        decide(store, bulk, 0)


def test_a_sentence_and_its_section_have_their_own_tokens(store: Store) -> None:
    decide(store, judgement("s1", "edit", "pains", "f1", kind="section", edit="x"), 0)
    decide(store, judgement("s2", "edit", "pains", "f2", kind="section", edit="y"), 0)
    with pytest.raises(StaleError):
        decide(store, judgement("s3", "accept", "pains", kind="section"), 0)
    decide(store, judgement("s4", "accept", "goals", kind="section"), 0)


def test_a_decision_is_taken_back_once_and_again_after_it_was_given_back(store: Store) -> None:
    decide(store, judgement("j1"), 0)
    undo = judgement("u1", "undo", supersedes="j1")
    decide(store, undo, seen_of(store, "acme", ["f1"]))
    with pytest.raises(StaleError):
        decide(store, replace(undo, id="u2"), seen_of(store, "acme", ["f1"]))
    decide(store, replace(undo, id="u3", supersedes="u1"), seen_of(store, "acme", ["f1"]))
    decide(store, replace(undo, id="u4"), seen_of(store, "acme", ["f1"]))
    with pytest.raises(DossierError, match="not one of this account"):
        decide(store, replace(undo, id="u5", supersedes="nothing"), seen_of(store, "acme", ["f1"]))


def test_times_only_grow_within_an_account(store: Store) -> None:
    times = [decide(store, judgement(f"j{n}", at=DAY_2), n).judgement.at for n in range(3)]
    earlier = decide(store, judgement("late", at=DAY_1), 9).judgement.at
    assert times == sorted(set(times))
    assert earlier > times[-1]


def test_an_import_is_whole_or_not_at_all(store: Store) -> None:
    decide(store, judgement("j1"), 0)
    known = judgements_of(store, "acme")[0]
    assert import_judgements(store, [known, judgement("j2", "reject", "f2")]) == (1, 1)
    with pytest.raises(DossierError, match="j1 exists already"):
        import_judgements(store, [judgement("j3", "accept", "f3"), replace(known, verdict="reject")])
    assert [j.id for j in judgements_of(store, "acme")] == ["j1", "j2"]
    assert [j.id for _, j in judgements_since(store, "acme", 1)] == ["j2"]


def test_of_many_who_saw_the_same_state_one_wins(store: Store, tmp_path: Path) -> None:
    home, outcomes, start = store.path.parent, [], threading.Barrier(6)

    def race(number: int) -> None:
        with open_store(home) as mine:
            start.wait()
            try:
                decide(mine, judgement(f"j{number}", analyst=f"analyst {number}"), 0)
                outcomes.append("saved")
            except StaleError:
                outcomes.append("stale")

    threads = [threading.Thread(target=race, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", *["stale"] * 5]
    assert len(judgements_of(store, "acme")) == 1


def test_the_history_refuses_a_decision_that_is_not_what_was_written(store: Store) -> None:
    decide(store, judgement("j1"), 0)
    assert [d.judgement.id for d in decisions(store, Asked(), 10)] == ["j1"]
    store.db.conn.execute("DROP TRIGGER judgements_stay")
    store.write("UPDATE judgements SET body = replace(body, ?, ?)", [("accept", "reject")])
    with pytest.raises(DossierError, match="judgement is damaged"):
        decisions(store, Asked(), 10)
