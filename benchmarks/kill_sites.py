"""Forty made-up companies on one loopback server, in two states: as a first visit found them, and as a refresh does."""

from __future__ import annotations

import hashlib
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

HOST: Final = "127.0.0.1"
_FIRST: Final = "Alma Bruno Clara Dario Edith Felix Greta Hugo Ines Jonas Klara Leon Mira Nils Olga Paul".split()
_LAST: Final = "Aldersey Brackwood Cromlech Dunmore Eastvale Fenwright Garrowby Hollis Inskip Jarrold".split()
_PLACES: Final = "Leeds Cork Turin Ghent Malmo Porto Graz Lyon Basel Utrecht".split()
_NAMES: Final = "Arven Belmar Corvex Dantor Elvane Fornax Gelden Harvik Istral Jorvan".split()
_SORTS: Final = ("Pumps", "Robotics", "Foods", "Optics")
_STORIES: Final = 16
_FIXED: Final = ("/about/", "/leadership/", "/products/", "/gone/")  # what every page links to; the last is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One of them; `number` decides everything that its pages say."""

    number: int

    @property
    def name(self) -> str:
        """Two words that no other company of the set has together."""
        return f"{_NAMES[self.number % 10]} {_SORTS[self.number // 10 % 4]}"

    @property
    def host(self) -> str:
        """A host under .example (RFC 2606)."""
        return f"www.{self.name.lower().replace(' ', '-')}.example"

    def pages(self, state: int) -> dict[str, bytes]:
        """Path to body; in state 1 a story is new, one is gone, and two pages say something else than in state 0."""
        draw = random.Random(f"company {self.number}")
        boss, money = (f"{draw.choice(_FIRST)} {draw.choice(_LAST)}" for _ in range(2))
        city, year = draw.choice(_PLACES), draw.randrange(1950, 2015)
        later = f"{draw.choice(_FIRST)} {draw.choice(_LAST)}" if state else money
        pages = {
            "/": f"<h1>{self.name}</h1><p>{self.name} builds equipment for factories in {city}.</p>",
            "/about/": f"<h1>About {self.name}</h1><p>{self.name} was founded in {year} and is headquartered in {city}."
            f"</p><p>We employ {draw.randrange(2, 90) * 100 + state} people.</p>",
            "/leadership/": f"<h1>Leadership</h1><h2>{boss}</h2><p>Chief Executive Officer</p>"
            f"<h2>{later}</h2><p>Chief Financial Officer</p>",
            "/products/": f"<h1>Products</h1><p>Our product {self.name} Flow measures what passes through a line.</p>",
        }
        for number in range(state, _STORIES + state):
            pages[f"/news/{number}/"] = self._story(number, 10 + (7 * number + self.number) % 80)
        stories = "".join(f'<p><a href="{path}">{path.strip("/")}</a></p>' for path in pages if "news" in path)
        pages["/"] += stories
        return {path: self._page(text) for path, text in pages.items()}

    def _story(self, number: int, percent: int) -> str:
        return (
            f"<h1>{self.name} in month {number}</h1><p>{self.name} struggles with rising costs, which grew by "
            f"{percent} percent. The company plans to open a new plant in {_PLACES[number % 10]}.</p>"
        )

    def _page(self, text: str) -> bytes:
        links = "".join(f'<a href="{path}">{path.strip("/")}</a> ' for path in _FIXED)
        head = f'<!doctype html><html lang="en"><head><title>{self.name}</title></head>'
        return f"{head}<body><nav>{links}</nav><main>{text}</main><footer>{self.name}</footer></body></html>".encode()


@cache
def companies(count: int = 40) -> tuple[Company, ...]:
    """The companies of a run."""
    return tuple(Company(number=number) for number in range(count))


class Server:
    """The companies' hosts in a process of their own; every request is a line of `log`, appended as it arrives."""

    def __init__(self, folder: Path, count: int = 40) -> None:
        self.log = folder / "requests"
        self._state = folder / "state"
        self.turn(0)
        ready, done = get_context("fork").Pipe(duplex=False)
        self._process = get_context("fork").Process(target=self._serve, args=(done, count), daemon=True)
        self._process.start()
        done.close()
        self.port: int = ready.recv()

    def turn(self, state: int) -> None:
        """Show every site in this state from now on, and forget what was asked."""
        self._state.write_text(str(state), "ascii")
        self.log.write_bytes(b"")

    def asked(self) -> list[str]:
        """The requests since the last turn, `host path` each."""
        return self.log.read_text("ascii").splitlines()

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()

    def _serve(self, done: object, count: int) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sites = {company.host: tuple(company.pages(state) for state in (0, 1)) for company in companies(count)}
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        handler = type("Handler", (_Handler,), {"sites": sites, "log": log, "state": self._state})
        server = ThreadingHTTPServer((HOST, 0), handler)
        done.send(server.server_port)  # type: ignore[attr-defined]
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sites: dict[str, tuple[dict[str, bytes], ...]]
    log: int
    state: Path

    def do_GET(self) -> None:
        host, path = self.headers.get("Host", "").partition(":")[0], urlsplit(self.path).path
        os.write(self.log, f"{host} {path}\n".encode("ascii", "replace"))
        pages = self.sites[host][int(self.state.read_text("ascii"))]
        body, kind = pages.get(path), "text/html; charset=utf-8"
        if path == "/robots.txt":
            body, kind = f"User-agent: *\nSitemap: http://{self.headers['Host']}/sitemap.xml\n".encode(), "text/plain"
        elif path == "/sitemap.xml":
            rows = "".join(f"<url><loc>http://{self.headers['Host']}{page}</loc></url>" for page in pages)
            body, kind = (
                f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode(),
                "text/xml",
            )
        self._send(body, kind)

    def _send(self, body: bytes | None, kind: str) -> None:
        tag = f'"{hashlib.sha256(body or b"").hexdigest()[:16]}"'
        same = body is not None and self.headers.get("If-None-Match") == tag
        self.close_connection = True
        self.send_response(404 if body is None else 304 if same else 200)
        for name, value in {"Connection": "close", "ETag": tag, "Content-Type": kind}.items():
            self.send_header(name, value)
        sent = b"" if same else body or b"nothing here"
        if not same:
            self.send_header("Content-Length", str(len(sent)))
        with suppress(ConnectionError):  # whoever asked was killed
            self.end_headers()
            self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
        """Nothing: what was asked is in the log."""
