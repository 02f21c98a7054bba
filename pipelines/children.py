"""The processes that read what strangers wrote, started at the first need and kept for all accounts of a run."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from research.collect.readers import Apart
    from research.extract.pool import ExtractionPool


class Children:
    """A child that reads links and children that extract; each costs a fifth of a second of CPU to start, which a run
    of many accounts pays once."""

    def __init__(self) -> None:
        self._ending = ExitStack()
        self._readers: Apart | None = None
        self._pools: dict[int, ExtractionPool] = {}

    @property
    def readers(self) -> Apart:
        """Who reads the links of pages, sitemaps and feeds."""
        if self._readers is None:
            from research.collect.readers import Apart  # lxml: commands that read the store alone do without

            self._readers = self._ending.enter_context(Apart())
        return self._readers

    def extraction(self, workers: int) -> ExtractionPool:
        """Who turns captures into documents, with so many at work."""
        if workers not in self._pools:
            from research.extract.pool import ExtractionPool

            self._pools[workers] = self._ending.enter_context(ExtractionPool(workers=workers))
        return self._pools[workers]

    def close(self) -> None:
        """End all of them; what is asked later starts new ones."""
        self._ending.close()
        self._readers, self._pools = None, {}
