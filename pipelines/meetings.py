"""The meetings with an account: noted by hand, from a calendar file, and listed with the last and the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from pipelines.own import meetings_in
from research.errors import UsageError
from research.store.meetings import (
    MeetingDay,
    forget_meeting,
    last_meeting,
    meetings_of,
    next_meeting,
    save_meetings,
)


def note_meetings(
    workspace: Workspace,
    text: str,
    days: Sequence[str],
    *,
    ics: Path | None = None,
    title: str = "",
    remove: bool = False,
) -> tuple[str, ...]:
    """Note or take out the meetings that are given, and give all that are known, one a line; UsageError for a day that
    there is not, or that cannot be taken out."""
    account = require_account(workspace, text)
    wanted = [MeetingDay(day=_day(day), title=title) for day in days]
    wanted += meetings_in(ics, account) if ics else ()
    if ics and not wanted:
        raise UsageError(
            f"{ics}: holds no meeting with {account.name}: its title, notes or guests must name the account"
        )
    if not remove:
        save_meetings(workspace.store, account.id, wanted)
    elif unknown := [m.day for m in wanted if not forget_meeting(workspace.store, account.id, m.day)]:
        raise UsageError(f"no meeting with {account.name} is known on {unknown[0]}")
    return _lines(workspace, account.id)


def _lines(workspace: Workspace, account_id: str) -> tuple[str, ...]:
    last = last_meeting(workspace.store, account_id, workspace.today)
    coming = next_meeting(workspace.store, account_id, workspace.today)
    marks = {last: "last", coming: "next"}
    known = meetings_of(workspace.store, account_id)
    return tuple("\t".join(filter(None, (m.day, marks.get(m.day, ""), m.title))) for m in known)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it like 2026-01-31") from None
