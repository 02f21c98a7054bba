"""Which addresses may be asked at all: public hosts on web ports, and what the settings allow by name."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from research.net.refused import Refused, Unreachable
from research.text.urls import join, parse, parse_plain

Resolve = Callable[[str, int], tuple[str, ...]]
WEB_PORTS: Final = {"http": 80, "https": 443}

# IANA's special-purpose registries (RFC 6890 and later), multicast, class E, and one cloud's public-looking
# metadata address. An explicit table, as `ipaddress.is_global` errs on shared, embedded and newer ranges.
_INTERNAL_V4: Final = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)))  # fmt: skip
# Only 2000::/3 is handed out; all else (loopback, mapped, NAT64, local, multicast) falls outside it. Within it:
# IETF protocols with Teredo, documentation, 6to4, AS112, documentation again.
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_INTERNAL_V6: Final = tuple(map(IPv6Network, (
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)))  # fmt: skip
# Names that never stand for a public site (RFC 6761, 6762, 8375, 9476, ICANN's "internal", home routers).
_LOCAL_SUFFIXES: Final = (
    "localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "private", "svc",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A checked address: `url` is spelled as a browser would, without its fragment."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{name}:{self.port}"


def check_url(url: str, allowed_hosts: tuple[tuple[str, int], ...] = ()) -> Target:
    """The target of `url`; raises Refused for anything but a plain http(s) address on a web or allowed port."""
    parsed, wrong = parse_plain(url)
    if parsed is None:
        raise Refused(wrong or "this is no web address")
    scheme = parsed.protocol.rstrip(":")
    if scheme not in WEB_PORTS:
        raise Refused(f"only http and https are read, not {scheme[:20]}")
    host = parsed.hostname.strip("[]").lower()
    port = int(parsed.port) if parsed.port else WEB_PORTS[scheme]
    if (host, port) not in allowed_hosts:
        _check_name(host)
        if port not in WEB_PORTS.values():
            raise Refused(f"port {port} is no web port")
    return Target(url=parsed.href.partition("#")[0], scheme=scheme, host=host, port=port)


def next_hop(target: Target, location: str) -> str:
    """Where a redirect of `target` leads; raises Refused where it leaves the web or drops its encryption."""
    if not location or any(char < " " or char in "\x7f\\" for char in location):
        raise Refused("redirects without a proper address")
    url = join(target.url, location)
    parsed = parse(url) if url else None
    if url is None or parsed is None:
        raise Refused("redirects without a proper address")
    if target.scheme == "https" and parsed.protocol == "http:":
        raise Refused("redirects from https to http")
    return url


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; False for what is no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _INTERNAL_V4)
    return _is_public_v6(parsed)


def public_addresses(
    host: str, port: int, resolve: Resolve, allowed_hosts: tuple[tuple[str, int], ...]
) -> tuple[str, ...]:
    """The addresses of `host`; raises Refused unless every one of them is public or (host, port) is allowed."""
    addresses = resolve(host, port)
    if not addresses:
        raise Unreachable(f"no such host: {host}")
    if (host, port) not in allowed_hosts and not all(map(is_public, addresses)):
        raise Refused(f"{host} is not on the public internet")
    return addresses


def resolve_in_time(resolve: Resolve, seconds: float) -> Resolve:
    """`resolve` with an end: the system's look-up has no timeout of its own, and a name server may be a stranger's too.

    The thread that waits for it is left behind; it ends when the system gives up, and holds up no exit.
    """

    def bounded(host: str, port: int) -> tuple[str, ...]:
        found: queue.SimpleQueue[tuple[str, ...] | Exception] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                found.put(resolve(host, port))
            except Exception as error:  # noqa: BLE001 - handed on to the thread that asked
                found.put(error)

        threading.Thread(target=look_up, daemon=True, name=f"resolve {host[:40]}").start()
        try:
            result = found.get(timeout=seconds)
        except queue.Empty:
            raise Unreachable(f"no answer from the name service in {seconds:g} s") from None
        if isinstance(result, Exception):
            raise result
        return result

    return bounded


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses that the system knows for `host`, in its order of preference; none where it knows none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (socket.gaierror, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _GLOBAL_V6 and not any(address in network for network in _INTERNAL_V6)


def _check_name(host: str) -> None:
    name = host.rstrip(".")
    try:
        literal = ip_address(name)
    except ValueError:
        if "." not in name or name.rsplit(".", 1)[-1] in _LOCAL_SUFFIXES or name.endswith(".home.arpa"):
            raise Refused(f"{host or 'the host'} is no public host name") from None
        return
    if not is_public(str(literal)):
        raise Refused(f"{host} is not on the public internet")
