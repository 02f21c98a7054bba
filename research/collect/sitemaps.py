"""Sitemaps as sitemaps.org has them: XML of addresses, an index of more sitemaps, or plain lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from research.text.inflate import InflateError, gunzip

MAX_ENTRIES: Final = 50_000  # sitemaps.org, of one file
_MAX_BYTES: Final = 50 << 20  # sitemaps.org, uncompressed
_MAX_VALUE: Final = 4_096  # characters of a value that are looked at
_MAX_NESTING: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """An address and the date of its last change as stated, empty where it is not."""

    url: str
    modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages that a sitemap names, the further sitemaps, and what was wrong with it (None: nothing)."""

    pages: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()
    problem: str | None = None


def read_sitemap(body: bytes) -> Sitemap:
    """A sitemap's entries, gzip-packed or not; a DOCTYPE is refused, and of damaged XML what is readable is kept."""
    try:
        text = gunzip(body, _MAX_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    except InflateError as error:
        return Sitemap(problem=f"the sitemap is not read: {error}")
    if text.startswith((b"http://", b"https://")):
        return _from_lines(text)
    return _from_xml(text)


def _from_lines(text: bytes) -> Sitemap:
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines()[: MAX_ENTRIES + 1]]
    pages = tuple(SitemapEntry(url=line) for line in lines if line.startswith(("http://", "https://")))
    return Sitemap(pages=pages[:MAX_ENTRIES], problem=_too_many(len(pages)))


def _from_xml(text: bytes) -> Sitemap:
    collector = _Collector()
    parser = etree.XMLParser(target=collector, resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        etree.fromstring(text, parser)
    except (etree.LxmlError, ValueError):
        return Sitemap(problem="the sitemap is no XML")
    return collector.result()


def _too_many(count: int) -> str | None:
    return f"the sitemap has more than {MAX_ENTRIES:,} addresses; the rest is left out" if count > MAX_ENTRIES else None


class _Collector:
    """A parser target that knows `loc` and `lastmod` within `url` and `sitemap`, whatever their namespace prefix."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._values: dict[str, str] = {}
        self._found: dict[str, list[SitemapEntry]] = {"url": [], "sitemap": []}
        self._doctype = False
        self._seen = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._path.append(tag.rpartition("}")[2].lower())
        if self._path[-1] in self._found:
            self._values = {}

    def data(self, text: str) -> None:
        if len(self._path) >= 2 and self._path[-2] in self._found and len(self._path) <= _MAX_NESTING:
            known = self._values.get(self._path[-1], "")
            if len(known) < _MAX_VALUE:
                self._values[self._path[-1]] = known + text

    def end(self, _tag: str) -> None:
        name = self._path.pop() if self._path else ""
        url = self._values.get("loc", "").strip()
        if name in self._found and url:
            self._seen += 1
            if self._seen <= MAX_ENTRIES:
                self._found[name].append(SitemapEntry(url=url, modified=self._values.get("lastmod", "").strip()))
            self._values = {}

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        self._doctype = True

    def close(self) -> None:
        """Nothing is left open."""

    def result(self) -> Sitemap:
        if self._doctype:
            return Sitemap(problem="the sitemap declares a DOCTYPE, which is not read")
        pages, sitemaps = tuple(self._found["url"]), tuple(self._found["sitemap"])
        problem = _too_many(self._seen) if pages or sitemaps else "the sitemap names no address"
        return Sitemap(pages=pages, sitemaps=sitemaps, problem=problem)
