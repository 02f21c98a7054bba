"""Extraction in processes that can be killed: a page that hangs or breaks a parser costs that page and nothing else."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from research.child.process import MEMORY_MB, Child, ChildError
from research.extract.sniff import form_of
from research.extract.wire import job_head, read_answer
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.codec import CodecError

Job = tuple[Capture, bytes, str]
"""A capture, its body, and the account that it is read for."""

# docs/security/parsing.md: parse 15 s, PDF 30 s; the largest filings that were seen need one.
PAGE_SECONDS: Final = 15.0
_PDF_TIMES: Final = 2
_AHEAD: Final = 4  # jobs a worker that are taken from the source before their turn
_AHEAD_BYTES: Final = 100_000_000  # of their bodies together: two of the largest PDFs, so that the parent stays small
_MODULE: Final = "research.extract.worker"


class ExtractionPool:
    """Workers that turn captures into documents; use it as a context manager."""

    def __init__(self, *, workers: int = 2, timeout_seconds: float = PAGE_SECONDS, memory_mb: int = MEMORY_MB) -> None:
        self._seconds = timeout_seconds
        self._all = [Child(_MODULE, memory_mb=memory_mb) for _ in range(workers)]
        # The last to work goes first: where there is little to do, no second child has to start.
        self._idle: queue.LifoQueue[Child] = queue.LifoQueue()

    def __enter__(self) -> Self:
        for worker in self._all:
            self._idle.put(worker)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._all:
            worker.stop()

    def map(self, jobs: Iterable[Job]) -> Iterator[Document | Skipped]:
        """One document or reason a job, in the order of the jobs, which are taken only a few ahead."""
        source = iter(jobs)
        waiting: deque[tuple[int, Future[Document | Skipped]]] = deque()
        with ThreadPoolExecutor(len(self._all)) as threads:
            while True:
                while self._has_room(waiting) and (job := next(source, None)) is not None:
                    waiting.append((len(job[1]), threads.submit(self._run, job)))
                if not waiting:
                    return
                yield waiting.popleft()[1].result()

    def _has_room(self, waiting: deque[tuple[int, Future[Document | Skipped]]]) -> bool:
        held = sum(size for size, future in waiting if not future.done())
        return len(waiting) < len(self._all) * _AHEAD and (held < _AHEAD_BYTES or not waiting)

    def _run(self, job: Job) -> Document | Skipped:
        worker = self._idle.get()
        try:
            return extract_apart(worker, job, seconds_for(job, self._seconds))
        finally:
            self._idle.put(worker)

    def used(self) -> float:
        """The processor seconds of the running workers."""
        return sum(worker.used() for worker in self._all)

    def peak(self) -> int:
        """The most memory in bytes that any of the running workers has held."""
        return max(worker.peak() for worker in self._all)


def extract_apart(worker: Child, job: Job, seconds: float) -> Document | Skipped:
    """The document of a job, read by `worker`; or the reason why there is none, the worker's death among them."""
    capture, body, account_id = job
    try:
        return read_answer(worker.ask(job_head(capture, account_id), body, seconds))
    except ChildError as error:
        return Skipped(url=capture.final_url, reason=str(error))
    except (ValueError, KeyError, CodecError):
        worker.stop()
        return Skipped(url=capture.final_url, reason="reading it broke the parser")


def extract_one(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of one capture, read in a process of its own that ends with it."""
    with ExtractionPool(workers=1) as pool:
        return next(pool.map([(capture, body, account_id)]))


def seconds_for(job: Job, page: float) -> float:
    """How long a job may take: `page`, of a PDF twice as long."""
    capture, body, _ = job
    return _PDF_TIMES * page if form_of(body, capture.media_type, capture.final_url) == "pdf" else page
