"""How each source went: the last success, the last failure with its reason, and what it gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.model.draft import SourceState
from research.store.connect import Store

_GOOD: Final = frozenset({"read", "unchanged"})
_BAD: Final = frozenset({"blocked", "down", "nothing"})
_SAVE: Final = """
INSERT INTO source_health (account_id, kind, last_success, last_failure, failure, answers) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (account_id, kind) DO UPDATE SET
  last_success = coalesce(excluded.last_success, last_success),
  last_failure = coalesce(excluded.last_failure, last_failure),
  failure = coalesce(excluded.failure, failure), answers = answers + excluded.answers
"""
_SUM: Final = """
SELECT h.kind, max(h.last_success), max(h.last_failure),
  (SELECT l.failure FROM source_health l WHERE l.kind = h.kind AND l.last_failure IS NOT NULL
   ORDER BY l.last_failure DESC LIMIT 1), sum(h.answers), count(*)
FROM source_health h GROUP BY h.kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A kind over all accounts; dates are ISO date-times or None, `answers` a sum over all runs."""

    kind: str
    last_success: str | None
    last_failure: str | None
    failure: str | None
    answers: int
    accounts: int


def save_health(store: Store, account_id: str, states: Sequence[SourceState], now: str) -> None:
    """Note how an account's sources went in a run."""
    rows = [
        (
            account_id,
            state.kind,
            now if state.state in _GOOD else None,
            now if state.state in _BAD else None,
            (state.reason or state.state) if state.state in _BAD else None,
            state.answers,
        )
        for state in states
    ]
    store.write(_SAVE, rows)


def health_of(store: Store) -> dict[str, Health]:
    """The health of every kind that was ever asked."""
    return {
        row[0]: Health(
            kind=row[0], last_success=row[1], last_failure=row[2], failure=row[3], answers=row[4], accounts=row[5]
        )
        for row in store.rows(_SUM)
    }


def health_of_account(store: Store, account_id: str) -> dict[str, Health]:
    """The health of every kind that was ever asked about one account."""
    sql = """SELECT kind, last_success, last_failure, failure, answers FROM source_health WHERE account_id = ?
    ORDER BY kind"""
    return {
        row[0]: Health(
            kind=row[0], last_success=row[1], last_failure=row[2], failure=row[3], answers=row[4], accounts=1
        )
        for row in store.rows(sql, (account_id,))
    }
