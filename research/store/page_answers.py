"""What the classifier of sentences answered to the page that was read last at an address."""

from __future__ import annotations

import zlib
from typing import Final

from research.store.connect import Store

_PUT: Final = """
INSERT OR REPLACE INTO page_answers (account_id, url, fingerprint, body) VALUES (?, ?, ?, ?)
"""
_GET: Final = "SELECT body FROM page_answers WHERE account_id = ? AND url = ? AND fingerprint = ?"


def load_answers(store: Store, account_id: str, url: str, fingerprint: str) -> str | None:
    """The JSON that a classifier of `fingerprint` gave of the page; None where there is none, or what is there is
    damaged: sentences can be asked anew."""
    row = store.row(_GET, (account_id, url, fingerprint))
    try:
        return zlib.decompress(row[0]).decode() if row else None
    except (zlib.error, UnicodeDecodeError):
        return None


def keep_answers(store: Store, account_id: str, url: str, fingerprint: str, answers: str) -> None:
    """Keep the JSON of a page in the place of the former one, so that there is no more than one an address."""
    store.write(_PUT, [(account_id, url, fingerprint, zlib.compress(answers.encode()))])
