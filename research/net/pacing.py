"""Politeness: a pause between two requests to a host, whoever makes them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable


class Pacer:
    """Waits until a host may be asked again, over all clients that share it; `clock` counts seconds and never goes
    back, `sleep` waits."""

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._last: dict[str, float] = {}
        self._waiting: Counter[str] = Counter()
        self._lock = threading.Lock()

    def wait(self, host: str, delay: float) -> None:
        """Returns once `delay` seconds have passed since the host was last asked, or was last done with."""
        with self._lock:
            now, last = self._clock(), self._last.get(host)
            turn = now if last is None else max(now, last + delay)
            self._last[host] = turn  # whoever comes meanwhile waits from there
            self._waiting[host] += 1
        self.pause(turn - now)
        with self._lock:
            self._waiting[host] -= 1

    def done(self, host: str) -> None:
        """Notes that a request to the host has ended now."""
        with self._lock:
            now = self._clock()
            self._last[host] = max(self._last.get(host, now), now) if self._waiting[host] else now

    def pause(self, seconds: float) -> None:
        """Waits as long as that, not at all where it is zero or less."""
        if seconds > 0:
            self._sleep(seconds)
