"""Readers that remember: a page, sitemap or feed whose bytes were read on an earlier visit is not parsed again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from research.collect.feeds import FeedEntry
from research.collect.links import PageLinks
from research.collect.readers import READ_BY, Readers
from research.collect.sitemaps import Sitemap
from research.store.connect import Store
from research.store.site_readings import forget_readings, keep_readings, load_reading
from research.text.codec import CodecError, dumps, loads
from research.text.hashing import sha256_bytes, short_id

LARGEST: Final = 1 << 18  # characters of JSON of one reading, some 2,500 entries of a sitemap; more is parsed again
_WAITING: Final = 50  # readings that share a commit, which costs more than one of them
_MOST_WAITING: Final = 1 << 20  # characters of JSON that are held until then
T = TypeVar("T")


class KnownReadings:
    """Asks `readers` for what the store does not hold of a source; what is new is kept as it comes, some at a time.
    `settle` at the end of a whole visit forgets what nothing in it asked for, so that no more is kept than the site
    shows."""

    def __init__(self, readers: Readers, store: Store, source_id: str) -> None:
        self._readers = readers
        self._store = store
        self._source_id = source_id
        self._used: set[str] = set()
        self._new: dict[str, str] = {}  # what is still to be written
        self._size = 0  # of it, in characters

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
        """Bring the store to what this visit asked for; to be called where it came to its end."""
        with self._store.transaction():
            self._write()
            forget_readings(self._store, self._source_id, self._used)

    def _read(self, kind: type[T], key: str, ask: Callable[[], T]) -> T:
        self._used.add(key)
        kept = self._new.get(key) or load_reading(self._store, self._source_id, key)
        if kept is not None:
            with suppress(CodecError):  # damaged, but well packed: it is read anew
                return loads(kind, kept)
        found = ask()
        if not _may_have_failed(found):
            self._keep(key, dumps(found))
        return found

    def _keep(self, key: str, text: str) -> None:
        if len(text) > LARGEST:
            return
        self._new[key] = text
        self._size += len(text)
        if len(self._new) >= _WAITING or self._size >= _MOST_WAITING:
            self._write()

    def _write(self) -> None:
        keep_readings(self._store, self._source_id, self._new.items())
        self._new, self._size = {}, 0


def _may_have_failed(found: object) -> bool:
    """Whether a parser may have given up on it, for lack of memory say: what it found is then no news of the bytes."""
    if isinstance(found, Sitemap):
        return found.problem is not None
    return not found if isinstance(found, tuple) else found == PageLinks()


def _key(kind: str, body: bytes, *parts: str | None) -> str:
    return short_id(READ_BY, kind, sha256_bytes(body), *parts)
