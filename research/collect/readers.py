"""Who reads the pages, feeds and sitemaps that a plan learns from: this process, or a child that can be killed."""

from __future__ import annotations

import sys
from threading import Lock
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

import ada_url
from lxml import etree

from research.child.process import Child, ChildError
from research.collect.feeds import FeedEntry, read_feed
from research.collect.links import PageLinks, read_links
from research.collect.sitemaps import Sitemap, read_sitemap
from research.text.codec import CodecError, decode

VERSION: Final = "2"  # raised where links, feeds or sitemaps are read otherwise than before
_ADA: Final = str(ada_url.get_version())  # type: ignore[no-untyped-call]
READ_BY: Final = " ".join(map(str, (VERSION, etree.LXML_VERSION, etree.LIBXML_VERSION, _ADA, sys.version_info[:3])))
"""All that a reading depends on beside the bytes, their address and their charset: our code and what parses for it."""
READ_SECONDS: Final = 15.0  # docs/security/parsing.md: parse 15 s
_MODULE: Final = "research.collect.worker"
T = TypeVar("T")


class UnreadError(Exception):
    """Why nothing was learnt from a page, feed or sitemap, in words for the user."""


class Readers(Protocol):
    """What a plan asks of whoever reads for it; each may raise UnreadError."""

    def links(self, body: bytes, url: str, charset: str | None) -> PageLinks: ...

    def feed(self, body: bytes, url: str) -> tuple[FeedEntry, ...]: ...

    def sitemap(self, body: bytes) -> Sitemap: ...


class Here:
    """Reads in this process: for what we wrote ourselves, and for tests of a plan."""

    def links(self, body: bytes, url: str, charset: str | None) -> PageLinks:
        """The links of an HTML page."""
        return read_links(body, url, charset)

    def feed(self, body: bytes, url: str) -> tuple[FeedEntry, ...]:
        """The entries of a feed."""
        return read_feed(body, url)

    def sitemap(self, body: bytes) -> Sitemap:
        """The entries of a sitemap."""
        return read_sitemap(body)


class Apart:
    """Reads in a child, which starts with the first question; use it as a context manager, from any thread."""

    def __init__(self, *, seconds: float = READ_SECONDS) -> None:
        self._child = Child(_MODULE)
        self._seconds = seconds
        self._turn = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()

    def links(self, body: bytes, url: str, charset: str | None) -> PageLinks:
        """The links of an HTML page."""
        return self._ask(PageLinks, {"read": "links", "url": url, "charset": charset}, body)

    def feed(self, body: bytes, url: str) -> tuple[FeedEntry, ...]:
        """The entries of a feed."""
        return self._ask(tuple[FeedEntry, ...], {"read": "feed", "url": url}, body)

    def sitemap(self, body: bytes) -> Sitemap:
        """The entries of a sitemap."""
        return self._ask(Sitemap, {"read": "sitemap"}, body)

    def _ask(self, kind: type[T], head: dict[str, Any], body: bytes) -> T:
        with self._turn:
            try:
                return decode(kind, self._child.ask(head, body, self._seconds)["found"])
            except ChildError as error:
                raise UnreadError(str(error)) from error
            except (KeyError, CodecError) as error:
                self._child.stop()
                raise UnreadError("reading it broke the parser") from error
