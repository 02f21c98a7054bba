"""Serves the sample company's site on loopback, as a web server on the open web would."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from socketserver import TCPServer
from threading import Lock, Thread
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

from research.errors import DossierError, UsageError

HOST: Final = "127.0.0.1"
ORIGIN_MARK: Final = b"{{ORIGIN}}"  # stands in the site's files where the web wants an absolute address
INDEX: Final = "index.html"
NOT_FOUND: Final = "404.html"
# Check-outs do not keep the files' times: one fixed date for the site as it is, a later one for what a caller replaced.
PUBLISHED: Final = "Mon, 02 Nov 2026 09:00:00 GMT"
REPLACED: Final = "Tue, 03 Nov 2026 09:00:00 GMT"
_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}
_FEEDS: Final = {"feed.xml": "application/rss+xml"}
_TEXT: Final = frozenset({".html", ".xml", ".txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer; `location` is set where it is a redirect."""

    status: int
    media_type: str
    body: bytes = b""
    last_modified: str = PUBLISHED
    location: str | None = None

    @property
    def etag(self) -> str:
        """A strong validator: equal bodies have equal ones."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The files of a site with what a caller put over them, under one origin (without a slash at its end)."""

    root: Traversable
    overlay: Mapping[str, bytes]
    origin: str

    def answer(self, target: str) -> Answer:
        """What a GET of `target`, a request's path, receives; no path leads out of the site and none lists a folder."""
        path = unquote(urlsplit(target).path)
        name = file_name(path)
        body = None if name is None else self._read(name)
        if name is not None and body is not None:
            return self._page(200, name, body)
        if name is not None and not path.endswith("/") and self._read(f"{name}/{INDEX}") is not None:
            return Answer(status=301, media_type=_MEDIA_TYPES[".html"], location=f"/{name}/")
        return self._page(404, NOT_FOUND, self._read(NOT_FOUND) or b"Not found")

    def _page(self, status: int, name: str, body: bytes) -> Answer:
        suffix = _suffix(name)
        return Answer(
            status=status,
            media_type=_FEEDS.get(name) or _MEDIA_TYPES.get(suffix, "application/octet-stream"),
            body=body.replace(ORIGIN_MARK, self.origin.encode()) if suffix in _TEXT else body,
            last_modified=REPLACED if name in self.overlay else PUBLISHED,
        )

    def _read(self, name: str) -> bytes | None:
        if name in self.overlay:
            return self.overlay[name]
        file = self.root.joinpath(*name.split("/"))
        return file.read_bytes() if file.is_file() else None


def file_name(path: str) -> str | None:
    """The file that a path names, relative to the site: `/about/` -> `about/index.html`; None where it names none."""
    name = path.removeprefix("/")
    if not name or name.endswith("/"):
        name += INDEX
    parts = name.split("/")
    outside = any(part in ("", ".", "..") or part.startswith(".") for part in parts)
    return None if outside or any(char in name for char in "\\:\0") else name


def _checked(path: str) -> str:
    name = file_name(path)
    if name is None:
        raise UsageError(f"{path!r} is no path of the sample site; give one such as /about/")
    return name


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2]


class _Server(ThreadingHTTPServer):
    """A server whose threads end with it: each answer closes its connection."""

    daemon_threads = False

    def __init__(self, port: int, overlay: Mapping[str, bytes], served: Counter[str], origin: str | None) -> None:
        super().__init__((HOST, port), _Handler)
        self.address = f"http://{HOST}:{self.server_port}"
        self.site = Site(root=sample_folder() / "site", overlay=overlay, origin=origin or self.address)
        self.served = served
        self._counting = Lock()

    def server_bind(self) -> None:
        """Bind without asking the name service for the host's name, as the standard library would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def count(self, path: str) -> None:
        """Note one request for `path`."""
        with self._counting:
            self.served[path] += 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSite"
    sys_version = ""
    timeout = 5  # seconds: a client that connects and says nothing must not hold up the end
    server: _Server

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Nothing: what was served is counted, not printed."""

    def _send(self, *, with_body: bool) -> None:
        self.server.count(urlsplit(self.path).path)
        answer = self.server.site.answer(self.path)
        fresh = answer.status == 200 and self._is_fresh(answer)
        self.send_response(304 if fresh else answer.status)
        self._send_headers(answer, fresh=fresh)
        if with_body and not fresh:
            self.wfile.write(answer.body)

    def _send_headers(self, answer: Answer, *, fresh: bool) -> None:
        self.close_connection = True
        headers = {"Connection": "close"}
        if answer.location is not None:
            headers |= {"Location": answer.location}
        if answer.status == 200:
            headers |= {"ETag": answer.etag, "Last-Modified": answer.last_modified}
        if not fresh:
            headers |= {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _is_fresh(self, answer: Answer) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:  # RFC 9110 13.1.3: the date counts only where no tag is given
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return bool(tags & {"*", answer.etag})
        since = self.headers.get("If-Modified-Since")
        return since is not None and _not_later(answer.last_modified, since)


def _not_later(modified: str, since: str) -> bool:
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # not a date with a zone: RFC 9110 says to ignore it
        return False


def sample_folder() -> Traversable:
    """The folder of the sample company: `site/`, `truth.json`, `seller.toml`, `report.md`."""
    return files("corpora") / "sample"


@contextmanager
def serve_sample(
    *,
    overlay: Mapping[str, bytes] = MappingProxyType({}),
    served: Counter[str] | None = None,
    port: int = 0,
    origin: str | None = None,
) -> Iterator[str]:
    """Serves the sample site while the block runs and yields its address, `http://127.0.0.1:PORT/`.

    `overlay` maps paths (`about/index.html` or `/about/`) to bodies that replace or add files; `served` is filled with
    the number of requests by path; `port` 0 takes a free one; `origin` is what the pages call their own address where
    that is another than the server's. Nothing is written to disk. A path that leads out of
    the site is a UsageError, a port that is taken a DossierError.
    """
    replaced = {_checked(path): body for path, body in overlay.items()}
    try:
        server = _Server(port, replaced, Counter() if served is None else served, origin)
    except OSError as error:
        message = f"cannot serve the sample company on {HOST}:{port} ({error.strerror}); choose another port"
        raise DossierError(message) from error
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample-site")
    thread.start()
    try:
        yield f"{server.address}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
