"""The days on which people meet an account; which of them is the last one depends on the day that it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from research.errors import DossierError
from research.store.accounts import load_account
from research.store.connect import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDay:
    """One meeting: `day` is an ISO date, `title` may be empty."""

    day: str
    title: str = ""


def save_meetings(store: Store, account_id: str, meetings: Iterable[MeetingDay]) -> None:
    """Add meetings with an account; one of a day that is known gets the title, if it has one."""
    if load_account(store, account_id) is None:
        raise DossierError(f"there is no account {account_id!r}")
    rows = [(account_id, date.fromisoformat(m.day).isoformat(), m.title) for m in meetings]
    sql = """INSERT INTO meetings (account_id, day, title) VALUES (?, ?, ?) ON CONFLICT (account_id, day)
      DO UPDATE SET title = CASE excluded.title WHEN '' THEN title ELSE excluded.title END"""
    store.write(sql, rows)


def forget_meeting(store: Store, account_id: str, day: str) -> bool:
    """Take a meeting out again; whether there was one."""
    known = store.row("SELECT 1 FROM meetings WHERE account_id = ? AND day = ?", (account_id, day)) is not None
    store.write("DELETE FROM meetings WHERE account_id = ? AND day = ?", [(account_id, day)])
    return known


def meetings_of(store: Store, account_id: str) -> tuple[MeetingDay, ...]:
    """Every meeting with an account, past and to come, in order."""
    rows = store.rows("SELECT day, title FROM meetings WHERE account_id = ? ORDER BY day", (account_id,))
    return tuple(MeetingDay(day=day, title=title) for day, title in rows)


def last_meeting(store: Store, account_id: str, today: str) -> str | None:
    """The latest day before `today`, since a brief of the day of a meeting is made for that meeting; else None."""
    sql = "SELECT max(day) FROM meetings WHERE account_id = ? AND day < ?"
    row = store.row(sql, (account_id, today[:10]))
    return row[0] if row else None


def next_meeting(store: Store, account_id: str, today: str) -> str | None:
    """The first day from `today` on, or None."""
    sql = "SELECT min(day) FROM meetings WHERE account_id = ? AND day >= ?"
    row = store.row(sql, (account_id, today[:10]))
    return row[0] if row else None
