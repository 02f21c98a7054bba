"""Full-text search over the passages of the current documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from research.store.connect import Row, Store
from research.store.documents import unpack_text

MAX_TERMS: Final = 32  # more words than anybody types; keeps a pasted page from becoming one huge query
SNIPPET: Final = 240  # code points around the first hit, about three lines
_TERM: Final = re.compile(r'"([^"]*)"|(\S+)')
_WORD: Final = re.compile(r"[^\W_]+\*?")
# A passage that stands on forty pages is one hit of each account: on the page that was seen first.
_FIND: Final = """
SELECT d.id, d.account_id, json_extract(d.body, '$.url'), json_extract(d.body, '$.title'),
  p.start, p.stop, d.text_sha256, min(c.place), m.rank
FROM (SELECT rowid, rank FROM passage_index WHERE passage_index MATCH ?) m
JOIN document_passages p ON p.passage_id = m.rowid
JOIN documents d ON d.seq = p.document_seq
JOIN current_documents c ON c.document_id = d.id
WHERE ? IS NULL OR d.account_id = ?
GROUP BY d.account_id, m.rowid ORDER BY m.rank, d.account_id, m.rowid LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found: `start:end` in the document's text, and a `snippet` around the first word."""

    document_id: str
    account_id: str
    url: str
    title: str
    start: int
    end: int
    snippet: str


def search(store: Store, query: str, account_id: str | None = None, limit: int = 20) -> tuple[Hit, ...]:
    """The passages that hold all words of `query`, best first, of one account or of all.

    "Words in double quotes" stand together, a `*` at the end of a word is any ending; everything else is a word or is
    ignored, so that no query is wrong. Words are compared without case, accents and English endings.
    """
    terms = terms_of(query)
    if not terms:
        return ()
    rows = store.rows(_FIND, (" ".join(terms), account_id, account_id, limit))
    return tuple(_hit(store, row, _WORD.findall(query)) for row in rows)


def terms_of(query: str) -> list[str]:
    """The query in FTS5's own language, every word quoted."""
    terms: list[str] = []
    for phrase, word in _TERM.findall(query):
        words = _WORD.findall(phrase or word)
        if phrase and words:
            terms.append('"' + " ".join(part.rstrip("*") for part in words) + '"')
        else:
            terms.extend(f'"{part.rstrip("*")}"{"*" if part.endswith("*") else ""}' for part in words)
    return terms[:MAX_TERMS]


def _hit(store: Store, row: Row, words: list[str]) -> Hit:
    document_id, account_id, url, title, start, stop, text_sha256 = row[:7]
    (data,) = store.row("SELECT data FROM texts WHERE sha256 = ?", (text_sha256,)) or (b"",)
    passage = unpack_text(text_sha256, data)[start:stop]
    snippet = cut_around(passage, words)
    return Hit(
        document_id=document_id, account_id=account_id, url=url, title=title, start=start, end=stop, snippet=snippet
    )


def cut_around(passage: str, words: list[str]) -> str:
    """At most SNIPPET code points of a text around the first of `words`."""
    if len(passage) <= SNIPPET:
        return passage
    lower = passage.lower()
    stems = [word.rstrip("*").lower()[:5] for word in words]  # the index knows endings that the passage may not have
    first = min((at for at in map(lower.find, stems) if at >= 0), default=0)
    start = max(0, min(first - SNIPPET // 3, len(passage) - SNIPPET))
    end = min(len(passage), start + SNIPPET)
    return ("…" if start else "") + passage[start:end].strip() + ("…" if end < len(passage) else "")
