"""One request at a time to a host, with a pause between."""

from __future__ import annotations

from collections.abc import Callable


class Pacer:
    """Waits until a host may be asked again; `clock` counts seconds and never goes back, `sleep` waits."""

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._last: dict[str, float] = {}

    def wait(self, host: str, delay: float) -> None:
        """Returns once `delay` seconds have passed since the host was last done with."""
        last = self._last.get(host)
        if last is not None:
            self.pause(last + delay - self._clock())

    def done(self, host: str) -> None:
        """Notes that a request to the host has ended now."""
        self._last[host] = self._clock()

    def pause(self, seconds: float) -> None:
        """Waits as long as that, not at all where it is zero or less."""
        if seconds > 0:
            self._sleep(seconds)
