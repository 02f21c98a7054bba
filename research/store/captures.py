"""What the sources answered: captures are only ever added, and one pointer per address says which is the latest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Final

from research.errors import DossierError
from research.model.capture import Capture, Fetched
from research.store.bodies import put_body
from research.store.connect import Row, Store
from research.store.seals import require_seal, require_seals, seal_of
from research.text.hashing import short_id

_FIELDS: Final = tuple(field.name for field in fields(Capture))
_SEALED: Final = _FIELDS.index("etag")  # what comes behind may be newer than the capture
# The validators that the server gave last, which may be newer than those that came with the body.
_LATEST: Final = """
SELECT c.id, c.source_id, c.url, c.final_url, c.fetched_at, c.status, c.media_type, c.body_sha256, c.charset, s.etag,
  s.last_modified, c.seal, s.source_id, s.url, s.capture_id, s.last_seen, s.etag, s.last_modified, s.seal
FROM sightings s JOIN captures c ON c.id = s.capture_id
"""
_STORED: Final = """
SELECT id, source_id, url, final_url, fetched_at, status, media_type, body_sha256, charset, etag, last_modified, seal
FROM captures
"""
_ADD: Final = """
INSERT INTO captures (id, source_id, url, final_url, fetched_at, status, media_type, body_sha256, charset, etag,
  last_modified, account_id, moment, page_key, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_POINT: Final = """
INSERT INTO sightings (source_id, url, capture_id, last_seen, etag, last_modified, seal) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source_id, url) DO UPDATE SET capture_id = excluded.capture_id, last_seen = excluded.last_seen,
  etag = excluded.etag, last_modified = excluded.last_modified, seal = excluded.seal
"""


def keep(store: Store, source_id: str, fetched: Fetched, *, live: bool = False) -> Capture:
    """Store an answer and give its capture.

    The latest answer of an address come again only moves `last_seen`; so does a 304. An answer that is older than the
    latest (an archive read after a live crawl) is kept as history, and one that was read before is found again. An
    answer that comes `live` is the latest, whatever a clock that ran ahead wrote on an earlier one.
    """
    with store.transaction():
        latest = _latest(store, source_id, fetched.url)
        if latest is not None and fetched.status == 304:
            return _see(store, latest, fetched)
        capture = _capture(source_id, fetched, put_body(store, fetched.body))
        if latest is not None and _same(latest, capture):
            return _see(store, latest, fetched)
        known = load_capture(store, capture.id)
        if known is not None:
            return known
        _add(store, capture)
        if live or latest is None or moment(fetched.fetched_at) >= _last_moment(store, latest):
            _point(store, capture, fetched.fetched_at)
        return capture


def keep_many(store: Store, source_id: str, answers: Iterable[Fetched], *, live: bool = False) -> tuple[Capture, ...]:
    """As `keep`, for many answers in one transaction: each commit waits for the disk (16 ms measured)."""
    with store.transaction():
        return tuple(keep(store, source_id, fetched, live=live) for fetched in answers)


def touch(store: Store, source_id: str, url: str, at: str) -> Capture | None:
    """Note that the latest capture of an address still held at `at`, and give it; None for an unknown address."""
    with store.transaction():
        latest = _latest(store, source_id, url)
        if latest is not None and moment(at) >= _last_moment(store, latest):
            _point(store, latest, at)
        return latest


def latest_by_url(store: Store, source_id: str) -> dict[str, Capture]:
    """The latest capture of every address of a source, with the validators for a conditional request."""
    rows = store.rows(f"{_LATEST} WHERE s.source_id = ? ORDER BY s.rowid", (source_id,))
    return {capture.url: capture for capture in map(_read_latest, rows)}


def last_seen(store: Store, source_id: str) -> dict[str, str]:
    """When each address of a source last gave its latest capture, as ISO date-times."""
    return dict(store.rows("SELECT url, last_seen FROM sightings WHERE source_id = ? ORDER BY rowid", (source_id,)))


def seen_until(store: Store, account_id: str, now: str) -> str:
    """When an account was last looked at, `now` at the latest: captured traffic tells of the day of its capture,
    however long after it is read, and so do the changes that are found in it."""
    sql = """SELECT s.last_seen FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE c.account_id = ?
      ORDER BY s.last_seen DESC LIMIT 1"""
    row = store.row(sql, (account_id,))
    return row[0] if row and "" < moment(row[0]) < moment(now) else now


def current_captures(store: Store, account_id: str) -> tuple[Capture, ...]:
    """The latest capture of every address of every source of an account, in the order of the first sight."""
    rows = store.rows(f"{_LATEST} WHERE c.account_id = ? ORDER BY s.rowid", (account_id,))
    return tuple(map(_read_latest, rows))


def captures_of_url(store: Store, source_id: str, url: str) -> tuple[Capture, ...]:
    """Every stored answer of one address, oldest first."""
    rows = store.rows(f"{_STORED} WHERE source_id = ? AND url = ? ORDER BY moment, seq", (source_id, url))
    return tuple(_read(row) for row in rows)


def load_capture(store: Store, capture_id: str) -> Capture | None:
    """The capture with this id as it was stored, or None."""
    row = store.row(f"{_STORED} WHERE id = ?", (capture_id,))
    return _read(row) if row else None


def page_key(account_id: str, final_url: str, body_sha256: str) -> str:
    """The key of one body at one address for one account: what has it need not be extracted twice."""
    return short_id(account_id, final_url, body_sha256)


def moment(iso: str) -> str:
    """An ISO date or date-time in UTC so that strings sort by time; what cannot be read counts as the oldest."""
    try:
        stated = datetime.fromisoformat(iso)
        known = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
        return known.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return ""


def _read_latest(row: Row) -> Capture:
    seen = len(_FIELDS) + 1
    require_seals([row[seen:]], f"sighting of {row[2]}")
    return _read(row[:seen])


def _read(row: Row) -> Capture:
    *values, seal = row
    require_seal(seal, f"capture {row[0]}", *values[:_SEALED])
    return Capture(**dict(zip(_FIELDS, values, strict=True)))


def _capture(source_id: str, fetched: Fetched, body_sha256: str) -> Capture:
    return Capture(
        id=short_id(source_id, fetched.url, fetched.final_url, fetched.fetched_at, fetched.status, body_sha256),
        source_id=source_id,
        url=fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        status=fetched.status,
        media_type=fetched.media_type,
        body_sha256=body_sha256,
        charset=fetched.charset,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
    )


def _same(one: Capture, other: Capture) -> bool:
    return (one.final_url, one.status, one.body_sha256) == (other.final_url, other.status, other.body_sha256)


def _latest(store: Store, source_id: str, url: str) -> Capture | None:
    row = store.row(f"{_LATEST} WHERE s.source_id = ? AND s.url = ?", (source_id, url))
    return _read_latest(row) if row else None


def _last_moment(store: Store, latest: Capture) -> str:
    sql = "SELECT last_seen FROM sightings WHERE source_id = ? AND url = ?"
    row = store.row(sql, (latest.source_id, latest.url))
    return moment(row[0]) if row else ""


def _see(store: Store, latest: Capture, fetched: Fetched) -> Capture:
    if moment(fetched.fetched_at) < _last_moment(store, latest):
        return latest
    fresh = _with_validators(latest, fetched)
    _point(store, fresh, fetched.fetched_at)
    return fresh


def _with_validators(latest: Capture, fetched: Fetched) -> Capture:
    if fetched.status == 304:  # a 304 may leave them out, and the old ones still hold (RFC 9110, 15.4.5)
        etag, modified = fetched.etag or latest.etag, fetched.last_modified or latest.last_modified
        return replace(latest, etag=etag, last_modified=modified)
    return replace(latest, etag=fetched.etag, last_modified=fetched.last_modified)


def _point(store: Store, capture: Capture, at: str) -> None:
    row = (capture.source_id, capture.url, capture.id, at, capture.etag, capture.last_modified)
    store.write(_POINT, [(*row, seal_of(*row))])


def _add(store: Store, capture: Capture) -> None:
    owner = store.row("SELECT account_id FROM sources WHERE id = ?", (capture.source_id,))
    if owner is None:
        raise DossierError(f"there is no source {capture.source_id!r}: add it to an account first")
    key = page_key(owner[0], capture.final_url, capture.body_sha256)
    values = [getattr(capture, name) for name in _FIELDS]
    seal = seal_of(*values[:_SEALED])
    store.write(_ADD, [(*values, owner[0], moment(capture.fetched_at), key, seal)])
