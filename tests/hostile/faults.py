"""Hostile servers: what each does to whoever asks, and what must come of a visit to it.

A fault is a function from a request to an answer, as one virtual host would give it. `HOPELESS` give no page at all;
`PARTLY` give a home page first and hold the visitor up behind it; `TRAPS` have pages without end.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import brotli

from .faulty_server import Answer, Asked, Route, head, page, whole

_HTML: Final = {"Content-Type": "text/html; charset=utf-8"}
WORDS: Final = "We build pumps for farms, and have done so for forty years in one small town by the river. "
_ZEROS: Final = 64 << 20  # bytes of the small bombs made here; the large ones are served from the shared data


def home(links: tuple[str, ...] = (), head_markup: str = "") -> Answer:
    """A home page with these links."""
    anchors = "".join(f'<p><a href="{link}">Page {number} of our work</a></p>' for number, link in enumerate(links))
    return page(
        f"<html lang=en><head><title>Pumps</title>{head_markup}</head><body><p>{WORDS}</p>{anchors}</body></html>"
    )


def _raw(*pieces: bytes, pause: float = 0.0) -> Answer:
    """Writes just these bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def _endless(start: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """Writes a start, then the same piece for as long as anybody reads it."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def _silent() -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        del writer
        await asyncio.sleep(3600)

    return answer


def _reset(start: bytes) -> Answer:
    """Cuts the connection with an RST after these bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return answer


def _packed(body: bytes, encoding: str) -> Answer:
    return whole(200, _HTML | {"Content-Encoding": encoding}, body)


@cache
def _bomb(kind: str) -> bytes:
    zeros = bytes(_ZEROS)
    once = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=5)}
    return gzip.compress(gzip.compress(zeros)) if kind == "gzip2" else once[kind](zeros)


def _everywhere(answer: Answer) -> Route:
    """The same answer at every path but robots.txt, which is not there."""
    return lambda asked: whole(404, {}) if asked.path == "/robots.txt" else answer


def _behind(answer: Answer, status: int = 404) -> Route:
    """A proper home page whose forty links all get that answer."""
    start = home(tuple(f"/work/{number}" for number in range(40)))
    missing = ("/robots.txt", "/sitemap.xml")
    return lambda asked: start if asked.path == "/" else whole(status, {}) if asked.path in missing else answer


def _robots(answer: Answer) -> Route:
    """A proper site whose robots.txt gets that answer."""
    return lambda asked: answer if asked.path == "/robots.txt" else home()


def _redirecting(location: Callable[[Asked], str]) -> Route:
    return lambda asked: (
        whole(404, {}) if asked.path == "/robots.txt" else whole(302, {"Location": location(asked)}, b"")
    )


_CHUNKED: Final = head(200, _HTML | {"Transfer-Encoding": "chunked"})
_OPEN: Final = head(200, _HTML)
_DAY: Final = "Mon, 02 Jan 2023 00:00:00 GMT"

HOPELESS: Final[Mapping[str, Route]] = {
    "silent": _everywhere(_silent()),
    "trickle": _everywhere(_endless(_OPEN, b"x", 1.0)),
    "trickle-headers": _everywhere(_endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"y", 1.0)),
    "endless-headers": _everywhere(_endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 64)),
    "endless-interim": _everywhere(_endless(b"", b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" * 64)),
    "endless-chunks": _everywhere(_endless(_CHUNKED, b"10000\r\n" + b"z" * 0x10000 + b"\r\n")),
    "slow-chunks": _everywhere(_endless(_CHUNKED, b"800\r\n" + b"z" * 0x800 + b"\r\n", 1.0)),
    "bad-chunks": _everywhere(_raw(_CHUNKED, b"-5\r\nxxxxx\r\nzz\r\n")),
    "reset-at-once": _everywhere(_reset(b"")),
    "reset-in-body": _everywhere(_reset(head(200, _HTML | {"Content-Length": "9999"}) + b"<p>We build")),
    "too-short": _everywhere(_raw(head(200, _HTML | {"Content-Length": "9999"}), b"<p>We build pumps</p>")),
    "two-lengths": _everywhere(_raw(head(200, {"Content-Length": "5, 50"}), b"<p>We build pumps</p>")),
    "negative-length": _everywhere(_raw(head(200, {"Content-Length": "-1"}), b"<p>We build pumps</p>")),
    "noise": _everywhere(_raw(b"\x00\x01\x02 this is no HTTP at all\r\n\r\n")),
    "status-nonsense": _everywhere(_raw(b"HTTP/1.1 9999 What\r\n\r\n")),
    "loop": _redirecting(lambda asked: "/" if asked.path == "/a" else "/a"),
    "chain": _redirecting(lambda asked: f"{asked.path}x"),
    "to-a-file": _redirecting(lambda asked: "file:///etc/passwd"),
    "to-this-machine": _redirecting(lambda asked: "http://127.0.0.1/"),
    "to-control-characters": _redirecting(lambda asked: "/\x01\x7f"),
    "long-location": _redirecting(lambda asked: "/" + "x" * 9_000),
    "bomb-gzip": _everywhere(_packed(_bomb("gzip"), "gzip")),
    "bomb-br": _everywhere(_packed(_bomb("br"), "br")),
    "bomb-deflate": _everywhere(_packed(_bomb("deflate"), "deflate")),
    "bomb-twice": _everywhere(_packed(_bomb("gzip2"), "gzip, gzip")),
    "cut-gzip": _everywhere(_packed(gzip.compress(WORDS.encode())[:-9], "gzip")),
    "picture-as-page": _everywhere(whole(200, {"Content-Type": "image/png"}, b"\x89PNG" + bytes(99))),
    "empty": _everywhere(whole(200, _HTML, b"")),
    "unavailable": _everywhere(whole(503, {"Retry-After": "30"}, b"busy")),
    "far-moment": _everywhere(
        whole(503, {"Retry-After": f"Mon, 02 Jan 2023 00:00:00 +{'9' * 20}", "Date": _DAY}, b"busy")
    ),
    "failing": _everywhere(whole(500, _HTML, b"oops")),
    "captcha": _everywhere(page("<title>One moment</title><p>Please verify you are human.</p>")),
    "captcha-403": _everywhere(page("<p>Checking your browser before accessing us</p>", status=403)),
    "robots-trickle": _robots(_endless(_OPEN, b"#", 1.0)),
    "robots-failing": _robots(whole(500, {})),
    "robots-loop": _robots(whole(302, {"Location": "/robots.txt"})),
}

PARTLY: Final[Mapping[str, Route]] = {
    "tarpit-silent": _behind(_silent()),
    "tarpit-trickle": _behind(_endless(_OPEN, b"x", 1.0)),
    "tarpit-slow": _behind(_endless(_CHUNKED, b"800\r\n" + b"z" * 0x800 + b"\r\n", 1.0)),
    "tarpit-busy": _behind(whole(429, {"Retry-After": "30"})),
    "tarpit-resets": _behind(_reset(head(200, _HTML | {"Content-Length": "9999"}))),
    "tarpit-bombs": _behind(_packed(_bomb("br"), "br")),
    "tarpit-failing": _behind(whole(500, _HTML, b"oops")),
    "lying-charset": _everywhere(whole(200, {"Content-Type": "text/html; charset=utf-16"}, f"<p>{WORDS}</p>".encode())),
    "unknown-charset": _everywhere(
        whole(200, {"Content-Type": "text/html; charset=klingon"}, f"<p>{WORDS}</p>".encode())
    ),
    "odd-parameters": _everywhere(
        whole(200, {"Content-Type": "text/html; charset*=a'b'c'd; charset*1=x"}, f"<p>{WORDS}</p>".encode())
    ),
    "many-parameters": _everywhere(
        whole(200, {"Content-Type": 'text/html; charset="' + ";" * 60_000}, f"<p>{WORDS}</p>".encode())
    ),
    "page-as-bytes": _everywhere(whole(200, {"Content-Type": "application/octet-stream"}, f"<html>{WORDS}".encode())),
    "bytes-as-page": _everywhere(whole(200, _HTML, bytes(range(256)) * 40)),
    "too-long": _everywhere(_raw(head(200, _HTML | {"Content-Length": "40"}), f"<p>{WORDS}</p>".encode())),
    "robots-endless": _robots(_endless(head(200, {"Content-Type": "text/plain"}), b"# and more\n" * 999)),
}


def _calendar(asked: Asked) -> Answer:
    number = int(asked.path.rpartition("=")[2]) if "month=" in asked.path else 0
    return home((f"/events/?month={number + 1}", f"/calendar/{number + 1}/", f"/events/2026-{number % 12 + 1:02}/"))


_VISITS = itertools.count(1)


def _sessions(asked: Asked) -> Answer:
    """Every page links the same ten pages under an identifier of its own."""
    del asked
    visit = next(_VISITS)
    return home(tuple(f"/p{n};jsessionid={visit:08x}?PHPSESSID={visit}&sid={visit}" for n in range(10)))


def _deeper(asked: Asked) -> Answer:
    return home((f"{asked.path.rstrip('/')}/more", f"{asked.path.rstrip('/')}/x{asked.path.count('/')}"))


def _filters(asked: Asked) -> Answer:
    number = len(asked.path)
    return home(tuple(f"/shop?a={number}&b={n}" for n in range(30)))


def _copies(asked: Asked) -> Answer:
    """Pages without end that say the same, numbers apart."""
    last = asked.path.rpartition("/")[2]
    number = int(last) if last.isdigit() else 0
    return home(tuple(f"/items/{number * 7 + n}" for n in range(1, 8)))


def _outlinks(asked: Asked) -> Answer:
    return home(tuple(f"/n{number}" for number in range(20_000)) if asked.path == "/" else ())


def _long_links(asked: Asked) -> Answer:
    return home(tuple(f"/{n}?q={'x' * 3_000}" for n in range(50)) if asked.path == "/" else ())


def _xml(text: str) -> Answer:
    return page(text, "application/xml")


def _fan_out(asked: Asked) -> Answer:
    """Each sitemap is an index of a thousand more."""
    if not asked.path.startswith("/sitemap"):
        return home()
    stem = asked.path.removesuffix(".xml")
    rows = "".join(f"<sitemap><loc>http://{asked.headers['host']}{stem}-{n}.xml</loc></sitemap>" for n in range(1000))
    return _xml(f"<sitemapindex>{rows}</sitemapindex>")


def _nested(asked: Asked) -> Answer:
    """Each sitemap names one more, without end."""
    if not asked.path.startswith("/sitemap"):
        return home()
    stem = asked.path.removesuffix(".xml")
    return _xml(f"<sitemapindex><sitemap><loc>http://{asked.headers['host']}{stem}x.xml</loc></sitemap></sitemapindex>")


def _crowded(asked: Asked) -> Answer:
    """One sitemap with more addresses than the standard allows."""
    if asked.path != "/sitemap.xml":
        return home()
    rows = "".join(f"<url><loc>http://{asked.headers['host']}/n{n}</loc></url>" for n in range(60_000))
    return _xml(f"<urlset>{rows}</urlset>")


def _no_404(asked: Asked) -> Answer:
    """Whatever is asked for is there, and says the same."""
    return home(tuple(f"{asked.path.rstrip('/')}-{n}" for n in range(3)))


def _with_robots(route: Route) -> Route:
    return lambda asked: whole(404, {}) if asked.path == "/robots.txt" else route(asked)


TRAPS: Final[Mapping[str, Route]] = {
    name: _with_robots(route)
    for name, route in {
        "calendar": _calendar,
        "session-ids": _sessions,
        "deeper": _deeper,
        "filters": _filters,
        "copies": _copies,
        "outlinks": _outlinks,
        "long-links": _long_links,
        "sitemap-fan-out": _fan_out,
        "sitemap-nested": _nested,
        "sitemap-crowded": _crowded,
        "no-404": _no_404,
    }.items()
}

FAULTS: Final[Mapping[str, Route]] = {**HOPELESS, **PARTLY, **TRAPS}


def good(asked: Asked, pages: int = 4) -> Answer:
    """A small proper site: a home page and some more, each with words of its own."""
    if asked.path == "/":
        return home(tuple(f"/work/{number}" for number in range(1, pages)))
    number = asked.path.rpartition("/")[2]
    if not asked.path.startswith("/work/") or not number.isdigit() or int(number) >= pages:
        return whole(404, {"Content-Type": "text/plain"}, b"not here")
    told = " ".join(f"Field {asked.host} number {number}: pump {n} waters {n * 7} rows." for n in range(40))
    return page(
        f"<html lang=en><head><title>Work {number}</title></head><body><h1>Work</h1><p>{told}</p></body></html>"
    )


def library(asked: Asked, pages: int = 150) -> Answer:
    """A larger proper site, whose pages have the size and the number of links that company sites have."""
    number = asked.path.removeprefix("/article-")
    if asked.path != "/" and not (number.isdigit() and int(number) < pages):
        return whole(404, {"Content-Type": "text/plain"}, b"not here")
    menu = "".join(f'<li><a href="/article-{n}">Article {n} on pumps</a></li>' for n in range(pages))
    told = "".join(f"<p>{number} {n}: {WORDS * 3}</p>" for n in range(40))
    return page(f"<html lang=en><head><title>{number}</title></head><body><nav>{menu}</nav>{told}</body></html>")
