"""The words of findings, analysts' notes and accounts in their full-text indexes.

No triggers: a schema that is not trusted (`trusted_schema = OFF`) may not reach FTS5 from one, so what writes these
tables calls `index_words` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from research.store.connect import Store
from research.store.words_schema import INDEX_ACCOUNTS, INDEX_FINDINGS, INDEX_NOTES

_OF: Final = {"finding": INDEX_FINDINGS, "note": INDEX_NOTES, "account": INDEX_ACCOUNTS}


def index_words(store: Store, kind: Literal["finding", "note", "account"], ids: Iterable[str]) -> None:
    """Put the present words of these findings, judgements or accounts into the index."""
    store.write(f"{_OF[kind]} WHERE id = ?", [(each,) for each in ids])
