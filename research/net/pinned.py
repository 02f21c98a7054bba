"""The only place where a connection is opened: to an address that was checked, and no longer than agreed."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from research.net.refused import Unreachable
from research.net.settings import MAX_ADDRESSES, MAX_HEAD_BYTES

Addresses = Callable[[str, int], tuple[str, ...]]
LOOPBACK: Final = "127.0.0.1"
_REASONS: Final = (
    (ssl.SSLError, "no secure connection (TLS) could be made"),
    (httpcore.ConnectTimeout, "no connection in time"),
    (httpcore.TimeoutException, "no answer in time"),
    (ConnectionRefusedError, "the server refuses the connection"),
    (httpcore.ProtocolError, "the server broke off, or does not speak HTTP"),
)


class Deadline:
    """Seconds that one fetch may still use, all its hops together; waiting for politeness' sake can be added back.

    Of each exchange it also knows how many bytes came, and breaks it off where they come too slowly: after
    `floor_after` seconds from the first one, headers and all, at least `floor` a second. `in_head` is true until the
    headers are complete.
    """

    def __init__(self, seconds: float, clock: Callable[[], float], floor: int = 0, floor_after: float = 0.0) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds
        self._floor = floor
        self._floor_after = floor_after
        self._exchange_end = self._end
        self._first: float | None = None
        self.size = 0
        self.in_head = True

    def begin(self, seconds: float) -> None:
        """Starts an exchange that may take so long by itself."""
        self._exchange_end = self._clock() + seconds
        self._first = None
        self.size = 0
        self.in_head = True

    def left(self, wish: float | None = None) -> float:
        """The seconds left, at most `wish`; raises Unreachable where there are none."""
        rest = min(self._end, self._exchange_end) - self._clock()
        if rest <= 0:
            raise Unreachable(f"took longer than {self._seconds:g} s in all")
        return rest if wish is None else min(rest, wish)

    def received(self, size: int) -> None:
        """Counts bytes that came; raises Unreachable where they come too slowly."""
        now = self._clock()
        self._first = now if self._first is None else self._first
        self.size += size
        if self.in_head and self.size > MAX_HEAD_BYTES:
            raise Unreachable(f"more than {MAX_HEAD_BYTES >> 10} KB of headers")
        spent = now - self._first
        if spent > self._floor_after and self.size < spent * self._floor:
            raise Unreachable(f"slower than {self._floor} bytes a second")

    def add(self, seconds: float) -> None:
        """Moves the end back."""
        self._end += seconds


class PinnedTransport(httpx.BaseTransport):
    """Sends httpx requests over connections to checked addresses; Host and SNI stay the site's own."""

    def __init__(self, addresses: Addresses, deadline: Deadline, played: Mapping[str, int] | None = None) -> None:
        self._backend = PinnedBackend(addresses, deadline, played or {})
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(),
            max_keepalive_connections=0,  # a pause lies between requests, in which servers drop idle connections
            network_backend=self._backend,
        )

    def use(self, deadline: Deadline) -> None:
        """Holds everything from now on to another deadline."""
        self._backend.deadline = deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not read yet; raises Refused or Unreachable."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        plain = httpcore.Request(
            method=request.method,
            url=target,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(plain)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _unreachable(error) from None
        self._backend.deadline.in_head = False
        stream = answer.stream
        assert isinstance(stream, Iterable)  # noqa: S101 - the synchronous pool gives no other  # nosec B101
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(stream), extensions=answer.extensions)

    def close(self) -> None:
        """Closes every connection."""
        self._pool.close()


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that vouch for servers, read once: each reading costs 20 ms, and every account has a client."""
    return httpx.create_ssl_context(trust_env=False)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the checked addresses of a host in turn, until one answers; `played` names ports of this machine."""

    def __init__(self, addresses: Addresses, deadline: Deadline, played: Mapping[str, int]) -> None:
        self._addresses = addresses
        self._played = played
        self._sockets = httpcore.SyncBackend()
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to `host`; raises Refused where the host is not to be asked, else what the last attempt raised."""
        failure: Exception = Unreachable(f"no such host: {host}")
        for address in self._addresses(host, port)[:MAX_ADDRESSES]:
            try:
                stream = self._sockets.connect_tcp(
                    address, self._played.get(host, port), self.deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline of the fetch that it serves at the time."""

    def __init__(self, stream: httpcore.NetworkStream, backend: PinnedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        deadline = self._backend.deadline
        data = self._stream.read(max_bytes, deadline.left(timeout))
        deadline.received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._backend.deadline.left(timeout))
        return _TimedStream(secure, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _unreachable(error) from None

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


def _unreachable(error: Exception) -> Unreachable:
    """What the library raised in words; a connection that was cut is no verdict on the next one."""
    broken = isinstance(error, (httpcore.NetworkError, httpcore.ProtocolError)) and not _is_tls(error)
    return Unreachable(_reason(error), broken=broken)


def _is_tls(error: Exception) -> bool:
    return any(isinstance(arg, ssl.SSLError) for arg in (error, *error.args))


def _reason(error: Exception) -> str:
    cause = next((arg for arg in error.args if isinstance(arg, Exception)), error)  # httpcore wraps it so
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {cause.verify_message}"
    known = next((words for kind, words in _REASONS if isinstance(cause, kind) or isinstance(error, kind)), None)
    detail = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
    return known or f"the connection failed{detail}"
