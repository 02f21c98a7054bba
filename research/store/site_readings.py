"""What parsers found in a site's pages, sitemaps and feeds, so that what has not changed is not parsed again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable
from typing import Final

from research.store.connect import Store

_GET: Final = "SELECT body FROM site_readings WHERE source_id = ? AND key = ?"
_PUT: Final = "INSERT OR REPLACE INTO site_readings (source_id, key, body) VALUES (?, ?, ?)"
# json_each: any number of values in one parameter
_FORGET: Final = """
DELETE FROM site_readings WHERE source_id = ? AND key NOT IN (SELECT value FROM json_each(?))
"""


def load_reading(store: Store, source_id: str, key: str) -> str | None:
    """The JSON that is kept of a source under `key`; None where there is none, or what is there is damaged: it can be
    read anew."""
    row = store.row(_GET, (source_id, key))
    try:
        return zlib.decompress(row[0]).decode() if row else None
    except (zlib.error, UnicodeDecodeError):
        return None


def keep_readings(store: Store, source_id: str, new: Iterable[tuple[str, str]]) -> None:
    """Add `(key, JSON)` pairs to what is kept of a source."""
    store.write(_PUT, [(source_id, key, zlib.compress(text.encode())) for key, text in new])


def forget_readings(store: Store, source_id: str, used: Collection[str]) -> None:
    """Take away what is kept of a source under other keys than these."""
    store.write(_FORGET, [(source_id, json.dumps(list(used)))])
