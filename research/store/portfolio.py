"""How every account stands, in a few queries over all of them: a portfolio of hundreds is one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from research.model.account import Account
from research.model.draft import Coverage
from research.model.finding import Conflict
from research.store.accounts import list_accounts
from research.store.captures import moment
from research.store.connect import Store
from research.text.codec import loads

_DOCUMENTS: Final = "SELECT account_id, count(DISTINCT document_id), max(moment) FROM current_documents GROUP BY 1"
_FINDINGS: Final = "SELECT account_id, sum(lapsed_at IS NULL), sum(lapsed_at IS NOT NULL) FROM findings GROUP BY 1"
_RUNS: Final = """
SELECT s.account_id, max(r.started) FROM skip_lists s JOIN run_reports r ON r.id = s.run_id GROUP BY 1
"""
# What the first reading found is no change.
_CHANGES: Final = """
SELECT count(*) FROM finding_events WHERE account_id = ? AND moment >= ?
AND moment > (SELECT min(moment) FROM finding_events WHERE account_id = ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One account's figures; `pages_of` is the moment of its newest page, `read` when its sources were last read."""

    account: Account
    documents: int
    findings: int
    lapsed: int
    pages_of: str | None
    read: str | None
    coverage: tuple[Coverage, ...]
    conflicts: tuple[Conflict, ...]
    drafted: bool


def standings(store: Store) -> tuple[Standing, ...]:
    """Every account, by id."""
    documents = {row[0]: row[1:] for row in store.rows(_DOCUMENTS)}
    findings = {row[0]: row[1:] for row in store.rows(_FINDINGS)}
    runs: dict[str, str] = dict(store.rows(_RUNS))
    coverage, conflicts = _drafts(store, "coverage"), _drafts(store, "conflicts")
    drafted = {account_id for (account_id,) in store.rows("SELECT account_id FROM drafts WHERE part = 'sections'")}
    return tuple(
        Standing(
            account=account,
            documents=documents.get(account.id, (0,))[0],
            pages_of=documents.get(account.id, (0, None))[1],
            findings=findings.get(account.id, (0, 0))[0],
            lapsed=findings.get(account.id, (0, 0))[1],
            read=runs.get(account.id),
            coverage=loads(tuple[Coverage, ...], coverage.get(account.id, "[]")),
            conflicts=loads(tuple[Conflict, ...], conflicts.get(account.id, "[]")),
            drafted=account.id in drafted,
        )
        for account in list_accounts(store)
    )


def count_changes(store: Store, account_id: str, since: str) -> int:
    """How many changes of an account's findings there were at or after `since`, those of its first reading apart."""
    return int((store.row(_CHANGES, (account_id, moment(since), account_id)) or (0,))[0])


def finding_ids(store: Store) -> Mapping[str, frozenset[str]]:
    """The ids of each account's findings that some page still shows."""
    found: dict[str, set[str]] = {}
    for account_id, finding_id in store.rows("SELECT account_id, id FROM findings WHERE lapsed_at IS NULL"):
        found.setdefault(account_id, set()).add(finding_id)
    return {account_id: frozenset(ids) for account_id, ids in found.items()}


def _drafts(store: Store, part: str) -> dict[str, str]:
    return dict(store.rows("SELECT account_id, body FROM drafts WHERE part = ?", (part,)))
