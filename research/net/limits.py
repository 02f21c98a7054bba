"""How often a service may be asked, over all accounts and clients of a process together."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRule:
    """The terms of the hosts of one service, which share its `group`: at most `requests` in any `seconds` (0: no limit
    here), with `serial` no two at once; `agent` is the User-Agent header to send (empty: the usual one).

    `offered` are the addresses' beginnings that the operator documents for programs: robots.txt rules for all
    crawlers do not close them, rules that name us do.
    """

    group: str
    requests: int = 0
    seconds: float = 0.0
    serial: bool = False
    agent: str = ""
    offered: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many requests may be under way or freshly over; a service without a limit has none to hand out."""
        return min(self.requests, 1) if self.serial else self.requests

    @property
    def rest(self) -> float:
        """The seconds after a request's end in which its place stays taken."""
        return self.seconds / self.requests if self.serial else self.seconds


class Limiter:
    """Hands out turns; one is shared by everything that runs at once. `clock` counts seconds and never goes back.

    A place is taken from before a request leaves until `rest` seconds after its answer is read. The server sees the
    request in between, so it never sees more than the terms allow in any such span, however slow the way there.
    """

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, list[float]] = {}  # the moments from which each place that is not taken may be used
        self._held: dict[str, float] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, rule: HostRule) -> Iterator[float]:
        """Waits for a place at the service, keeps it to the end of the block, and gives the seconds waited."""
        before = self._clock()
        if not rule.places:
            self._sleep_until(rule.group, before)
            yield self._clock() - before
            return
        moment = self._take(rule)
        try:
            self._sleep_until(rule.group, moment)
            yield self._clock() - before
        finally:
            self._give_back(rule)

    def hold(self, group: str, seconds: float) -> None:
        """Nobody asks the service for so long: it said that it is overloaded."""
        with self._changed:
            self._held[group] = max(self._held.get(group, 0.0), self._clock() + seconds)

    def _take(self, rule: HostRule) -> float:
        with self._changed:
            free = self._free.setdefault(rule.group, [0.0] * rule.places)
            while not free:
                self._changed.wait()
            return heapq.heappop(free)

    def _give_back(self, rule: HostRule) -> None:
        with self._changed:
            heapq.heappush(self._free[rule.group], self._clock() + rule.rest)
            self._changed.notify_all()

    def _sleep_until(self, group: str, moment: float) -> None:
        while (wait := max(moment, self._held.get(group, 0.0)) - self._clock()) > 0:
            self._sleep(wait)
