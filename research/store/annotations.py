"""What the language model saw in a passage, by the passage's own words: read once, whatever pages it stands on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from research.store.connect import Store

_GET: Final = """
SELECT key, body FROM annotations WHERE fingerprint_id = (SELECT id FROM fingerprints WHERE value = ?)
AND key IN (SELECT value FROM json_each(?))
"""
_PUT: Final = """
INSERT OR REPLACE INTO annotations (fingerprint_id, key, body)
VALUES ((SELECT id FROM fingerprints WHERE value = ?), ?, ?)
"""


def get_many(store: Store, keys: Sequence[str], fingerprint: str) -> dict[str, str]:
    """The stored JSON of those of `keys` (sha256 of a passage's words) that an annotator of `fingerprint` has read."""
    return dict(store.rows(_GET, (fingerprint, json.dumps(list(keys)))))


def put_many(store: Store, rows: Iterable[tuple[str, str]], fingerprint: str) -> None:
    """Keep `(key, JSON)` pairs in one transaction."""
    with store.transaction():
        store.write("INSERT OR IGNORE INTO fingerprints (value) VALUES (?)", [(fingerprint,)])
        store.write(_PUT, [(fingerprint, key, body) for key, body in rows])
