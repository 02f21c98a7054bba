"""Web archives that are made to hang, flood or break their reader; each is a few lines of ours."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

URL: Final = "http://pumps.example/"
GOOD: Final = b"<p>We build pumps for farms, and have done so for forty years.</p>"
HTML: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_HEAD: Final = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: 2026-01-05T00:00:00Z\r\n"
_ZEROS: Final = 300 << 20


def record(body: bytes, head: bytes = HTML, url: str = URL) -> bytes:
    """One answer as an archive holds it; `head` are the lines of its own head."""
    block = head + b"\r\n" + body
    return (
        _HEAD % url.encode()
        + b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(block)
        + block
        + b"\r\n\r\n"
    )


def _after(*parts: bytes) -> bytes:
    """Each part as a gzip member, and a good page after them."""
    return b"".join(map(gzip.compress, (*parts, record(GOOD, url=URL + "good"))))


def _wacz(data: bytes, packing: int = zipfile.ZIP_DEFLATED, stated: int | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr("archive/data.warc", data)
    return held.getvalue().replace(len(data).to_bytes(4, "little"), (stated or len(data)).to_bytes(4, "little"))


ARCHIVES: Final[Mapping[str, Callable[[], bytes]]] = {
    "record.warc.gz": lambda: _after(record(bytes(_ZEROS))),
    "body.warc.gz": lambda: _after(record(gzip.compress(bytes(_ZEROS)), HTML + b"Content-Encoding: gzip\r\n")),
    "chunk.warc.gz": lambda: _after(record(b"fffffff\r\n" + bytes(_ZEROS), HTML + b"Transfer-Encoding: chunked\r\n")),
    "line.warc.gz": lambda: _after(b"WARC/1.0\r\nX: " + bytes(_ZEROS)),
    "lines.warc.gz": lambda: _after(b"WARC/1.0\r\n" + b"X: y\r\n" * 10_000_000),
    "answer-line.warc.gz": lambda: _after(record(b"", b"HTTP/1.1 200 OK\r\nX: " + b"y" * _ZEROS + b"\r\n")),
    "answer-lines.warc.gz": lambda: _after(record(b"", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000_000)),
    "blanks.warc.gz": lambda: _after(record(b"x") + b"\r\n" * 50_000_000),
    "no-archive.warc.gz": lambda: _after(bytes(_ZEROS)),
    "large.wacz": lambda: _wacz(bytes(_ZEROS)),
    "stated-small.wacz": lambda: _wacz(bytes(_ZEROS), stated=5_000),
    "bzip2.wacz": lambda: _wacz(bytes(_ZEROS), zipfile.ZIP_BZIP2, 5_000),
    "lzma.wacz": lambda: _wacz(bytes(_ZEROS), zipfile.ZIP_LZMA, 5_000),
}
"""What stands in a file of that name; those that end with .gz have a good page after it."""
