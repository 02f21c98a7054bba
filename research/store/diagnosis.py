"""What is right and what is wrong with a store, check by check, each with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from research.errors import DossierError
from research.store.accounts import list_accounts, sources_of
from research.store.captures import current_captures, load_capture
from research.store.check import check_bodies, check_index, check_references, check_structure, verify_evidence
from research.store.connect import Store, wal_is_safe
from research.store.documents import load_documents
from research.store.findings import finding_history, load_findings
from research.store.judgements import all_judgements
from research.store.schema import STEPS
from research.store.seals import require_seals

RESTORE: Final = "put a backup in its place: `dossier restore FILE --overwrite`"
AGAIN: Final = "put a backup in its place (`dossier restore FILE --overwrite`), or let `dossier refresh` make it again"
_CHUNK: Final = 50  # documents that are read at once
# Rows that nothing leads to. They do no harm: a page that was read anew leaves the passages of its former reading.
_ORPHANS: Final = {
    "bodies": "SELECT count(*) FROM bodies b WHERE NOT EXISTS (SELECT 1 FROM captures c WHERE c.body_sha256 = b.sha256)"
    " AND NOT EXISTS (SELECT 1 FROM unfinished_answers v WHERE v.body_sha256 = b.sha256)",
    "texts": "SELECT count(*) FROM texts t WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.text_sha256 = t.sha256)",
    "passages": "SELECT count(*) FROM passages p WHERE NOT EXISTS "
    "(SELECT 1 FROM document_passages d WHERE d.passage_id = p.id)",
}
# Rows that must have others and have none: no foreign key says so.
_BEREFT: Final = {
    "findings without evidence": "SELECT count(*) FROM findings f WHERE NOT EXISTS "
    "(SELECT 1 FROM evidence e WHERE e.finding_id = f.id)",
    "captures that no address leads to": "SELECT count(*) FROM captures c WHERE NOT EXISTS "
    "(SELECT 1 FROM sightings s WHERE s.source_id = c.source_id AND s.url = c.url)",
    "documents without passages": "SELECT count(*) FROM documents d JOIN texts t ON t.sha256 = d.text_sha256 "
    "WHERE NOT EXISTS (SELECT 1 FROM document_passages p WHERE p.document_seq = d.seq) AND length(t.data) > 8",
}
_DRAFTS: Final = "SELECT fingerprint, body, seal FROM drafts"
_OBSERVATIONS: Final = "SELECT document_id, body, seal FROM observations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: `detail` says what was found, `remedy` what to do where it is not `ok`."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def diagnose(store: Store) -> Iterator[Check]:
    """Every check of an open store, the whole of it read once; the cheap ones first."""
    yield _versions(store)
    yield Check(name="schema", ok=True, detail=f"version {STEPS[-1].__name__}")
    yield _of("integrity", check_structure(store), RESTORE)
    yield _of("references", check_references(store), RESTORE)
    yield _of("search index", check_index(store), AGAIN)
    yield _bereft(store)
    yield _orphans(store)
    yield _of("captured bodies", check_bodies(store), AGAIN)
    yield _of("rows", tuple(_unreadable(store)), RESTORE)
    yield _evidence(store)


def _versions(store: Store) -> Check:
    (journal,) = store.row("PRAGMA journal_mode") or ("?",)
    safe = wal_is_safe(sqlite3.sqlite_version_info)
    why = (
        ""
        if safe
        else " (this version may lose what was written through a write-ahead log: a rollback journal is used)"
    )
    wrong = journal == "wal" and not safe
    remedy = "use a Python with SQLite 3.51.3 or newer, or end the program that opened the store so" if wrong else ""
    return Check(name="SQLite", ok=not wrong, detail=f"{sqlite3.sqlite_version}, journal {journal}{why}", remedy=remedy)


def _of(name: str, problems: Sequence[str], remedy: str) -> Check:
    if not problems:
        return Check(name=name, ok=True, detail="sound")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Check(name=name, ok=False, detail=f"{problems[0]}{more}", remedy=remedy)


def _count(store: Store, queries: dict[str, str]) -> dict[str, int]:
    return {name: (store.row(sql) or (0,))[0] for name, sql in queries.items()}


def _bereft(store: Store) -> Check:
    try:
        found = {name: count for name, count in _count(store, _BEREFT).items() if count}
    except DossierError as error:
        return Check(name="orphaned rows", ok=False, detail=str(error), remedy=RESTORE)
    problems = [f"{count} {name}" for name, count in found.items()]
    return _of("orphaned rows", problems, AGAIN)


def _orphans(store: Store) -> Check:
    try:
        found = [f"{count:,} {name}" for name, count in _count(store, _ORPHANS).items() if count]
    except DossierError as error:
        return Check(name="unused rows", ok=False, detail=str(error), remedy=RESTORE)
    return Check(name="unused rows", ok=True, detail=f"{', '.join(found)}, which do no harm" if found else "none")


def _unreadable(store: Store) -> Iterator[str]:
    """What cannot be read as it was written, by the functions that every command reads with."""
    readers: list[Callable[[], object]] = [
        partial(all_judgements, store),
        lambda: require_seals(store.rows(_DRAFTS), "part of a brief"),
        lambda: require_seals(store.rows(_OBSERVATIONS), "reading of a document"),
        lambda: [load_capture(store, capture_id) for (capture_id,) in store.rows("SELECT id FROM captures")],
    ]
    accounts: tuple[str, ...] = ()
    try:
        accounts = tuple(account.id for account in list_accounts(store))
    except DossierError as error:
        yield str(error)
    for account_id in accounts:
        readers += [
            partial(sources_of, store, account_id),
            partial(current_captures, store, account_id),
            partial(load_findings, store, account_id, include_lapsed=True),
            partial(finding_history, store, account_id),
        ]
    readers += [partial(load_documents, store, part) for part in _document_ids(store)]
    for read in readers:
        try:
            read()
        except DossierError as error:
            yield str(error)


def _document_ids(store: Store) -> Iterator[tuple[str, ...]]:
    ids = [document_id for (document_id,) in store.rows("SELECT id FROM documents ORDER BY seq")]
    return (tuple(ids[at : at + _CHUNK]) for at in range(0, len(ids), _CHUNK))


def _evidence(store: Store) -> Check:
    problems: list[str] = []
    for (account_id,) in store.rows("SELECT id FROM accounts ORDER BY id"):
        try:
            problems += verify_evidence(store, account_id)
        except DossierError as error:
            problems.append(str(error))
    return _of("evidence", problems, AGAIN)
