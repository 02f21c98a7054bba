"""What is asked of a source, and what came back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One address to fetch; a higher `priority` goes first, `depth` counts links from the start page.

    With `payload` (JSON) it is a POST; `authorization` and `range` are headers, sent where they are given.
    """

    url: str
    priority: float = 0.0
    depth: int = 0
    origin: str = "link"
    etag: str | None = None
    last_modified: str | None = None
    payload: str | None = None
    authorization: str | None = None
    range: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole answer: `body` is decoded of its transfer and content encodings; 304 has an empty body."""

    url: str
    final_url: str
    fetched_at: str
    status: int
    media_type: str
    body: bytes
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something that was not read, and why, in words for the user."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A stored answer; append-only. `charset` is what the transport declared; the body lies under its sha256."""

    id: str
    source_id: str
    url: str
    final_url: str
    fetched_at: str
    status: int
    media_type: str
    body_sha256: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
