"""A client for one source that remembers: what was answered before a visit was broken off is not asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipelines.gather import Fetcher
from research.model.capture import Fetched, Request, Skipped
from research.store.connect import Store
from research.store.visits import Visit, answers_of, save_answer
from research.text.hashing import short_id

# Reasons that are the site's own word and not the state of the network: they hold until the visit ends.
_FINAL: Final = ("HTTP 401", "HTTP 403", "HTTP 404", "HTTP 410", "HTTP 451")


class Remembering:
    """Asks `client` what the store does not know yet; the caller says what became of each answer by `kept`."""

    def __init__(self, client: Fetcher, store: Store, visit: Visit, source_id: str) -> None:
        self._client = client
        self._store = store
        self._visit = visit
        self._source_id = source_id
        self._known = answers_of(store, visit, source_id)
        self._open: tuple[str, Fetched | Skipped] | None = None

    def fetch(self, request: Request) -> Fetched | Skipped:
        """The answer, from before the break or from the client."""
        self.settle()
        key = short_id(request.url, request.payload, request.range)
        if key in self._known:
            return self._known[key]
        answer = self._client.fetch(request)
        self._open = (key, answer)
        return answer

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host's robots.txt names."""
        return self._client.sitemaps(url)

    def kept(self, save: Callable[[], None], again: Callable[[], None]) -> None:
        """Run `save`, which stores the present answer, and note in the same transaction that it need not be asked for
        again; `again` where it was stored before the break."""
        if self._open is None:
            again()
            return
        with self._store.transaction():
            save()
            self._note()

    def settle(self) -> None:
        """Note an answer of which nothing was stored: a sitemap, a page that is not there."""
        if self._open is not None:
            self._note()

    def _note(self) -> None:
        if self._open is None:
            return
        (key, answer), self._open = self._open, None
        if isinstance(answer, Fetched) or answer.reason.startswith(_FINAL):
            save_answer(self._store, self._visit, self._source_id, key, answer)
