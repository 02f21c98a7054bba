"""What a page links to, read in one pass without building a tree."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from research.text.urls import MAX_URL, join

MAX_LINKS: Final = 6_000  # of one page; the longest real navigation has some 1,500
_MAX_LABEL: Final = 200  # characters of a link's words
_MAX_LANGUAGE: Final = 35  # characters of a language tag (RFC 5646, 4.4.1)
_MAX_TEXT: Final = 200_000  # characters of a page that its fingerprint looks at
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_SILENT: Final = frozenset({"script", "style", "template", "svg"})
_REFRESH: Final = re.compile(r"^\s*\d*(?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link: `url` is absolute, `label` its words, `language` what hreflang says of its target."""

    url: str
    label: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """The links of a page in its order; equal `fingerprint`s mean equal words, numbers apart."""

    links: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    alternates: tuple[Link, ...] = ()
    language: str | None = None
    cut: bool = False
    fingerprint: str = ""


def read_links(body: bytes, url: str, charset: str | None = None) -> PageLinks:
    """The links of an HTML body that was found at `url`; none where it cannot be parsed at all."""
    collector = _Collector(url)
    parser = etree.HTMLParser(target=collector, no_network=True, encoding=_encoding(body, charset))
    try:
        etree.fromstring(body, parser)
    except etree.LxmlError:
        return PageLinks()
    return collector.result()


def _encoding(body: bytes, charset: str | None) -> str | None:
    """The encoding to insist on; None leaves it to byte-order mark and meta element."""
    if body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    for name in (charset, "utf-8" if _is_utf8(body) else None):
        if name and _known(name):
            return name
    return None


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
        etree.HTMLParser(encoding=name)
    except (LookupError, ValueError):
        return False
    return True


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _language(tag: str | None) -> str | None:
    return tag and tag[:_MAX_LANGUAGE]


class _Collector:
    """A parser target; libxml2 calls it tag by tag."""

    def __init__(self, url: str) -> None:
        self._base = url
        self._based = False
        self._links: list[Link] = []
        self._feeds: list[Link] = []
        self._alternates: list[Link] = []
        self._language: str | None = None
        self._cut = False
        self._open: tuple[str, str | None] | None = None
        self._label: list[str] = []
        self._words: list[str] = []
        self._size = 0
        self._muted: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _SILENT:
            self._muted = self._muted or tag
        elif tag in ("a", "area"):
            self._close_link()
            self._open = (attributes.get("href", ""), attributes.get("hreflang"))
        elif tag == "link":
            self._relation(attributes)
        elif tag == "base" and not self._based and attributes.get("href"):
            self._base = join(self._base, attributes["href"]) or self._base
            self._based = True
        elif tag == "html":
            self._language = attributes.get("lang") or attributes.get("xml:lang") or self._language
        elif tag == "img" and self._open:
            self._label.append(attributes.get("alt", ""))
        elif tag in ("iframe", "frame"):
            self._add(attributes.get("src", ""), "", None)
        elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            match = _REFRESH.match(attributes.get("content", ""))
            self._add(match[1] if match else "", "", None)

    def end(self, tag: str) -> None:
        if tag == self._muted:
            self._muted = None
        if tag == "a":
            self._close_link()

    def data(self, text: str) -> None:
        if self._muted:
            return
        if self._open:
            self._label.append(text)
        if self._size < _MAX_TEXT:
            self._size += len(text)
            self._words.append(text)

    def comment(self, text: str) -> None:
        """Comments hold no links."""

    def close(self) -> None:
        self._close_link()

    def result(self) -> PageLinks:
        words = " ".join(_DIGITS.sub("", "".join(self._words)).casefold().split())
        return PageLinks(
            links=tuple(self._links),
            feeds=tuple(self._feeds),
            alternates=tuple(self._alternates),
            language=_language(self._language),
            cut=self._cut,
            fingerprint=hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        )

    def _close_link(self) -> None:
        if self._open:
            href, language = self._open
            self._open = None
            self._add(href, " ".join("".join(self._label).split())[:_MAX_LABEL], language)
        self._label = []

    def _add(self, href: str, label: str, language: str | None) -> None:
        url = join(self._base, href) if href and not href.startswith("#") else None
        if url is None or not url.startswith(("http://", "https://")):
            return
        if len(self._links) >= MAX_LINKS:
            self._cut = True
            return
        self._links.append(Link(url=url, label=label, language=_language(language)))

    def _relation(self, attributes: dict[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        url = join(self._base, attributes.get("href", "")) if attributes.get("href") else None
        if "alternate" not in relations or url is None or len(self._alternates) + len(self._feeds) >= MAX_LINKS:
            return
        if len(url) > MAX_URL:  # a link of the page would be listed as such; this is none that a reader could follow
            return
        link = Link(
            url=url, label=attributes.get("title", "")[:_MAX_LABEL], language=_language(attributes.get("hreflang"))
        )
        if attributes.get("type", "").lower() in _FEED_TYPES:
            self._feeds.append(link)
        elif link.language:
            self._alternates.append(link)
