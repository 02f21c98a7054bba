"""Who does a stage's work: this process alone, a pool of processes beside it, or a cluster (`cluster.py`).

What is handed over is a function of a module and a frozen value; what comes back is a value. The order of the results
is that of the values, and what a value is never depends on who works on it: so every executor gives equal bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar

from research.errors import DossierError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Value = TypeVar("Value")
Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)
TRIES: Final = 3  # how often a piece of work may lose its worker before it is taken to be the cause
_AHEAD: Final = 2  # pieces a worker that wait for their turn


class Pending(Protocol[Given_co]):
    """Work that is under way."""

    def result(self) -> Given_co:
        """What came of it, once it is there; raises what the work raised."""
        ...


class Executor(Protocol):
    """Does work that stages hand over."""

    @property
    def workers(self) -> int:
        """How many pieces are worked on at once."""
        ...

    @property
    def remote(self) -> bool:
        """Whether workers fetch and extract as well, since they may stand elsewhere."""
        ...

    def spreads(self, seconds: float) -> bool:
        """Whether work of about so many CPU seconds is handed over rather than done in this process."""
        ...

    def map(self, task: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
        """The result of each value, in order; values are taken only a few ahead."""
        ...

    def visit(self, task: Callable[[Value], Result], value: Value, host: str) -> Pending[Result]:
        """Start a visit of a host, all of whose visits of a run are one worker's."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class LocalExecutor:
    """Processes of this machine, started when the work is worth it; with one worker everything is done here."""

    remote = False

    def __init__(self, workers: int = 1, *, least_seconds: float = 20.0, visits: int = 1) -> None:
        self.workers = workers
        self._visits = visits  # hosts that are read at once: reading is waiting, and each host is one thread's alone
        self._least = least_seconds  # a worker's start costs 2 s of CPU: imports, language model, readers
        self._pool: ProcessPoolExecutor | None = None
        self._readers: ThreadPoolExecutor | None = None

    def spreads(self, seconds: float) -> bool:
        """Once the pool stands, everything goes there."""
        return self.workers > 1 and (self._pool is not None or seconds >= self._least)

    def map(self, task: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
        """As `Executor.map`; a worker that dies is replaced, and its work done again."""
        waiting: deque[tuple[Value, _Handed[Result]]] = deque()
        for value in values:
            waiting.append((value, self._submit(task, value)))
            if len(waiting) >= self.workers * _AHEAD:
                yield self._result(task, *waiting.popleft())
        while waiting:
            yield self._result(task, *waiting.popleft())

    def visit(self, task: Callable[[Value], Result], value: Value, host: str) -> Pending[Result]:
        """Visits wait for the network: they run in threads of this process. The caller starts one a host."""
        del host
        self._readers = self._readers or ThreadPoolExecutor(self._visits, thread_name_prefix="visit")
        return self._readers.submit(task, value)

    def close(self) -> None:
        """End processes and threads; what they still do is not waited for."""
        for pool in (self._pool, self._readers):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._readers = None

    def _submit(self, task: Callable[[Value], Result], value: Value) -> _Handed[Result]:
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        pool = self._pool
        try:
            return _Handed(pool, pool.submit(task, value))
        except BrokenExecutor:
            self._drop(pool)
            return self._submit(task, value)

    def _result(self, task: Callable[[Value], Result], value: Value, handed: _Handed[Result]) -> Result:
        for _ in range(TRIES):
            try:
                return handed.future.result()
            except (BrokenExecutor, CancelledError):  # cancelled: the pool that had it was dropped for another's death
                self._drop(handed.pool)
                handed = self._submit(task, value)
        raise DossierError(f"a worker died {TRIES} times at the same work: set `workers = 1` in settings.toml")

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        if broken is self._pool:
            self._pool = None
        broken.shutdown(wait=False, cancel_futures=True)


class _Handed(NamedTuple, Generic[Result]):
    """A piece of work and the pool that has it: when it breaks, that pool is dropped and no other."""

    pool: ProcessPoolExecutor
    future: Future[Result]
