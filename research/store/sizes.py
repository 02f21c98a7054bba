"""How much the store holds."""

from __future__ import annotations

from typing import Final

from research.store.connect import Store

_COUNTS: Final = """
SELECT 'accounts', (SELECT count(*) FROM accounts) UNION ALL SELECT 'captures', (SELECT count(*) FROM captures)
UNION ALL SELECT 'documents', (SELECT count(*) FROM documents)
UNION ALL SELECT 'passages', (SELECT count(*) FROM passages)
UNION ALL SELECT 'findings', (SELECT count(*) FROM findings WHERE lapsed_at IS NULL)
UNION ALL SELECT 'judgements', (SELECT count(*) FROM judgements)
"""


def count_rows(store: Store) -> dict[str, int]:
    """The number of accounts, captures, documents, distinct passages, findings that hold, and judgements."""
    return {what: int(count) for what, count in store.rows(_COUNTS)}
