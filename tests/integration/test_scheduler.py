"""Scheduled refreshes as they run: what is due is read once, by one process, and a kill loses and repeats nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pipelines.refresh as refreshing
from pipelines.bootstrap import Workspace
from pipelines.refresh import Budget, Refreshed, refresh_accounts
from pipelines.schedule import account_state, timetable, turn_line
from research.errors import DossierError
from research.model.account import Account, Source
from research.model.draft import SourceState
from research.store.accounts import load_account, save_account, save_source
from research.store.connect import FILE_NAME, open_store
from research.store.lock import hold_lock
from research.store.meetings import MeetingDay, save_meetings
from research.store.visits import note_failure, note_visits, visits_of

from .conftest import NOW, workspace_of

NAMES = ("Harrowgate", "Oxmoor", "Tarnbeck")
PAGE = """<html><head><title>{name}</title></head><body><main><h1>About {name}</h1><p>{name} Ltd makes meters for water
utilities. {name} Ltd was founded in 1987. {name} Ltd has {staff} employees in Leeds.</p></main></body></html>"""


def watched(home: Path, pages: Path, *, cadence_days: int = 7) -> None:
    """Three accounts, each with a folder of pages as its source."""
    with open_store(home) as store:
        for number, name in enumerate(NAMES):
            folder = pages / name.lower()
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "about.html").write_text(PAGE.format(name=name, staff=100 + number), encoding="utf-8")
            account = Account(id=name.lower(), name=f"{name} Ltd")
            save_account(store, account)
            source = Source(
                id=f"{account.id}-pages",
                account_id=account.id,
                kind="folder",
                url=str(folder),
                cadence_days=cadence_days,
            )
            save_source(store, source)


def scheduler(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "refresh",
        "--due",
        "--home",
        str(home),
        "--out",
        str(home / "briefs"),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def runs(home: Path) -> list[tuple[str, bool]]:
    """Every run that was begun, by its command, with whether it was finished."""
    connection = sqlite3.connect(f"file:{home / FILE_NAME}?mode=ro", uri=True, timeout=60)
    try:
        return [(c, e is not None) for c, e in connection.execute("SELECT command, ended FROM run_reports ORDER BY id")]
    finally:
        connection.close()


def facts(home: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(f"file:{home / FILE_NAME}?mode=ro", uri=True, timeout=60)
    try:
        return list(
            connection.execute("SELECT account_id, attributes FROM findings WHERE lapsed_at IS NULL ORDER BY id")
        )
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not condition() and process.poll() is None:
        time.sleep(0.02)


def test_a_scheduler_that_is_killed_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    watched(home, tmp_path / "pages")
    first = scheduler(home)
    wait_until(lambda: len(runs(home)) >= 2, first)  # in the midst of the second account
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    finished = [command for command, ended in runs(home) if ended]
    assert len(finished) < len(NAMES)
    with workspace_of(home, datetime.now(UTC).isoformat()) as workspace:
        assert "its last visit was broken off" in {turn.why for turn in timetable(workspace)}
    second = scheduler(home)
    output, notes = second.communicate(timeout=300)
    assert second.returncode == 0, notes
    done = Counter(command for command, ended in runs(home) if ended)
    assert done == {f"brief {name} Ltd": 1 for name in NAMES}
    assert not any(name.lower() in output for name in NAMES if f"brief {name} Ltd" in finished)
    connection = sqlite3.connect(home / FILE_NAME)
    events = Counter(connection.execute("SELECT finding_id, change FROM finding_events"))
    connection.close()
    assert {change for _, change in events} == {"new"}
    assert set(events.values()) == {1}
    assert {account for account, _ in facts(home)} == {name.lower() for name in NAMES}


def test_of_two_schedulers_at_once_one_reads_everything_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    watched(home, tmp_path / "pages")
    both = [scheduler(home), scheduler(home)]
    told = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert Counter(runs(home)) == {(f"brief {name} Ltd", True): 1 for name in NAMES}


def test_a_second_scheduler_goes_away_without_an_error_and_a_person_is_told(
    tmp_path: Path, workspace: Workspace
) -> None:
    with hold_lock(workspace.home):
        process = scheduler(workspace.home)
        output, notes = process.communicate(timeout=120)
        with pytest.raises(DossierError, match="at work on this home folder"):
            refresh_accounts([], workspace, every=True)
    assert (process.returncode, output) == (0, "")
    assert "what is due stays due" in notes


# --- what a run does, without the reading --------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts that are read, in order; reading is a note that it went well and cost thirty requests."""
    order: list[str] = []

    def instead(
        account: Account, sources: tuple[Source, ...], workspace: Workspace, *_: object, **__: object
    ) -> Refreshed:
        order.append(f"{account.id}:{','.join(s.kind for s in sources)}:{max(s.max_pages for s in sources)}")
        states = [SourceState(kind=s.kind, title=s.kind, state="read", answers=30) for s in sources]
        note_visits(workspace.store, account.id, states, workspace.clock())
        return Refreshed(account_id=account.id, message="read")

    monkeypatch.setattr(refreshing, "_refresh", instead)
    return order


def sites(workspace: Workspace, *names: str) -> None:
    for name in names:
        save_account(workspace.store, Account(id=name, name=name))
        save_source(
            workspace.store, Source(id=f"{name}-site", account_id=name, kind="site", url=f"https://{name}.example/")
        )


def test_what_was_read_is_not_due_until_its_cadence_ends(tmp_path: Path, read: list[str]) -> None:
    for now, expected in (
        (NOW, ["acme:site:200", "bolt:site:200"]),
        ("2026-11-20T10:00:00+00:00", []),
        ("2026-11-19T09:00:00+00:00", []),  # the clock went back a day
        ("2026-11-27T09:00:00+00:00", ["acme:site:200", "bolt:site:200"]),
        ("2036-11-27T09:00:00+00:00", ["acme:site:200", "bolt:site:200"]),  # ten years ahead
        ("2026-11-28T09:00:00+00:00", ["acme:site:200", "bolt:site:200"]),  # and right again
        ("2026-11-29T09:00:00+00:00", []),
    ):
        read.clear()
        with workspace_of(tmp_path / "home", now) as workspace:
            sites(workspace, "acme", "bolt")
            refresh_accounts([], workspace, due=True)
        assert sorted(read) == expected, now


def test_a_budget_of_requests_is_kept_and_the_rest_is_told_and_stays_due(tmp_path: Path, read: list[str]) -> None:
    with workspace_of(tmp_path / "home", "2026-11-10T09:00:00+00:00") as workspace:
        sites(workspace, "acme", "bolt", "cork")
        refresh_accounts([], workspace, due=True)
    read.clear()
    with workspace_of(tmp_path / "home") as workspace:
        results = refresh_accounts([], workspace, due=True, budget=Budget(requests=70))
        assert len(read) == 2
        (waiting,) = [r for r in results if r.waits]
        assert not waiting.failed
        assert "beyond the budget" in waiting.message
        refresh_accounts([], workspace, due=True, budget=Budget(requests=70))
        assert len(set(read)) == 3
    with workspace_of(tmp_path / "home", "2026-12-10T09:00:00+00:00") as workspace:
        read.clear()
        refresh_accounts([], workspace, due=True, budget=Budget(requests=20))
        assert [entry.rpartition(":")[2] for entry in read] == ["20"]  # larger than the budget: as far as it goes


def test_no_account_begins_after_the_minutes_are_spent(tmp_path: Path, read: list[str]) -> None:
    ticks = iter([0.0, 10.0, 50.0, 70.0, 90.0])
    with workspace_of(tmp_path / "home") as workspace:
        sites(workspace, "acme", "bolt", "cork")
        results = refresh_accounts([], workspace, due=True, budget=Budget(minutes=1), ticks=lambda: next(ticks))
    assert len(read) == 2
    assert [r.message for r in results if r.waits] == ["waits for the next run: the minutes of this one are spent"]


def test_failures_are_counted_and_a_success_ends_the_count(workspace: Workspace) -> None:
    sites(workspace, "acme")
    account = load_account(workspace.store, "acme")
    assert account is not None
    for _ in range(3):
        note_failure(workspace.store, "acme", ["site"], NOW)
    assert visits_of(workspace.store, "acme")["site"].failures == 3
    (watched_site,) = account_state(account, workspace).sources
    assert (watched_site.failures, watched_site.succeeded) == (3, None)
    blocked = SourceState(kind="site", title="site", state="blocked")
    note_visits(workspace.store, "acme", [blocked], NOW)
    assert visits_of(workspace.store, "acme")["site"].failures == 4
    note_visits(workspace.store, "acme", [SourceState(kind="site", title="site", state="read", answers=9)], NOW)
    site = visits_of(workspace.store, "acme")["site"]
    assert (site.failures, site.succeeded, site.requests) == (0, NOW, 9)
    note_visits(workspace.store, "acme", [SourceState(kind="gleif", title="g", state="nothing")], NOW)
    assert visits_of(workspace.store, "acme")["gleif"].failures == 0  # a register may have nothing of an account
    note_visits(workspace.store, "acme", [SourceState(kind="site", title="site", state="nothing")], NOW)
    assert visits_of(workspace.store, "acme")["site"].failures == 1  # a site that gives no page was away


def test_the_timetable_says_when_and_why(workspace: Workspace) -> None:
    sites(workspace, "acme", "bolt")
    note_visits(workspace.store, "bolt", [SourceState(kind="site", title="s", state="read", answers=9)], NOW)
    save_meetings(workspace.store, "bolt", [MeetingDay(day="2026-12-05")])
    first, second = timetable(workspace)
    assert turn_line(first, NOW) == "now              acme\tsite\tnever read"
    assert second.account_id == "bolt"
    line = turn_line(second, NOW)
    assert line.startswith("2026-11-2")
    assert line.endswith("read every 7 days; about 9 requests; meeting on 2026-12-05")
