"""One finding's past and one document's quotes, without reading the account's other findings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.model.finding import Finding
from research.store.connect import Store
from research.text.codec import loads

_PAST: Final = """
SELECT finding_id, at, change, before FROM finding_events WHERE finding_id IN (SELECT value FROM json_each(?))
ORDER BY seq DESC LIMIT ?
"""
_SPANS: Final = """
SELECT e.start, e.stop FROM evidence e JOIN findings f ON f.id = e.finding_id
WHERE e.document_id = ? AND f.lapsed_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """One change of a finding, and the finding as it was just before (None: it was not there)."""

    finding_id: str
    at: str
    change: str
    before: Finding | None


def past_of(store: Store, finding_ids: Sequence[str], limit: int = 50) -> tuple[PastEvent, ...]:
    """What happened to these findings, the latest first."""
    rows = store.rows(_PAST, (json.dumps(list(finding_ids)), limit))
    return tuple(
        PastEvent(finding_id=row[0], at=row[1], change=row[2], before=loads(Finding, row[3]) if row[3] else None)
        for row in rows
    )


def quoted_spans(store: Store, document_id: str) -> tuple[tuple[int, int], ...]:
    """Where the quotes of an account's present findings stand in one document."""
    return tuple((start, stop) for start, stop in store.rows(_SPANS, (document_id,)))
