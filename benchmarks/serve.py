"""Many made-up hosts on one loopback port: the measured programs fetch from it, and its work is not counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Final

from benchmarks.pages import Site, etag

HOST: Final = "127.0.0.1"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, sites: Sequence[Site], *, conditional: bool, faulty: float) -> None:
        self.sites = {site.host: site for site in sites}
        self.conditional = conditional
        self.faulty = frozenset(site.host for at, site in enumerate(sites) if faulty and at % round(1 / faulty) == 0)
        self.asked = 0
        super().__init__((HOST, 0), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Nothing."""

    def do_GET(self) -> None:
        self.server.asked += 1
        host = self.headers.get("Host", "").partition(":")[0]
        site = self.server.sites.get(host)
        if host in self.server.faulty and self._fail():
            return
        body = None if site is None else _body(site, self.path)
        if body is None:
            self._send(404, b"not here", {})
            return
        tag = etag(body)
        if self.server.conditional and self.headers.get("If-None-Match") == tag:
            self._send(304, b"", {"ETag": tag})
            return
        self._send(200, body, {"ETag": tag} if self.server.conditional else {})

    def _fail(self) -> bool:
        """One fault after another: an error, a broken connection, half a body, a slow one, and then an answer."""
        fault = self.server.asked % 5
        if fault == 0:
            self._send(500, b"broken", {})
        elif fault == 1:
            self.connection.close()
        elif fault == 2:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\nhalf")
        elif fault == 3:
            time.sleep(0.3)
            return False
        else:
            return False
        self.close_connection = True
        return True

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        kind = "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
        kind = "application/xml" if self.path.endswith(".xml") else kind
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            if status != 304 or name == "ETag":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _body(site: Site, path: str) -> bytes | None:
    if path == "/robots.txt":
        return f"User-agent: *\nAllow: /\nSitemap: http://{site.host}/sitemap.xml\n".encode()
    if path == "/sitemap.xml":
        entries = "".join(f"<url><loc>{url}</loc></url>" for url in site.urls)
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()
    return site.pages.get(path)


@contextmanager
def serve(sites: Sequence[Site], *, conditional: bool = True, faulty: float = 0.0) -> Iterator[_Server]:
    """Serve the sites while the block runs; `server.sites` may be replaced in between; a share `faulty` of the hosts
    misbehaves."""
    server = _Server(sites, conditional=conditional, faulty=faulty)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
