"""What is kept survives full disks, broken disks, changed bytes and kills; and what goes wrong is one clear line."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.hostile_keep import folder, fresh, store_in
from benchmarks.kill_run import AGAIN
from benchmarks.store_faults import FAULTS, answer, fill, flipped, small_disk, suffer
from pipelines import resuming
from pipelines.doctor import examine
from research.errors import DossierError
from research.store.captures import keep
from research.store.connect import FILE_NAME, open_store


@pytest.fixture(scope="module")
def place():
    with folder() as made:
        yield made


@pytest.fixture(scope="module")
def whole(place):
    with store_in(place / "whole") as home:
        yield home


@pytest.mark.parametrize("name", FAULTS)
def test_a_failing_disk_is_one_clear_line_and_takes_nothing_that_was_stored(place, whole, name) -> None:
    outcome = suffer(fresh(whole, place / "home"), FAULTS[name])
    assert outcome.wrong == ""
    assert outcome.said


def test_a_full_file_system_is_one_clear_line_and_nothing_is_half_written(place, whole) -> None:
    try:
        with small_disk(place, int((whole / FILE_NAME).stat().st_size * 1.2) // 1024) as disk:
            outcome = suffer(fresh(whole, disk / "home"), open_store)
    except PermissionError as error:
        pytest.skip(str(error))
    assert "the disk is full" in outcome.said
    assert outcome.wrong == ""


def test_changed_bytes_are_never_silently_wrong(place, whole) -> None:
    draw = random.Random(5)
    found = Counter(flipped(whole, place / "home", draw) for _ in range(60))
    assert set(found) <= {"clear", "same", "doctor"}
    assert found["clear"] > 10  # they do reach what matters


def _wrong(home: Path) -> set[str]:
    return {check.name for check in examine(home) if not check.ok}


def _damage(home: Path, *statements: str) -> None:
    connection = sqlite3.connect(home / FILE_NAME)
    for trigger in ("captures_stay", "judgements_stay", "finding_events_stay", "documents_keep_text"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE bodies SET data = x'00' WHERE rowid = 3", "captured bodies"),
        ("UPDATE captures SET media_type = 'text/plain' WHERE seq = 2", "rows"),
        ("UPDATE judgements SET body = replace(body, 'decision 4', 'decision 5')", "rows"),
        ("UPDATE findings SET attributes = replace(attributes, '1905', '1906')", "rows"),
        ("UPDATE documents SET body = replace(body, 'Acme', 'Acne')", "rows"),
        ("UPDATE document_passages SET stop = stop - 1", "rows"),
        ("UPDATE accounts SET body = replace(body, 'acme.example', 'acne.example')", "rows"),
        ("UPDATE sources SET body = replace(body, 'https', 'http')", "rows"),
        ("UPDATE texts SET data = x'00' WHERE rowid = 3", "evidence"),
        ("DELETE FROM evidence WHERE place = 0 AND finding_id IN (SELECT id FROM findings LIMIT 1)", "orphaned rows"),
        ("DELETE FROM sightings WHERE rowid = 5", "orphaned rows"),
        ("DELETE FROM bodies WHERE rowid = 3", "references"),
    ],
)
def test_doctor_finds_what_was_tampered_with(place, whole, statement, name) -> None:
    home = fresh(whole, place / "home")
    assert _wrong(home) == set()
    _damage(home, statement)
    assert name in _wrong(home)


def test_doctor_of_a_store_that_cannot_be_opened_says_what_to_do(place, whole) -> None:
    home = fresh(whole, place / "home")
    (home / FILE_NAME).write_bytes(b"no database" * 1000)
    (check,) = [check for check in examine(home) if not check.ok]
    assert "is no database" in check.detail
    assert "dossier restore" in check.remedy
    assert _wrong(place / "nowhere") == set()


def test_a_killed_refresh_goes_on_to_the_same_store_and_asks_next_to_nothing_twice() -> None:
    tally = kills.try_kills(25, each=9, seed=3, accounts=12)
    assert tally.kills == 25
    assert 0 < tally.within < 25
    assert tally.acknowledged > 100
    assert (tally.lost, tally.twice, tally.damaged, tally.different, tally.half) == (0, 0, 0, 0, 0), tally.notes
    # at most what was under way: a page, and robots.txt where that was the first
    assert tally.asked - tally.needed <= 2 * tally.kills


def test_the_count_of_repeated_requests_sees_a_refresh_that_forgets(monkeypatch) -> None:
    monkeypatch.setattr(resuming, "answer_to", lambda *_: None)
    tally = kills.try_kills(3, each=2, seed=4, accounts=4)
    assert tally.repeated > 0.05
    assert tally.failures > 0


def test_the_inspection_sees_what_is_lost_and_what_is_different(tmp_path) -> None:
    with open_store(tmp_path) as store:
        fill(store, 3)
    tally = kills.Tally()
    kills._inspect(tmp_path, ["judgement judgement-1", "judgement never-stored", f"page {AGAIN} unchanged"], tally)
    assert (tally.lost, tally.twice, tally.damaged) == (2, 0, 0)
    before = kills.content(tmp_path)
    with open_store(tmp_path) as store:
        keep(store, "acme-site", answer(1, "another text"))
    after = kills.content(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"bodies", "captures", "sightings"}


def test_a_brief_that_is_half_written_is_counted(tmp_path) -> None:
    with open_store(tmp_path) as store:
        fill(store, 1)
    (tmp_path / "out" / "acme").mkdir(parents=True)
    (tmp_path / "out" / "acme" / "brief.json").write_text(json.dumps({"account": 1})[:-1])
    whole = kills.Undisturbed(content=kills.content(tmp_path), requests=1, seconds=1.0, points=1)
    tally = kills.Tally()
    kills._compare(tmp_path, [], whole, tally)
    assert (tally.half, tally.different, tally.damaged) == (1, 0, 0)


def test_an_error_of_the_store_keeps_a_visit_and_any_other_ends_it(tmp_path) -> None:
    from pipelines.bootstrap import open_workspace
    from pipelines.brief import Order, brief_of
    from pipelines.target import Target
    from research.store.accounts import load_account, sources_of
    from research.store.unfinished import open_visit, unfinished

    with open_store(tmp_path) as store:
        fill(store, 1)
        open_visit(store, "acme", AGAIN)
    with open_workspace(tmp_path, lambda: AGAIN) as workspace:
        target = Target(account=load_account(workspace.store, "acme"), sources=sources_of(workspace.store, "acme"))
        workspace.store.rows("PRAGMA query_only = ON")  # what SQLite says of a disk that may only be read
        with pytest.raises(DossierError, match="cannot be written"):
            brief_of(target, Order(target="acme"), workspace, lambda _: None)
        workspace.store.rows("PRAGMA query_only = OFF")
        assert "acme" in unfinished(workspace.store)
