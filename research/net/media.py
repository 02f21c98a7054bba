"""Media types: what is declared, what the first bytes show, and what is worth reading."""

from __future__ import annotations

import re
from typing import Final

from research.net.refused import Refused
from research.net.settings import MAX_FEED_BYTES, MAX_SITEMAP_BYTES, NetSettings

HTML: Final = "text/html"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENTS: Final = frozenset({HTML, "application/xhtml+xml", PDF, DOCX, "text/plain", "text/markdown"})
FEEDS: Final = frozenset({
    "application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml",
    "application/feed+json", "application/json",
})  # fmt: skip
_DATA: Final = re.compile(r"(?:application|text)/(?:[\w.-]+\+)?(?:json|x-ndjson|ndjson|csv|xml)")
_UNDECLARED: Final = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/force-download", "unknown/unknown"}
)
_GZIP: Final = frozenset({"application/gzip", "application/x-gzip"})
_HTML_STARTS: Final = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<!--",
    b"<script",
    b"<title",
    b"<meta",
    b"<div",
    b"<p",
)
# Pictures, archives, programs and fonts, whatever they are declared to be (after WHATWG MIME sniffing, 6 and 7); no
# text begins so.
_BINARY_STARTS: Final = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\x00\x00\x01\x00", b"II*\x00", b"MM\x00*",
    b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MZ\x90\x00", b"\x7fELF",
    b"\xca\xfe\xba\xbe", b"wOFF\x00", b"wOF2\x00", b"OggS\x00", b"\x1aE\xdf\xa3", b"SQLite format 3\x00",
)  # fmt: skip
_BINARY: Final = "application/octet-stream"
MAX_DECLARED: Final = 1_000  # characters of a Content-Type that are looked at; RFC 6838 gives names 127 at most
# One parameter: its name, and its value with or without quotes. The standard library's reader of headers needs 5 s for
# 100 KB of these, and fails on some of RFC 2231's forms.
_PARAMETER: Final = re.compile(r"""
    ; \s* ([^;="\s]*) \s*
    (?: = \s* (?: " ((?:[^"\\] | \\.)*) "? | ([^;]*) ) )?
    [^;]*
""", re.VERBOSE)  # fmt: skip
_XML_STARTS: Final = (b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:rdf")


def declared(content_type: str) -> tuple[str, str | None]:
    """The media type in lower case (empty where none is declared) and the charset parameter of a Content-Type."""
    media_type, _, rest = content_type[:MAX_DECLARED].partition(";")
    stated = (quoted or plain for name, quoted, plain in _PARAMETER.findall(f";{rest}") if name.lower() == "charset")
    return media_type.strip().lower(), next(stated, "").strip(" '\"\t\r\n") or None


def settle(media_type: str, body: bytes) -> str:
    """The media type that the body really has: PDFs are known by their start, and what is undeclared is sniffed."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    if head.startswith(b"%pdf-") or (media_type == PDF and b"%pdf-" in head):
        return PDF
    if media_type not in _UNDECLARED:
        texts = media_type.startswith("text/") or media_type == "application/xhtml+xml"
        return _BINARY if texts and body.startswith(_BINARY_STARTS) else media_type
    if head.startswith(_XML_STARTS):
        return "application/xml"
    if head.startswith(_HTML_STARTS):
        return HTML
    if head.startswith(b"pk\x03\x04") and b"word/" in body:
        return DOCX
    return "text/plain" if head and b"\x00" not in head and _is_utf8(body[:1024]) else _BINARY


def check(media_type: str, origin: str) -> None:
    """Raises Refused where a body of that type holds nothing that is read; `origin` is a Request's."""
    readable = media_type in DOCUMENTS or media_type in _UNDECLARED or media_type in FEEDS
    readable = readable or (origin == "record" and (media_type in _GZIP or _DATA.fullmatch(media_type) is not None))
    if not readable and not (origin == "sitemap" and media_type in _GZIP):
        raise Refused(f"media type {media_type[:60]} is not read")


def limit(media_type: str, origin: str, settings: NetSettings) -> int:
    """The most bytes that a decoded body of that type may have."""
    if origin == "sitemap":
        return MAX_SITEMAP_BYTES
    if origin == "feed":
        return MAX_FEED_BYTES
    return settings.max_pdf_bytes if media_type in (PDF, DOCX) else settings.max_body_bytes


def _is_utf8(head: bytes) -> bool:
    try:
        head[:-3].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
