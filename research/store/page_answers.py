"""What the classifier of sentences answered to the page that was read last at an address."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Final

from research.store.connect import Store

_PUT: Final = """
INSERT OR REPLACE INTO page_answers (account_id, url, fingerprint, body) VALUES (?, ?, ?, ?)
"""
_GET: Final = "SELECT body FROM page_answers WHERE account_id = ? AND url = ? AND fingerprint = ?"

# json_each: any number of values in one parameter
_FORGET: Final = """
DELETE FROM page_answers WHERE account_id = ? AND url NOT IN (SELECT value FROM json_each(?))
"""


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


def forget_answers(store: Store, account_id: str, urls: Iterable[str]) -> None:
    """Take away what is kept of an account's pages at other addresses than these."""
    store.write(_FORGET, [(account_id, json.dumps(list(urls)))])
