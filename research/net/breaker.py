"""When to stop asking a host that gives nothing, and a site that only takes time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from research.net.refused import Unreachable

FAILURES_IN_A_ROW: Final = 5  # as in common circuit breakers (resilience4j's and Envoy's defaults lie at 5 as well)
COOL_SECONDS: Final = 300.0  # before a host is tried again; a run over many accounts is longer, a visit shorter
FREE_SECONDS: Final = 5.0  # that any answer may take at no charge: slow content systems need 2 to 4
FREE_RATE: Final = 16 << 10  # bytes a second above which the length of a body is no loss of time


@dataclass(slots=True)
class _Record:
    failures: int = 0
    reason: str = ""
    closed_until: float = 0.0


class Breaker:
    """Failures of hosts in a row, over all clients that share it; `clock` counts seconds and never goes back."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._hosts: dict[str, _Record] = {}
        self._lock = threading.Lock()

    def check(self, host: str) -> None:
        """Raises Unreachable for a host that has failed too often; after COOL_SECONDS one request is let through."""
        with self._lock:
            record = self._hosts.get(host)
            if record is None or record.failures < FAILURES_IN_A_ROW:
                return
            if self._clock() < record.closed_until:
                raise Unreachable(f"not asked, as the host failed {record.failures} times in a row: {record.reason}")
            record.closed_until = self._clock() + COOL_SECONDS  # for whoever comes while this one tries

    def gives_up(self, host: str) -> bool:
        """Whether a host has failed so often that it is not asked a second time."""
        with self._lock:
            record = self._hosts.get(host)
            return record is not None and record.failures >= FAILURES_IN_A_ROW

    def failed(self, host: str, reason: str) -> None:
        """Notes a request that came to nothing."""
        with self._lock:
            record = self._hosts.setdefault(host, _Record())
            record.failures += 1
            record.reason = reason
            record.closed_until = self._clock() + COOL_SECONDS

    def answered(self, host: str) -> None:
        """Notes an answer, of whatever status but a server's own failure."""
        with self._lock:
            self._hosts.pop(host, None)


class Patience:
    """The seconds that one visit has lost at each site: in requests that failed, and in answers slower than is usual.

    A site that is built to hold visitors up costs no more than `seconds`, however many pages it lists.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lost: dict[str, float] = {}

    def left(self, site: str) -> float:
        """The seconds that may still be lost; raises Unreachable where there are none."""
        left = self._seconds - self._lost.get(site, 0.0)
        if left <= 0:
            raise Unreachable(f"not asked, as the site cost {self._seconds:g} s in which it gave nothing")
        return left

    def grants(self, site: str, seconds: float) -> bool:
        """Whether the site may be waited for so long, and something be left of our patience."""
        return self._lost.get(site, 0.0) + seconds < self._seconds

    def failed(self, site: str, seconds: float) -> None:
        """Charges the whole time of a request that came to nothing, or that a busy server asked us to wait."""
        self._lost[site] = self._lost.get(site, 0.0) + seconds

    def answered(self, site: str, seconds: float, size: int) -> None:
        """Charges what an answer of so many bytes took beyond the usual."""
        self._lost[site] = self._lost.get(site, 0.0) + max(0.0, seconds - FREE_SECONDS - size / FREE_RATE)
