"""Readers that remember: a page, sitemap or feed whose bytes were read on an earlier visit is not parsed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from research.collect.feeds import FeedEntry
from research.collect.links import PageLinks
from research.collect.readers import VERSION, Readers
from research.collect.sitemaps import Sitemap
from research.store.connect import Store
from research.store.site_readings import keep_readings, load_readings
from research.text.codec import CodecError, dumps, loads
from research.text.hashing import sha256_bytes, short_id

T = TypeVar("T")


class KnownReadings:
    """Asks `readers` for what the store does not hold of a source; `settle` at the end of a visit keeps what was new,
    and forgets what nothing in this visit asked for, so that no more is kept than the site shows."""

    def __init__(self, readers: Readers, store: Store, source_id: str) -> None:
        self._readers = readers
        self._store = store
        self._source_id = source_id
        self._known = load_readings(store, source_id)
        self._used: set[str] = set()
        self._new: dict[str, str] = {}

    def links(self, body: bytes, url: str, charset: str | None) -> PageLinks:
        """The links of an HTML page."""
        key = _key("links", body, url, charset)
        return self._read(PageLinks, key, lambda: self._readers.links(body, url, charset))

    def feed(self, body: bytes, url: str) -> tuple[FeedEntry, ...]:
        """The entries of a feed."""
        key = _key("feed", body, url)
        return self._read(tuple[FeedEntry, ...], key, lambda: self._readers.feed(body, url))

    def sitemap(self, body: bytes) -> Sitemap:
        """The entries of a sitemap."""
        return self._read(Sitemap, _key("sitemap", body), lambda: self._readers.sitemap(body))

    def settle(self) -> None:
        """Bring the store to what this visit asked for."""
        keep_readings(self._store, self._source_id, self._new.items(), self._known.keys() - self._used)

    def _read(self, kind: type[T], key: str, ask: Callable[[], T]) -> T:
        self._used.add(key)
        if key in self._known:
            try:
                return loads(kind, self._known[key])
            except CodecError:  # another version of this program wrote it: it is read anew
                del self._known[key]
        found = ask()
        self._new[key] = dumps(found)
        return found


def _key(kind: str, body: bytes, *parts: str | None) -> str:
    return short_id(VERSION, kind, sha256_bytes(body), *parts)
