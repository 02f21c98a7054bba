"""A loopback web server that answers as it is told, rightly or wrongly: one thread, any number of virtual hosts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MAX_REQUEST = 64 << 10  # bytes of a request's head; the client under test sends a few hundred
IDLE_SECONDS = 75.0  # after which a connection that says nothing is dropped, so that no test leaves one behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: the virtual host without its port, the path with its query, and the header lines in lower case."""

    host: str
    path: str
    headers: dict[str, str]


Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes an answer; the connection is closed after it."""
Route = Callable[[Asked], Answer]


@dataclass(kw_only=True)
class Served:
    """A running server: its port, the connections it got, and what was asked."""

    port: int
    connections: int = 0
    asked: list[Asked] = field(default_factory=list)

    def paths(self, host: str) -> list[str]:
        """The paths that were asked of one virtual host, in order."""
        return [asked.path for asked in self.asked if asked.host == host]


def whole(status: int, headers: dict[str, str], body: bytes = b"") -> Answer:
    """A proper answer of any status."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, headers | {"Content-Length": str(len(body))}) + body)
        await writer.drain()

    return answer


def page(body: str, media_type: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    """A proper answer with words."""
    return whole(status, {"Content-Type": media_type}, body.encode())


def head(status: int, headers: dict[str, str]) -> bytes:
    """Status line and header lines, ended; values are written as they are."""
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in headers.items()), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


@contextmanager
def serve(route: Route) -> Iterator[Served]:
    """Serves on a free port of 127.0.0.1 until the end of the block; answers that are under way are dropped then."""
    loop = asyncio.new_event_loop()
    served = Served(port=0)
    server = loop.run_until_complete(
        asyncio.start_server(lambda r, w: _connection(route, served, r, w), "127.0.0.1", 0, backlog=1024)
    )
    served.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    own = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not own]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _connection(route: Route, served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    served.connections += 1
    try:
        asked = await asyncio.wait_for(_read(reader), IDLE_SECONDS)
        if asked is not None:
            served.asked.append(asked)
            await asyncio.wait_for(route(asked)(writer), IDLE_SECONDS)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # the client hung up, as it should on most of what is served here
    except asyncio.CancelledError:
        writer.transport.abort()
        return
    writer.close()
    with suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    first = await reader.readexactly(1)
    if not first.isalpha():
        return None  # the beginning of TLS, which is not spoken here
    lines = (first + await reader.readuntil(b"\r\n\r\n"))[:MAX_REQUEST].decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3:
        return None
    pairs = (line.partition(":") for line in lines[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Asked(host=headers.get("host", "").partition(":")[0], path=words[1], headers=headers)
