"""How the visits of each source kind of an account went, and how fresh what they gave is: what schedules rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from research.model.draft import SourceState
from research.store.connect import Store

_FAILED: Final = frozenset({"blocked", "down"})
_PAGES: Final = frozenset({"site", "warc", "file", "folder"})
_NOTE: Final = """
INSERT INTO visits (account_id, kind, tried, succeeded, failures, requests) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (account_id, kind) DO UPDATE SET tried = excluded.tried,
  succeeded = coalesce(excluded.succeeded, succeeded),
  failures = CASE excluded.failures WHEN 0 THEN 0 ELSE failures + 1 END,
  requests = CASE excluded.requests WHEN 0 THEN requests ELSE excluded.requests END
"""
# When the pages that show a finding were last seen: an unchanged page moves this and nothing else.
_FRESH: Final = """
SELECT e.finding_id, max(s.last_seen) FROM evidence e
JOIN extractions x ON x.document_id = e.document_id JOIN captures c ON c.page_key = x.page_key
JOIN sightings s ON s.capture_id = c.id
WHERE e.account_id = ? GROUP BY e.finding_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last visit of one kind: `failures` counts those in a row, `requests` is what it cost when it last gave
    something."""

    kind: str
    tried: str
    succeeded: str | None
    failures: int
    requests: int


def note_visits(store: Store, account_id: str, states: Sequence[SourceState], now: str) -> None:
    """Note how an account's sources went in a run; a kind with several sources went well where one of them did."""
    went: dict[str, tuple[bool, int]] = {}
    for state in states:
        good, answers = went.get(state.kind, (False, 0))
        went[state.kind] = (good or _well(state), answers + state.answers)
    rows = [(account_id, k, now, now if good else None, 0 if good else 1, n) for k, (good, n) in went.items()]
    store.write(_NOTE, rows)


def note_begun(store: Store, account_id: str, kinds: Iterable[str], now: str) -> None:
    """Note that a visit of these kinds begins: one that is broken off is no visit, whatever pages it had read."""
    sql = """INSERT INTO visits (account_id, kind, tried, succeeded, failures, requests) VALUES (?, ?, ?, NULL, 0, 0)
      ON CONFLICT (account_id, kind) DO UPDATE SET tried = excluded.tried"""
    store.write(sql, [(account_id, kind, now) for kind in dict.fromkeys(kinds)])


def note_failure(store: Store, account_id: str, kinds: Iterable[str], now: str) -> None:
    """Note that a run could read nothing of these kinds."""
    store.write(_NOTE, [(account_id, kind, now, None, 1, 0) for kind in dict.fromkeys(kinds)])


def visits_of(store: Store, account_id: str) -> dict[str, Visit]:
    """The last visit of each kind of an account."""
    sql = "SELECT kind, tried, succeeded, failures, requests FROM visits WHERE account_id = ? ORDER BY kind"
    return {
        row[0]: Visit(kind=row[0], tried=row[1], succeeded=row[2], failures=row[3], requests=row[4])
        for row in store.rows(sql, (account_id,))
    }


def last_confirmed(store: Store, account_id: str) -> dict[str, str]:
    """By finding, when some page that shows it was last seen."""
    return dict(store.rows(_FRESH, (account_id,)))


def _well(state: SourceState) -> bool:
    """Whether a source was there: a register may have nothing of an account, a site or file without a page was away."""
    return state.state not in _FAILED and not (state.kind in _PAGES and state.state == "nothing")
