"""The rows of the portfolio: how fresh, how covered, how reviewed each account is, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pipelines.bootstrap import Workspace
from research.model.judgement import Judgement
from research.review.judgements import effective
from research.store.accounts import last_meeting
from research.store.judgements import all_judgements
from research.store.portfolio import Standing, count_changes, finding_ids, standings

RECENT_DAYS: Final = 30  # changes are counted since the last meeting, or over a month where there was none
STALE_DAYS: Final = 30  # a reading older than a month is marked
_DECIDED: Final = frozenset({"accept", "edit", "reject"})
FILLED: Final = frozenset({"filled", "conflicting"})

COLUMNS: Final = {
    "name": "Account",
    "read": "Last read",
    "coverage": "Coverage",
    "open": "To review",
    "conflicts": "Conflicts",
    "changes": "Changes",
    "meeting": "Next meeting",
}
"""The columns that the portfolio may be sorted by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account of the portfolio; dates are ISO days, empty where there is none."""

    id: str
    name: str
    domains: str
    segment: str
    drafted: bool
    read: str
    days: int | None
    pages_of: str
    documents: int
    findings: int
    filled: int
    fields: int
    open: int
    conflicts: int
    changes: int
    since: str
    since_meeting: bool
    next_meeting: str
    last_meeting: str

    @property
    def stale(self) -> bool:
        """Whether the last reading is too old to go to a meeting with."""
        return self.days is not None and self.days > STALE_DAYS


def portfolio(workspace: Workspace) -> list[AccountRow]:
    """A row an account."""
    store, today = workspace.store, workspace.today
    known = finding_ids(store)
    decided = _decided(all_judgements(store))
    return [_row(one, known.get(one.account.id, frozenset()) - decided, workspace, today) for one in standings(store)]


def ordered(rows: Sequence[AccountRow], column: str, *, descending: bool) -> list[AccountRow]:
    """The rows by a column of COLUMNS; what has no date stands last either way, equal rows by name."""
    keys: Mapping[str, Any] = {
        "name": lambda r: r.name.casefold(),
        "read": lambda r: r.read,
        "coverage": lambda r: r.filled / max(1, r.fields),
        "open": lambda r: r.open,
        "conflicts": lambda r: r.conflicts,
        "changes": lambda r: r.changes,
        "meeting": lambda r: r.next_meeting,
    }
    key = keys[column]
    by_name = sorted(rows, key=lambda r: (r.name.casefold(), r.id))
    there = [r for r in by_name if key(r) != ""]
    return [*sorted(there, key=key, reverse=descending), *(r for r in by_name if key(r) == "")]


def meetings(workspace: Workspace, account_id: str) -> tuple[str, str]:
    """The days of the last meeting with an account and of the next one (today counts as the next), empty where none is
    known."""
    known = last_meeting(workspace.store, account_id) or ""
    return (known, "") if known < workspace.today else ("", known)


def since_when(workspace: Workspace, account_id: str) -> str:
    """The day since which changes matter: of the last meeting, or RECENT_DAYS ago."""
    last, _ = meetings(workspace, account_id)
    return last or (date.fromisoformat(workspace.today) - timedelta(days=RECENT_DAYS)).isoformat()


def _decided(judgements: Sequence[Judgement]) -> frozenset[str]:
    """The findings on which somebody's decision stands; what was merged into another one needs none of its own."""
    found: set[str] = set()
    for judgement in effective(judgements):
        if judgement.target_kind == "finding" and judgement.verdict in _DECIDED:
            found.update(judgement.target_ids)
        elif judgement.verdict == "merge":
            found.update(judgement.target_ids[1:])
    return frozenset(found)


def _row(one: Standing, undecided: frozenset[str], workspace: Workspace, today: str) -> AccountRow:
    last, coming = meetings(workspace, one.account.id)
    since = since_when(workspace, one.account.id)
    return AccountRow(
        id=one.account.id,
        name=one.account.name,
        domains=", ".join(one.account.domains),
        segment=one.account.segment or "",
        drafted=one.drafted,
        read=(one.read or "")[:10],
        days=_days(one.read, today),
        pages_of=(one.pages_of or "")[:10],
        documents=one.documents,
        findings=one.findings,
        filled=sum(c.state in FILLED for c in one.coverage),
        fields=len(one.coverage),
        open=len(undecided),
        conflicts=sum(c.kind == "genuine" for c in one.conflicts),
        changes=count_changes(workspace.store, one.account.id, since),
        since=since,
        since_meeting=bool(last),
        next_meeting=coming,
        last_meeting=last,
    )


def _days(moment: str | None, today: str) -> int | None:
    return (date.fromisoformat(today) - date.fromisoformat(moment[:10])).days if moment else None
