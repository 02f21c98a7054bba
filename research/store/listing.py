"""An account's documents as a list shows them: without their texts and passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from research.store.connect import Store

_LIST: Final = """
SELECT d.id, json_extract(d.body, '$.title'), json_extract(d.body, '$.url'), json_extract(d.body, '$.page_type'),
  json_extract(d.body, '$.published'), max(s.last_seen),
  (SELECT count(*) FROM evidence e WHERE e.document_id = d.id) AS quotes
FROM current_documents c JOIN documents d ON d.id = c.document_id JOIN sightings s ON s.rowid = c.place
WHERE c.account_id = ? GROUP BY d.id ORDER BY quotes DESC, d.seq LIMIT ? OFFSET ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One current document, when its source last gave it, and how many quotes of findings stand in it."""

    id: str
    title: str
    url: str
    page_type: str
    published: str | None
    seen: str
    quotes: int


def list_documents(store: Store, account_id: str, limit: int, skip: int = 0) -> tuple[Listed, ...]:
    """An account's current documents, those with most quotes first."""
    return tuple(
        Listed(
            id=row[0],
            title=row[1] or row[2],
            url=row[2],
            page_type=row[3],
            published=row[4],
            seen=row[5],
            quotes=row[6],
        )
        for row in store.rows(_LIST, (account_id, limit, skip))
    )
