"""Search in what is no page: accounts, findings and analysts' notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from research.model.account import Account
from research.model.judgement import Judgement
from research.store.connect import Store
from research.store.search import terms_of
from research.text.codec import loads

_ACCOUNTS: Final = """
SELECT a.body FROM account_words w JOIN accounts a ON a.rowid = w.rowid
WHERE account_words MATCH ? AND (? IS NULL OR a.id = ?) ORDER BY w.rank, a.id LIMIT ? OFFSET ?
"""
_FINDINGS: Final = """
SELECT f.id, f.account_id FROM finding_words w JOIN findings f ON f.seq = w.rowid
WHERE finding_words MATCH ? AND (? IS NULL OR f.account_id = ?)
ORDER BY f.lapsed_at IS NOT NULL, w.rank, f.seq LIMIT ? OFFSET ?
"""
_NOTES: Final = """
SELECT j.body FROM note_words w JOIN judgements j ON j.seq = w.rowid
WHERE note_words MATCH ? AND (? IS NULL OR j.account_id = ?) ORDER BY w.rank, j.seq LIMIT ? OFFSET ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found beside pages, best first: accounts, findings as (id, account id), and judgements by their
    words."""

    accounts: tuple[Account, ...]
    findings: tuple[tuple[str, str], ...]
    notes: tuple[Judgement, ...]


def search_words(store: Store, query: str, account_id: str | None = None, *, limit: int = 20, skip: int = 0) -> Found:
    """The accounts, findings and notes that hold all words of `query`; each list has at most `limit` after `skip`.

    Words, phrases and endings are written as in `research.store.search`.
    """
    terms = " ".join(terms_of(query))
    if not terms:
        return Found(accounts=(), findings=(), notes=())
    asked = (terms, account_id, account_id, limit, skip)
    return Found(
        accounts=tuple(loads(Account, body) for (body,) in store.rows(_ACCOUNTS, asked)),
        findings=tuple((finding_id, owner) for finding_id, owner in store.rows(_FINDINGS, asked)),
        notes=tuple(loads(Judgement, body) for (body,) in store.rows(_NOTES, asked)),
    )
