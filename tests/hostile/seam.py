"""The seam through which tests reach this machine: made-up names, one permitted door, and a canary behind all others.

The client's own name look-up is replaced, and its opening of sockets is watched. The door is the one (name, port) that
the settings permit. Addresses that are really public stand for a quiet public server; everything else that the client
should ever try to reach, whatever its address, is led to the canary, which counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from unittest.mock import patch

import httpcore

PUBLIC = "93.184.216.34"
_WEB_PORTS = (80, 443)


@dataclass(kw_only=True)
class Watch:
    """Every connection that was tried, as (address, port); `strays` are those that no guard should let through."""

    door: int
    canary: int
    public: int
    publics: frozenset[str]
    tried: list[tuple[str, int]] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    @property
    def strays(self) -> list[tuple[str, int]]:
        """Connections to what is neither the door nor a public address at a web port."""
        return [place for place in self.tried if self._leads_to(*place) == self.canary]

    def _leads_to(self, address: str, port: int) -> int:
        if (address, port) == ("127.0.0.1", self.door):
            return self.door
        return self.public if address in self.publics and port in _WEB_PORTS else self.canary

    def lead(self, address: str, port: int) -> int:
        """The port of this machine to which a connection really goes."""
        with self._lock:
            self.tried.append((address, port))
        return self._leads_to(address, port)


@contextmanager
def watching(*, door: int, canary: int, public: int, publics: frozenset[str]) -> Iterator[Watch]:
    """Watches every connection that httpcore opens within the block."""
    watch = Watch(door=door, canary=canary, public=public, publics=publics)
    real = httpcore.SyncBackend.connect_tcp

    def connect(self: httpcore.SyncBackend, host: str, port: int, *rest: Any, **more: Any) -> httpcore.NetworkStream:
        return real(self, "127.0.0.1", watch.lead(host, port), *rest, **more)

    with patch.object(httpcore.SyncBackend, "connect_tcp", connect):
        yield watch


def resolver(names: Mapping[str, str], publics: tuple[str, ...]) -> Callable[[str, int], tuple[str, ...]]:
    """Names as given, addresses as themselves, names with those endings as public, and every other as this machine."""

    def resolve(host: str, port: int) -> tuple[str, ...]:
        if host in names:
            return (names[host],)
        try:
            return (str(ip_address(host.strip("[]").rstrip("."))),)
        except ValueError:
            return (PUBLIC,) if host.endswith(publics) else ("127.0.0.1",)

    return resolve
