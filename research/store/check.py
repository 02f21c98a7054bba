"""Whether the store is whole, and whether every quote still stands where its evidence says."""

from __future__ import annotations

from typing import Final

from research.errors import DossierError
from research.store.bodies import body
from research.store.connect import Row, Store
from research.store.documents import unpack_text
from research.text.hashing import sha256_text

_EVIDENCE: Final = """
SELECT e.finding_id, e.document_id, e.start, e.stop, e.quote_sha256, d.account_id, t.sha256, t.data
FROM evidence e LEFT JOIN documents d ON d.id = e.document_id LEFT JOIN texts t ON t.sha256 = d.text_sha256
WHERE e.account_id = ? ORDER BY e.document_id, e.finding_id, e.place
"""


def check_store(store: Store, *, bodies: bool = False) -> tuple[str, ...]:
    """What is wrong with the file, its references and its search index, one line each; with `bodies`, every stored
    body is unpacked and its checksum compared."""
    problems = (*check_structure(store), *check_references(store), *check_index(store))
    return (*problems, *(check_bodies(store) if bodies else ()))


def check_structure(store: Store) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the file."""
    try:
        return tuple(str(line) for (line,) in store.rows("PRAGMA integrity_check") if line != "ok")
    except DossierError as error:
        return (str(error),)


def check_references(store: Store) -> tuple[str, ...]:
    """Rows that refer to others that are not there."""
    try:
        rows = store.rows("PRAGMA foreign_key_check")
    except DossierError as error:
        return (str(error),)
    return tuple(f"{table} row {row} refers to a row of {parent} that does not exist" for table, row, parent, _ in rows)


def verify_evidence(store: Store, account_id: str) -> tuple[str, ...]:
    """Every piece of an account's evidence that is not `text[start:end]` of one of its documents, one line each."""
    problems: list[str] = []
    texts: dict[str, str] = {}  # one document at a time: the rows come sorted by document
    for row in store.rows(_EVIDENCE, (account_id,)):
        problem = _problem(row, account_id, texts)
        if problem:
            problems.append(f"finding {row[0]}, document {row[1]} [{row[2]}:{row[3]}]: {problem}")
    return tuple(problems)


def _problem(row: Row, account_id: str, texts: dict[str, str]) -> str | None:
    _, _, start, stop, quote_sha256, owner, text_sha256, data = row
    if text_sha256 is None:
        return "the document is not in the store"
    if owner != account_id:
        return f"the document belongs to account {owner}"
    if text_sha256 not in texts:
        texts.clear()
        try:
            texts[text_sha256] = unpack_text(text_sha256, data)
        except DossierError as error:
            return str(error)
    text = texts[text_sha256]
    if not 0 <= start < stop <= len(text):
        return "the span leaves the text"
    return None if sha256_text(text[start:stop]) == quote_sha256 else "the text there is not the quote"


def check_index(store: Store) -> tuple[str, ...]:
    """What is wrong with the search index."""
    try:
        store.write("INSERT INTO passage_index (passage_index) VALUES (?)", [("integrity-check",)])
    except DossierError as error:
        return (f"the search index: {error}",)
    return ()


def check_bodies(store: Store) -> tuple[str, ...]:
    """Stored bodies that no longer have the checksum under which they lie."""
    problems = []
    try:
        stored = store.rows("SELECT sha256 FROM bodies ORDER BY sha256")
    except DossierError as error:
        return (str(error),)
    for (sha256,) in stored:
        try:
            body(store, sha256)
        except DossierError as error:
            problems.append(str(error))
    return tuple(problems)
