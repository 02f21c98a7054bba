"""A client for one source that remembers: what was answered before a visit was broken off is not asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipelines.gather import Fetcher
from research.model.capture import Fetched, Request, Skipped
from research.net.robots import Load
from research.store.connect import Store
from research.store.unfinished import OpenVisit, answer_to, save_answer
from research.text.hashing import short_id

Answer = Fetched | Skipped
# Reasons that are the site's own word and not the state of the network: they hold until the visit ends.
_FINAL: Final = ("HTTP 401", "HTTP 403", "HTTP 404", "HTTP 410", "HTTP 451")


class Memory:
    """What one source has answered in this visit, in the store and, `pending`, not yet in it."""

    def __init__(self, store: Store, visit: OpenVisit, source_id: str) -> None:
        self.store = store
        self.pending: list[tuple[str, Answer]] = []
        self._visit = visit
        self._source_id = source_id

    def answer(self, key: str) -> Answer | None:
        """The answer to a request, None where it was not asked yet."""
        return answer_to(self.store, self._visit, self._source_id, key)

    def settle(self) -> None:
        """Bring what is pending into the store, where it holds as long as the visit lasts."""
        if not self.pending:
            return
        with self.store.transaction():
            for key, answer in self.pending:
                if isinstance(answer, Fetched) or answer.reason.startswith(_FINAL):
                    save_answer(self.store, self._visit, self._source_id, key, answer)
        self.pending.clear()

    def of_robots(self, load: Load) -> Load:
        """The loading of robots.txt with this memory before it; a server's failure is not remembered."""

        def remembered(url: str) -> tuple[int, bytes]:
            key = short_id("robots", url)
            known = self.answer(key)
            if isinstance(known, Fetched):
                return known.status, known.body
            status, body = load(url)
            if status < 500:
                answer = Fetched(
                    url=url, final_url=url, fetched_at="", status=status, media_type="text/plain", body=body
                )
                self.pending.append((key, answer))
            return status, body

        return remembered


class Remembering:
    """Asks `client` what the memory does not hold; the caller says what became of each answer by `kept`.

    Every answer passes `check` before anything of it is kept.
    """

    def __init__(
        self, client: Fetcher, memory: Memory, check: Callable[[Answer], Answer] = lambda answer: answer
    ) -> None:
        self._client = client
        self._check = check
        self._memory = memory

    def fetch(self, request: Request) -> Answer:
        """The answer, from before the break or from the client."""
        self._memory.settle()
        key = short_id(request.url, request.payload, request.range)
        known = self._memory.answer(key)
        if known is not None:
            return known
        answer = self._check(self._client.fetch(request))
        self._memory.pending.append((key, answer))
        return answer

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host's robots.txt names."""
        return self._client.sitemaps(url)

    def kept(self, save: Callable[[], None], again: Callable[[], None]) -> None:
        """Run `save`, which stores the present answer, and note in the same transaction that it need not be asked for
        again; `again` where it was stored before the break."""
        if not self._memory.pending:
            again()
            return
        with self._memory.store.transaction():
            save()
            self._memory.settle()
