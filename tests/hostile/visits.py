"""Visits to the sites of a fault server, as the collect stage makes them, with what came of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.gather import gather_site
from research.errors import DossierError
from research.model.account import Source
from research.model.capture import Fetched, Skipped
from research.net.breaker import Breaker
from research.net.client import Client
from research.net.settings import NetSettings

NOW = "2026-11-20T09:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What one visit gave: its pages, what it left out and why, the error that ended it (empty: none), and the seconds
    of wall time."""

    host: str
    kept: tuple[Fetched, ...]
    skipped: tuple[Skipped, ...]
    error: str
    seconds: float

    @property
    def reasons(self) -> str:
        """All the reasons in one text."""
        return "\n".join((self.error, *(skipped.reason for skipped in self.skipped)))


def visit(
    host: str, port: int, *, pages: int = 200, sleep: Callable[[float], None] = time.sleep, **limits: Any
) -> Visited:
    """A visit to one virtual host, without pauses between pages unless `limits` (of NetSettings) set one."""
    terms: dict[str, Any] = {"delay_seconds": 0.0, "allowed_hosts": ((host, port),)}
    settings = NetSettings(**terms | limits)
    kept: list[Fetched] = []
    skipped: list[Skipped] = []
    source = Source(id=host, account_id=host, kind="site", url=f"http://{host}:{port}/", max_pages=pages)
    start, error = time.perf_counter(), ""
    client = Client(
        settings,
        now=lambda: NOW,
        resolve=lambda name, at: ("127.0.0.1",),
        sleep=sleep,
        breaker=Breaker(clock=time.monotonic),
    )
    with client:
        try:
            gather_site(source, client, known={}, keep=kept.append, unchanged=lambda url: None, skip=skipped.append)
        except DossierError as failure:
            error = str(failure)
    seconds = time.perf_counter() - start
    return Visited(host=host, kept=tuple(kept), skipped=tuple(skipped), error=error, seconds=seconds)
