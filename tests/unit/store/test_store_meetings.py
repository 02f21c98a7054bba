"""Meetings: which one is the last and which the next depends on the day; stores of before keep theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database
from store_samples import add_account

from research.errors import DossierError
from research.store.accounts import save_account
from research.store.connect import FILE_NAME, Store
from research.store.meetings import MeetingDay, forget_meeting, last_meeting, meetings_of, next_meeting, save_meetings
from research.store.schema import STEPS


def test_the_last_and_the_next_meeting_follow_the_day(store: Store) -> None:
    account = add_account(store)
    days = ("2026-01-31", "2026-03-02", "2028-02-29")
    save_meetings(store, "acme", [MeetingDay(day=day) for day in reversed(days)])
    save_account(store, account)
    assert [m.day for m in meetings_of(store, "acme")] == list(days)
    expected = {
        "2026-01-30": (None, "2026-01-31"),
        "2026-01-31": (None, "2026-01-31"),  # the brief of the day is made for that meeting
        "2026-02-01": ("2026-01-31", "2026-03-02"),
        "2028-02-29": ("2026-03-02", "2028-02-29"),
        "2036-03-01": ("2028-02-29", None),
    }
    for today, (last, coming) in expected.items():
        assert (last_meeting(store, "acme", today), next_meeting(store, "acme", today)) == (last, coming), today


def test_a_meeting_is_known_once_and_keeps_its_title(store: Store) -> None:
    add_account(store)
    save_meetings(store, "acme", [MeetingDay(day="2026-01-31", title="Quarterly review")])
    save_meetings(store, "acme", [MeetingDay(day="2026-01-31")])
    assert meetings_of(store, "acme") == (MeetingDay(day="2026-01-31", title="Quarterly review"),)
    assert forget_meeting(store, "acme", "2026-01-31")
    assert not forget_meeting(store, "acme", "2026-01-31")
    assert meetings_of(store, "acme") == ()


def test_a_day_or_an_account_that_there_is_not_is_refused(store: Store) -> None:
    add_account(store)
    with pytest.raises(DossierError, match="no account 'nobody'"):
        save_meetings(store, "nobody", [MeetingDay(day="2026-01-31")])
    with pytest.raises(ValueError, match="day"):
        save_meetings(store, "acme", [MeetingDay(day="2026-02-30")])


def test_the_last_meeting_of_an_older_store_is_kept(tmp_path: Path) -> None:
    db = Database(tmp_path / FILE_NAME)
    for step in STEPS:
        if step.__name__ == "m020_watch":
            break
        step(db)
    db["accounts"].insert({"id": "acme", "body": "{}", "last_meeting": "2026-01-31"})
    STEPS[[s.__name__ for s in STEPS].index("m020_watch")](db)
    assert list(db.query("SELECT account_id, day FROM meetings")) == [{"account_id": "acme", "day": "2026-01-31"}]
    db.close()
