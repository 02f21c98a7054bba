"""How the network is used: who we say we are, how patient we are, and what is too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from research.net.limits import HostRule

MAX_REDIRECTS: Final = 10  # RFC 9110 sets none; browsers stop at 20, curl at 30; real sites need 3
MAX_ROBOTS_REDIRECTS: Final = 5  # RFC 9309, 2.3.1.2
MAX_ROBOTS_BYTES: Final = 512 << 10  # RFC 9309, 2.5 asks for 500 KiB at least
MAX_CRAWL_DELAY: Final = 30.0  # seconds; a longer wish is cut to this, so that a run ends
MAX_RETRY_AFTER: Final = 30.0  # seconds that a busy server may ask us to wait, once a request
PAUSE_SECONDS: Final = 0.5  # before a GET whose connection broke is asked once more; up to twice as long by chance, so
# that clients that were cut off together do not come back together ("full jitter" halved, as Amazon describes it)
RESOLVE_SECONDS: Final = 10.0  # for a name; the system's own resolver gives up after 5 to 40 s, as it is set up
MAX_HEAD_BYTES: Final = 256 << 10  # before a body begins, interim answers and all; browsers stop at 256 KB as well
MAX_ADDRESSES: Final = 4  # of a host that are tried; each may take `connect_seconds`
MAX_FEED_BYTES: Final = 10 << 20  # a feed of 500 whole articles has some 5 MB
MAX_SITEMAP_BYTES: Final = 50 << 20  # sitemaps.org: 50 MB uncompressed


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSettings:
    """Sizes in bytes, times in seconds; `allowed_hosts` are exact (host, port) pairs that are reached although the
    host is not public or the port not a web port, as a demo or a test server of one's own is; `played_hosts` are names
    under .example, which no name service knows (RFC 2606), each with the port of this machine whose server plays it;
    `rules` are the terms of services by their hosts."""

    user_agent: str = "account-dossier/0.1"
    contact: str | None = None
    delay_seconds: float = 1.0
    max_body_bytes: int = 20 << 20  # the largest 10-K filings as HTML have 15 MB
    max_pdf_bytes: int = 50 << 20  # annual reports with pictures have 10 to 40 MB
    connect_seconds: float = 10.0  # three lost SYN packets: 1 + 2 + 4 s of retransmission (RFC 6298)
    read_seconds: float = 10.0  # of silence; slow content systems need 2 to 4 s for a page
    total_seconds: float = 60.0  # of one fetch with all its hops: httpx's own timeouts are per read and never add up
    patience_seconds: float = 50.0  # that a visit may lose at one site; with what else it does, a bad site costs 60 s
    floor_bytes_per_second: int = 1024  # 1/50 of a bad mobile connection; keeps 1 byte each 9 s from lasting
    floor_after_seconds: float = 10.0
    allowed_hosts: tuple[tuple[str, int], ...] = ()
    rules: tuple[tuple[str, HostRule], ...] = ()
    played_hosts: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where a name that might be somebody's is to be played."""
        if real := [host for host, _ in self.played_hosts if not host.endswith(".example")]:
            raise ValueError(f"{real[0]} may be a real host: only names under .example can be played")

    @property
    def reachable(self) -> tuple[tuple[str, int], ...]:
        """The (host, port) pairs that need no public address."""
        return (*self.allowed_hosts, *((host, 80) for host, _ in self.played_hosts))

    @property
    def identity(self) -> str:
        """The User-Agent header: who is calling, and where to complain."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robot(self) -> str:
        """The product token that robots.txt rules are matched against."""
        return self.user_agent.split("/")[0]
