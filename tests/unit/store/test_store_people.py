"""What people decided, and what runs did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_samples import DAY_1, DAY_2, add_account

from research.errors import DossierError
from research.model.capture import Skipped
from research.model.judgement import Judgement
from research.store.connect import Store
from research.store.judgements import add_judgement, all_judgements, judgements_of
from research.store.runs import StoreLedger, finish_run, list_runs, list_skipped, output_hashes, save_skipped, start_run

JUDGEMENT = Judgement(
    id="j1",
    account_id="acme",
    target_kind="finding",
    target_ids=("f1", "f2"),
    verdict="merge",
    analyst="Ada",
    at=DAY_1,
    note="the same plant",
)


@pytest.fixture(autouse=True)
def _accounts(store: Store) -> None:
    add_account(store)
    add_account(store, "other")


def test_judgements_are_only_added_to(store: Store) -> None:
    second = replace(JUDGEMENT, id="j0", verdict="split", supersedes="j1", at=DAY_2)
    theirs = replace(JUDGEMENT, id="j2", account_id="other")
    for judgement in (JUDGEMENT, second, theirs, JUDGEMENT):
        add_judgement(store, judgement)
    assert judgements_of(store, "acme") == (JUDGEMENT, second)
    assert all_judgements(store) == (JUDGEMENT, second, theirs)
    with pytest.raises(DossierError, match="judgement j1 exists already"):
        add_judgement(store, replace(JUDGEMENT, note="changed my mind"))
    for sql in ("UPDATE judgements SET body = ?", "DELETE FROM judgements WHERE body <> ?"):
        with pytest.raises(DossierError, match="judgements are append-only"):
            store.write(sql, [("x",)])
    assert judgements_of(store, "acme") == (JUDGEMENT, second)


def test_a_judgement_needs_its_account(store: Store) -> None:
    with pytest.raises(DossierError, match="refers to one that is missing"):
        add_judgement(store, replace(JUDGEMENT, account_id="nobody"))


def test_the_ledger_remembers_outcomes_by_stage(store: Store) -> None:
    ledger = StoreLedger(store=store, now=DAY_1)
    ledger.record("extract", "a", "fp1", "out", None)
    ledger.record("extract", "b", "fp1", None, "the PDF is damaged")
    ledger.record("analyse", "a", "fp9", "out9", None)
    assert ledger.known("extract", ["a", "b", "c"]) == {"a": ("fp1", None), "b": ("fp1", "the PDF is damaged")}
    assert output_hashes(store, "extract", ["a", "b"]) == {"a": "out"}
    ledger.record("extract", "b", "fp2", "out2", None)
    assert ledger.known("extract", ["b"]) == {"b": ("fp2", None)}


def test_runs_are_reported_newest_first(store: Store) -> None:
    first, second = start_run(store, "brief", DAY_1), start_run(store, "refresh", DAY_2)
    finish_run(store, first, DAY_2, {"stages": [{"name": "extract", "done": 3}]})
    newest, oldest = list_runs(store)
    assert (newest.id, newest.command, newest.ended, newest.summary) == (second, "refresh", None, None)
    assert oldest.summary == {"stages": [{"name": "extract", "done": 3}]}
    assert [run.id for run in list_runs(store, 1)] == [second]


def test_what_was_left_out_is_that_of_the_latest_run_even_if_it_is_nothing(store: Store) -> None:
    blocked, broken = Skipped(url="u1", reason="robots.txt refuses"), Skipped(url="u2", reason="no text")
    first = start_run(store, "brief", DAY_1)
    save_skipped(store, first, "acme", [blocked])
    save_skipped(store, first, "acme", [broken, blocked])
    assert list_skipped(store, "acme") == (blocked, broken)
    second = start_run(store, "refresh", DAY_2)
    save_skipped(store, second, "acme", [])
    assert list_skipped(store, "acme") == ()
    assert list_skipped(store, "acme", first) == (blocked, broken)
    assert list_skipped(store, "other") == ()
