"""Extracted documents: each text is kept once, each passage is indexed once, and no body is extracted twice."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, cast

from research.errors import DossierError
from research.model.capture import Capture, Skipped
from research.model.document import Document, Passage, Role
from research.store.captures import page_key
from research.store.connect import Row, Store
from research.store.seals import LENGTH, require_seal, seal_of
from research.text.codec import dumps, loads
from research.text.hashing import sha256_text

_SAVE: Final = """
INSERT INTO documents (id, account_id, capture_id, text_sha256, body, seal) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET capture_id = excluded.capture_id, text_sha256 = excluded.text_sha256,
  body = excluded.body, seal = excluded.seal
"""
_SAVE_PASSAGE: Final = """
INSERT INTO document_passages (document_seq, ordinal, start, stop, role, main, heading_path, passage_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_NOTE: Final = """
INSERT OR REPLACE INTO extractions (page_key, account_id, fingerprint, document_id, reason) VALUES (?, ?, ?, ?, ?)
"""
# One document may stand behind several addresses; the newest of its captures speaks for it.
_CURRENT: Final = """
SELECT document_id, capture_id FROM current_documents WHERE account_id = ? ORDER BY place, moment DESC
"""
_LOAD: Final = """
SELECT d.seq, d.id, d.capture_id, d.body, t.sha256, t.data, d.seal
FROM documents d JOIN texts t ON t.sha256 = d.text_sha256
"""
_PASSAGES: Final = """
SELECT document_seq, ordinal, start, stop, role, main, heading_path FROM document_passages
WHERE document_seq IN (SELECT value FROM json_each(?)) ORDER BY document_seq, ordinal
"""
# json_each: any number of values in one parameter
_AMONG_IDS: Final = "WHERE d.id IN (SELECT value FROM json_each(?))"
_KNOWN_TEXTS: Final = "SELECT sha256 FROM texts WHERE sha256 IN (SELECT value FROM json_each(?))"
_KNOWN_PASSAGES: Final = "SELECT sha256, id FROM passages WHERE sha256 IN (SELECT value FROM json_each(?))"
_NUMBERS: Final = "SELECT id, seq FROM documents WHERE id IN (SELECT value FROM json_each(?))"
_EXTRACTED: Final = """
SELECT page_key, document_id, reason FROM extractions
WHERE fingerprint = ? AND page_key IN (SELECT value FROM json_each(?))
"""


def save_document(store: Store, document: Document) -> None:
    """Keep a document with its text and passages, in the place of an earlier reading of the same text there."""
    save_documents(store, (document,))


def save_documents(store: Store, documents: Iterable[Document]) -> None:
    """As `save_document`, for many in one transaction."""
    documents = tuple({document.id: document for document in documents}.values())
    for document in documents:
        _check(document)
    with store.transaction():
        _save_texts(store, documents)
        store.write(_SAVE, [_row(document) for document in documents])
        _save_passages(store, documents)


def record_extraction(
    store: Store, capture: Capture, account_id: str, fingerprint: str, outcome: Document | Skipped
) -> None:
    """Keep what the extractor of `fingerprint` made of a capture: its document, or the reason why there is none."""
    with store.transaction():
        if isinstance(outcome, Document):
            save_document(store, outcome)
        made = (outcome.id, None) if isinstance(outcome, Document) else (None, outcome.reason)
        key = page_key(account_id, capture.final_url, capture.body_sha256)
        store.write(_NOTE, [(key, account_id, fingerprint, *made)])


def document_for(store: Store, capture: Capture, account_id: str, fingerprint: str) -> Document | Skipped | None:
    """What the extractor of `fingerprint` made of this body at this address, or None where it has not read it yet."""
    found = extracted(store, (capture,), account_id, fingerprint).get(capture.id)
    return load_document(store, found) if isinstance(found, str) else found


def extracted(store: Store, captures: Sequence[Capture], account_id: str, fingerprint: str) -> dict[str, str | Skipped]:
    """By capture id, the id of its document or why there is none; what is missing is still to be extracted."""
    keys = {capture.id: page_key(account_id, capture.final_url, capture.body_sha256) for capture in captures}
    rows = store.rows(_EXTRACTED, (fingerprint, json.dumps(list(keys.values()))))
    made = {key: (document_id, reason) for key, document_id, reason in rows}
    outcomes: dict[str, str | Skipped] = {}
    for capture in captures:
        document_id, reason = made.get(keys[capture.id], (None, None))
        if document_id is not None:
            outcomes[capture.id] = document_id
        elif reason is not None:
            outcomes[capture.id] = Skipped(url=capture.url, reason=reason)
    return outcomes


def load_document(store: Store, document_id: str) -> Document | None:
    """The document with this id, or None."""
    return next(iter(load_documents(store, (document_id,))), None)


def load_documents(store: Store, document_ids: Sequence[str], *, with_passages: bool = True) -> tuple[Document, ...]:
    """The documents with these ids, in this order; unknown ids are left out. What only slices texts does without the
    passages, which cost four times as much to read as all the rest."""
    rows = store.rows(_LOAD + _AMONG_IDS, (json.dumps(list(document_ids)),))
    passages = _load_passages(store, [row[0] for row in rows]) if with_passages else {}
    found = {row[1]: _document(row, passages.get(row[0], ()) if with_passages else None) for row in rows}
    return tuple(found[document_id] for document_id in document_ids if document_id in found)


def documents_of(
    store: Store, account_id: str, *, current_only: bool = True, with_passages: bool = True
) -> tuple[Document, ...]:
    """An account's documents: those of the latest capture of each address, whose `capture_id` is that capture's, in
    the order of the first sight; or every one that was ever kept, in the order of saving."""
    if current_only:
        captures = current_document_ids(store, account_id)
        found = load_documents(store, tuple(captures), with_passages=with_passages)
        return tuple(replace(document, capture_id=captures[document.id]) for document in found)
    rows = store.rows("SELECT id FROM documents WHERE account_id = ? ORDER BY seq", (account_id,))
    return load_documents(store, [document_id for (document_id,) in rows], with_passages=with_passages)


def addresses_of(store: Store, account_id: str) -> dict[str, str]:
    """The address of each document that was ever kept of an account."""
    return dict(store.rows("SELECT id, json_extract(body, '$.url') FROM documents WHERE account_id = ?", (account_id,)))


def current_document_ids(store: Store, account_id: str) -> dict[str, str]:
    """The ids of an account's current documents, each with the id of the capture that it was last read from."""
    newest: dict[str, str] = {}
    for document_id, capture_id in store.rows(_CURRENT, (account_id,)):
        newest.setdefault(document_id, capture_id)
    return newest


def quote(store: Store, document_id: str, start: int, end: int) -> str | None:
    """`text[start:end]` of a stored document, or None where the document is unknown or the span leaves the text."""
    row = store.row(f"{_LOAD} WHERE d.id = ?", (document_id,))
    if row is None:
        return None
    text = unpack_text(row[4], row[5])
    return text[start:end] if 0 <= start < end <= len(text) else None


def unpack_text(sha256: str, data: bytes) -> str:
    """A stored text; DossierError where it is no longer what was stored."""
    try:
        text = zlib.decompress(data).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError):
        text = ""
    if sha256_text(text) != sha256:
        raise DossierError(f"the stored text {sha256[:12]} is damaged: put a backup of the store in its place")
    return text


def _check(document: Document) -> None:
    if sha256_text(document.text) != document.text_sha256:
        raise DossierError(f"{document.url}: the extracted text does not have the checksum that it claims")
    end = 0
    for place, passage in enumerate(document.passages):
        if passage.ordinal != place or not end <= passage.start <= passage.end <= len(document.text):
            raise DossierError(f"{document.url}: passage {place} leaves the text or overlaps the one before")
        end = passage.end


def _row(document: Document) -> Row:
    body = dumps(replace(document, text="", passages=()))  # both lie in tables of their own
    # one of the document and one of its passages, which are not always read
    seal = seal_of(document.id, document.capture_id, body, document.text_sha256)
    seal += seal_of(*map(_place, document.passages))
    return (document.id, document.account_id, document.capture_id, document.text_sha256, body, seal)


def _place(passage: Passage) -> Row:
    """What is stored of a passage: its words stand in the document's text."""
    path = tuple(passage.heading_path)
    return (passage.ordinal, passage.start, passage.end, str(passage.role), bool(passage.main), path)


def _save_texts(store: Store, documents: Sequence[Document]) -> None:
    texts = {document.text_sha256: document.text for document in documents}
    known = store.rows(_KNOWN_TEXTS, (json.dumps(list(texts)),))
    new = texts.keys() - {sha256 for (sha256,) in known}
    packed = (
        (sha256, zlib.compress(text.encode("utf-8", "surrogatepass")))
        for sha256, text in texts.items()
        if sha256 in new
    )
    store.write("INSERT INTO texts (sha256, data) VALUES (?, ?)", packed)


def _save_passages(store: Store, documents: Sequence[Document]) -> None:
    numbers = _sequence_numbers(store, [document.id for document in documents])
    words = {sha256_text(text): text for d in documents for text in (p.of(d.text) for p in d.passages)}
    ids = _index(store, words)
    store.write("DELETE FROM document_passages WHERE document_seq = ?", [(number,) for number in numbers.values()])
    store.write(
        _SAVE_PASSAGE,
        [
            (
                numbers[d.id],
                p.ordinal,
                p.start,
                p.end,
                p.role,
                p.main,
                dumps(p.heading_path),
                ids[sha256_text(p.of(d.text))],
            )
            for d in documents
            for p in d.passages
        ],
    )


def _sequence_numbers(store: Store, document_ids: Sequence[str]) -> dict[str, int]:
    return dict(store.rows(_NUMBERS, (json.dumps(list(document_ids)),)))


def _index(store: Store, words: dict[str, str]) -> dict[str, int]:
    """The row ids of passages by their sha256; those that the store has not seen yet enter the search index."""
    ids: dict[str, int] = dict(store.rows(_KNOWN_PASSAGES, (json.dumps(list(words)),)))
    (last,) = store.row("SELECT coalesce(max(id), 0) FROM passages") or (0,)
    new = {sha256: last + place for place, sha256 in enumerate((key for key in words if key not in ids), start=1)}
    store.write("INSERT INTO passages (id, sha256) VALUES (?, ?)", [(number, sha256) for sha256, number in new.items()])
    plain = ((number, words[sha256].encode("utf-8", "replace").decode()) for sha256, number in new.items())
    store.write("INSERT INTO passage_index (rowid, words) VALUES (?, ?)", plain)
    return ids | new


def _load_passages(store: Store, numbers: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
    found: dict[int, list[Passage]] = {}
    for number, ordinal, start, stop, role, main, path in store.rows(_PASSAGES, (json.dumps(numbers),)):
        passage = Passage(
            ordinal=ordinal, start=start, end=stop, role=cast("Role", role), heading_path=_path(path), main=bool(main)
        )
        found.setdefault(number, []).append(passage)
    return {number: tuple(passages) for number, passages in found.items()}


@lru_cache(maxsize=4096)  # the passages under one heading repeat its path
def _path(stored: str) -> tuple[str, ...]:
    return loads(tuple[str, ...], stored)


def _document(row: Row, passages: tuple[Passage, ...] | None) -> Document:
    _, document_id, capture_id, body, sha256, data, seal = row
    if seal is not None:
        require_seal(seal[:LENGTH], f"document {document_id}", document_id, capture_id, body, sha256)
        if passages is not None:
            require_seal(seal[LENGTH:], f"document {document_id}", *map(_place, passages))
    bare = loads(Document, body)
    changes: dict[str, Any] = {"text": unpack_text(sha256, data), "passages": passages or (), "capture_id": capture_id}
    return replace(bare, **changes)
