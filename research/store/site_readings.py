"""What parsers found in a site's pages, sitemaps and feeds, so that what has not changed is not parsed again."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from research.store.connect import Store


def load_readings(store: Store, source_id: str) -> dict[str, str]:
    """By key the JSON of everything that is kept of a source; what is damaged is left out and can be read anew."""
    rows = store.rows("SELECT key, body FROM site_readings WHERE source_id = ?", (source_id,))
    return {key: text for key, body in rows if (text := _unpacked(body)) is not None}


def keep_readings(store: Store, source_id: str, new: Iterable[tuple[str, str]], gone: Iterable[str]) -> None:
    """Add `(key, JSON)` pairs to what is kept of a source, and take away the keys that are `gone`."""
    packed = [(source_id, key, zlib.compress(text.encode())) for key, text in new]
    taken = [(source_id, key) for key in gone]
    if not packed and not taken:
        return
    with store.transaction():
        store.write("DELETE FROM site_readings WHERE source_id = ? AND key = ?", taken)
        store.write("INSERT OR REPLACE INTO site_readings (source_id, key, body) VALUES (?, ?, ?)", packed)


def _unpacked(body: bytes) -> str | None:
    try:
        return zlib.decompress(body).decode()
    except (zlib.error, UnicodeDecodeError):
        return None
