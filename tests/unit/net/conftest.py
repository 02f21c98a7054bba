"""A loopback site whose every answer a test writes down, and a client that may reach that one port only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from research.net.client import Client
from research.net.settings import NetSettings

NOW = "2026-01-02T03:04:05Z"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Site:
    """`routes` maps a path to (status, headers, body) or to a function that answers on the handler itself."""

    server: ThreadingHTTPServer
    routes: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(
        self, path: str, body: bytes = b"<html><body><p>A page of words.</p></body></html>", **headers: str
    ) -> None:
        self.routes[path] = (200, HTML | {k.replace("_", "-"): v for k, v in headers.items()}, body)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, dict(self.headers)))
        route = self.site.routes.get(self.path, (404, HTML, b"not here"))
        try:
            if callable(route):
                route(self)
                return
            status, headers, body = route
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client hung up, as several tests want it to

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[[], Site]]:
    """Starts sites; all are stopped at the end of the test."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start() -> Site:
        handler = type("Handler", (_Handler,), {})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        handler.site = site = Site(server)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        servers.append((server, thread))
        return site

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(serve: Callable[[], Site]) -> Site:
    return serve()


@pytest.fixture
def client_for() -> Iterator[Callable[..., Client]]:
    """Builds clients that may reach the given site, without pauses unless a test asks for them."""
    clients: list[Client] = []

    def build(site: Site, *, sleep: Callable[[float], None] | None = None, **limits: object) -> Client:
        settings = NetSettings(**{"delay_seconds": 0.0, "allowed_hosts": (("127.0.0.1", site.port),)} | limits)
        client = Client(settings, now=lambda: NOW, sleep=sleep or (lambda _: None))
        clients.append(client)
        return client

    yield build
    for client in clients:
        client.__exit__(None, None, None)
