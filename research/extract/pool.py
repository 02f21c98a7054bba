"""Extraction in processes that can be killed: a page that hangs or breaks a parser costs that page and nothing else."""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

from research.errors import DossierError
from research.extract.sniff import form_of, may_be_filing
from research.extract.wire import pack_job, read_answer, unpack
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.codec import CodecError

Job = tuple[Capture, bytes, str]
"""A capture, its body, and the account that it is read for."""

PAGE_SECONDS: Final = 15.0  # of one HTML page; a PDF may take twice, a filing four times as long
MEMORY_MB: Final = 512
_START_SECONDS: Final = 60.0
_AHEAD: Final = 4  # jobs a worker that are taken from the source before their turn
_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from research.extract.worker import serve; serve(int(sys.argv[2]))"
)


class ExtractionPool:
    """Workers that turn captures into documents; use it as a context manager."""

    def __init__(self, *, workers: int = 2, timeout_seconds: float = PAGE_SECONDS, memory_mb: int = MEMORY_MB) -> None:
        self._count = workers
        self._seconds = timeout_seconds
        self._memory = memory_mb
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: list[_Worker] = []

    def __enter__(self) -> Self:
        self._all = [_Worker(self._memory) for _ in range(self._count)]
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
        waiting: deque[Future[Document | Skipped]] = deque()
        with ThreadPoolExecutor(self._count) as threads:
            for job in islice(source, self._count * _AHEAD):
                waiting.append(threads.submit(self._run, job))
            while waiting:
                result = waiting.popleft().result()
                for job in islice(source, 1):
                    waiting.append(threads.submit(self._run, job))
                yield result

    def _run(self, job: Job) -> Document | Skipped:
        worker = self._idle.get()
        try:
            return worker.extract(job, seconds_for(job, self._seconds))
        finally:
            self._idle.put(worker)


def seconds_for(job: Job, page: float) -> float:
    """How long a job may take: `page` for a page, more for what is larger by nature."""
    capture, body, _ = job
    if form_of(body, capture.media_type, capture.final_url) == "pdf":
        return 2 * page
    return 4 * page if may_be_filing(body) else page


class _Worker:
    """One child process, started when it is first needed and again after each death."""

    def __init__(self, memory_mb: int) -> None:
        self._memory = memory_mb
        self._process: subprocess.Popen[bytes] | None = None

    def extract(self, job: Job, seconds: float) -> Document | Skipped:
        """The answer for a job; a child that dies or takes longer is replaced, and the reason is the answer."""
        capture, body, account_id = job
        process = self._started()
        try:
            _send(process, pack_job(capture, body, account_id, seconds))
            return read_answer(_read(process, seconds))
        except (BrokenPipeError, EOFError, ValueError, KeyError, CodecError):
            self.stop()
            return Skipped(url=capture.final_url, reason="reading it broke the parser")
        except TimeoutError:
            self.stop()
            return Skipped(url=capture.final_url, reason=f"reading it took longer than {seconds:g} seconds")

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, with this program's own code)  # nosec B603
                [sys.executable, "-c", _BOOT, json.dumps(sys.path), str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )
            self._await_ready(self._process)
        return self._process

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        try:
            _read(process, _START_SECONDS)
        except (EOFError, TimeoutError) as error:
            self.stop()
            raise DossierError("the extraction worker does not start: check that the installation is whole") from error


def _close(stream: Any) -> None:
    try:
        stream.close()
    except BrokenPipeError:  # what was still to be written was for a child that is gone
        return


def _send(process: subprocess.Popen[bytes], message: bytes) -> None:
    stream = process.stdin
    if stream is None:
        raise BrokenPipeError
    stream.write(message)
    stream.flush()


def _read(process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
    """The head of the child's next message; raises TimeoutError, or EOFError where it died."""
    deadline = time.monotonic() + seconds
    stream = process.stdout
    if stream is None:
        raise EOFError
    descriptor = stream.fileno()
    return unpack(lambda size: _exactly(descriptor, size, deadline))[0]


def _exactly(descriptor: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError
        part = os.read(descriptor, min(size - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)
