"""The one door to Dask's scheduler (extra `cluster`): the same work on processes of this or of other machines."""

from __future__ import annotations

import importlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from typing import Any, Final, Generic, TypeVar

from research.errors import DossierError, UsageError
from research.run.executor import TRIES

Value = TypeVar("Value")
Result = TypeVar("Result")
LOOPBACK: Final = "127.0.0.1"
_AHEAD: Final = 2
_LOOK: Final = "5s"  # how often a visit's worker is looked after
_TRANSPORTS: Final = ("tcp://", "tls://")


class DaskExecutor:
    """Work on a cluster; every piece may be done twice, as a worker that is lost takes its piece with it."""

    remote = True

    def __init__(self, where: str) -> None:
        self._client: Any
        self._cluster, self._client = _connect(where)
        self._homes: dict[str, str] = {}

    @property
    def workers(self) -> int:
        """The workers that the scheduler knows now, at least one."""
        return max(1, len(self._addresses()))

    def spreads(self, seconds: float) -> bool:
        """Everything is handed over."""
        del seconds
        return True

    def map(self, task: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
        """As `Executor.map`; the scheduler gives a lost worker's pieces to others."""
        waiting: deque[Any] = deque()
        for value in values:
            waiting.append(self._client.submit(task, value, pure=False))
            if len(waiting) >= self.workers * _AHEAD:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def visit(self, task: Callable[[Value], Result], value: Value, host: str) -> _Visit[Value, Result]:
        """A visit on the worker that has this host for the length of the run."""
        return _Visit(self, task, value, host)

    def submit_to(self, task: Callable[[Value], Result], value: Value, host: str) -> tuple[Any, str]:
        """Hand a visit to the host's worker, to another one where that is gone; the future and the worker's address."""
        alive = self._addresses()
        if not alive:
            raise DossierError("the cluster has no worker: start one with `dask worker ADDRESS`")
        home = self._homes.get(host)
        if home not in alive:
            home = self._homes[host] = alive[len(self._homes) % len(alive)]
        return self._client.submit(task, value, pure=False, workers=[home], allow_other_workers=False), home

    def alive(self, worker: str) -> bool:
        """Whether the scheduler still knows a worker."""
        return worker in self._addresses()

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _addresses(self) -> list[str]:
        return sorted(map(str, self._client.scheduler_info(n_workers=-1)["workers"]))


class _Visit(Generic[Value, Result]):
    """A visit under way; where its worker is lost another one begins it anew."""

    def __init__(self, executor: DaskExecutor, task: Callable[[Value], Result], value: Value, host: str) -> None:
        self._again = partial(executor.submit_to, task, value, host)
        self._alive = executor.alive
        self._future, self._home = self._again()

    def result(self) -> Result:
        """What the visit gave."""
        for _ in range(TRIES):
            while True:
                try:
                    return _result(self._future, timeout=_LOOK)
                except TimeoutError:
                    if not self._alive(self._home):
                        break
            self._future.cancel()
            self._future, self._home = self._again()
        raise DossierError(f"a worker was lost {TRIES} times while it read the same site")


def _result(future: Any, timeout: str | None = None) -> Any:
    try:
        return future.result(timeout=timeout)
    except TimeoutError:
        raise
    except (OSError, CancelledError) as error:
        raise DossierError(
            "the cluster's scheduler is gone: start it and run the same command again, what was stored is kept"
        ) from error
    except Exception as error:
        if type(error).__name__ != "KilledWorker":
            raise
        raise DossierError(f"workers of the cluster died at the same work again and again: {error}") from error


def _connect(where: str) -> tuple[Any, Any]:
    """(cluster of our own or None, client) for `local:N` or a scheduler's address."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--cluster needs the extra `cluster`: pip install 'account-dossier[cluster]'") from None
    logging.getLogger("distributed").setLevel(logging.ERROR)
    if where.startswith("local:"):
        count = where.removeprefix("local:")
        if not count.isdigit() or not 1 <= int(count) <= 256:
            raise UsageError(f"--cluster {where}: give the number of workers, like local:2")
        cluster = distributed.LocalCluster(
            n_workers=int(count), threads_per_worker=1, host=LOOPBACK, dashboard_address=None, memory_limit=0
        )
        return cluster, distributed.Client(cluster)
    if not where.startswith(_TRANSPORTS):
        raise UsageError(f"--cluster {where}: give a scheduler's address like tcp://127.0.0.1:8786, or local:2")
    try:
        return None, distributed.Client(where, timeout="10s")
    except (OSError, TimeoutError) as error:
        raise DossierError(f"--cluster {where}: no scheduler answers there: start one with `dask scheduler`") from error
