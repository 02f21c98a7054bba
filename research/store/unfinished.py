"""Visits that are under way: what was answered so far, so that one that is broken off goes on and asks nothing twice.

A visit of an account begins with the first request and ends when its brief is made. Until then every answer is kept
here in the transaction that stores what came of it; at the end all of it goes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from research.errors import DossierError
from research.model.capture import Capture, Fetched, Skipped
from research.store.bodies import body
from research.store.captures import load_capture, moment
from research.store.connect import Store
from research.text.codec import dumps, loads
from research.text.hashing import sha256_bytes

MAX_AGE: Final = timedelta(hours=24)  # as long as robots.txt may be kept (RFC 9309, 2.4): what is older is asked anew
_OPEN: Final = "INSERT INTO unfinished_visits (account_id, started, last_capture) VALUES (?, ?, ?)"
_SAVE: Final = """
INSERT OR REPLACE INTO unfinished_answers (account_id, source_id, request, answer, skipped, body_sha256, data)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_ANSWER: Final = """
SELECT answer, skipped, body_sha256, data FROM unfinished_answers
WHERE account_id = ? AND source_id = ? AND request = ?
"""
# The latest capture of each address among those that stood before the visit.
_BEFORE: Final = """
SELECT s.url, (SELECT c.id FROM captures c WHERE c.source_id = s.source_id AND c.url = s.url AND c.seq <= ?
  ORDER BY c.moment DESC, c.seq DESC LIMIT 1), s.capture_id, s.etag, s.last_modified
FROM sightings s WHERE s.source_id = ? ORDER BY s.rowid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """A visit under way; `last_capture` is the number of the newest capture of any account when it began."""

    account_id: str
    started: str
    last_capture: int


def open_visit(store: Store, account_id: str, now: str) -> OpenVisit:
    """The visit of an account that was broken off less than MAX_AGE ago, or a new one."""
    with store.transaction():
        row = store.row("SELECT started, last_capture FROM unfinished_visits WHERE account_id = ?", (account_id,))
        if row is not None and _is_young(row[0], now):
            return OpenVisit(account_id=account_id, started=row[0], last_capture=row[1])
        forget_visit(store, account_id)
        (last,) = store.row("SELECT coalesce(max(seq), 0) FROM captures") or (0,)
        store.write(
            "INSERT INTO unfinished_visits (account_id, started, last_capture) VALUES (?, ?, ?)",
            [(account_id, now, last)],
        )
    return OpenVisit(account_id=account_id, started=now, last_capture=last)


def unfinished(store: Store) -> tuple[str, ...]:
    """The accounts whose visits were begun and not brought to their end."""
    return tuple(
        account_id for (account_id,) in store.rows("SELECT account_id FROM unfinished_visits ORDER BY account_id")
    )


def forget_visit(store: Store, account_id: str) -> None:
    """End a visit; its captures stay."""
    with store.transaction():
        for table in ("unfinished_answers", "unfinished_visits"):
            store.write(f"DELETE FROM {table} WHERE account_id = ?", [(account_id,)])  # noqa: S608 (our own names)  # nosec B608


def save_answer(store: Store, visit: OpenVisit, source_id: str, request: str, answer: Fetched | Skipped) -> None:
    """Keep the answer to `request` (a key of the caller's) until the visit ends; a body that a capture holds already is
    not kept twice."""
    sha256: str | None = None
    data: bytes | None = None
    if isinstance(answer, Fetched):
        sha256 = sha256_bytes(answer.body)
        if store.row("SELECT 1 FROM bodies WHERE sha256 = ?", (sha256,)) is None:
            sha256, data = None, zlib.compress(answer.body)
    skipped = isinstance(answer, Skipped)
    head = dumps(answer if isinstance(answer, Skipped) else _Head.of(answer))
    store.write(_SAVE, [(visit.account_id, source_id, request, head, skipped, sha256, data)])


def answer_to(store: Store, visit: OpenVisit, source_id: str, request: str) -> Fetched | Skipped | None:
    """What a source answered to a request in this visit, None where it was not asked yet."""
    row = store.row(_ANSWER, (visit.account_id, source_id, request))
    return _answer(store, *row) if row else None


def known_before(store: Store, source_id: str, visit: OpenVisit) -> dict[str, Capture]:
    """The latest capture of every address of a source as it stood when the visit began."""
    known: dict[str, Capture] = {}
    for url, capture_id, latest, etag, modified in store.rows(_BEFORE, (visit.last_capture, source_id)):
        capture = load_capture(store, capture_id) if capture_id else None
        if capture is not None:
            known[url] = replace(capture, etag=etag, last_modified=modified) if capture_id == latest else capture
    return known


def begin_round(store: Store, asked: str, account_ids: Iterable[str], now: str) -> frozenset[str]:
    """Note which accounts a command is about to visit; those among them that the same command (`asked`), broken off
    less than MAX_AGE ago, was done with already."""
    wanted = tuple(account_ids)
    with store.transaction():
        begun = store.row("SELECT min(started) FROM unfinished_round WHERE asked = ?", (asked,))
        if begun is None or begun[0] is None or not _is_young(begun[0], now):
            end_round(store)
        else:
            now = begun[0]
        rows = [(account_id, asked, now) for account_id in wanted]
        store.write("INSERT OR IGNORE INTO unfinished_round (account_id, asked, started) VALUES (?, ?, ?)", rows)
        done = store.rows("SELECT account_id FROM unfinished_round WHERE done")
    return frozenset(account_id for (account_id,) in done) & frozenset(wanted)


def end_visit(store: Store, account_id: str) -> None:
    """End a visit that came to its end: the round that it belongs to, if any, is done with the account."""
    with store.transaction():
        forget_visit(store, account_id)
        store.write("UPDATE unfinished_round SET done = 1 WHERE account_id = ?", [(account_id,)])


def end_round(store: Store) -> None:
    """Forget the round: it came to its end, or another one begins."""
    store.write("DELETE FROM unfinished_round", [()])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """An answer without its body."""

    url: str
    final_url: str
    fetched_at: str
    status: int
    media_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None

    @classmethod
    def of(cls, answer: Fetched) -> _Head:
        return cls(**{name: getattr(answer, name) for name in cls.__slots__})

    def with_body(self, data: bytes) -> Fetched:
        return Fetched(body=data, **{name: getattr(self, name) for name in self.__slots__})


def _answer(store: Store, answer: str, skipped: int, sha256: str | None, data: bytes | None) -> Fetched | Skipped:
    if skipped:
        return loads(Skipped, answer)
    if sha256 is not None:
        return loads(_Head, answer).with_body(body(store, sha256))
    try:
        return loads(_Head, answer).with_body(zlib.decompress(data or b""))
    except zlib.error as error:
        raise DossierError(f"{store.path}: an answer is damaged: put a backup of the store in its place") from error


def _is_young(started: str, now: str) -> bool:
    before, present = moment(started), moment(now)
    if not before or not present or before > present:
        return False
    return datetime.fromisoformat(present) - datetime.fromisoformat(before) < MAX_AGE
