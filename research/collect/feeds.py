"""Feeds: the addresses, titles and dates of a site's news in RSS, Atom or JSON Feed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, Final

from lxml import etree

from research.text.urls import join

MAX_ENTRIES: Final = 500  # the newest come first in a feed
_MAX_BYTES: Final = 10 << 20
_MAX_VALUE: Final = 4_096  # characters of a value that are looked at
_ITEMS: Final = frozenset({"item", "entry"})
_DATES: Final = ("pubdate", "published", "issued", "date", "updated", "modified")  # the first that is stated counts
_VALUES: Final = frozenset({"title", "link", "guid", "id", *_DATES})
_ISO: Final = re.compile(r"\s*((?:19|20)\d\d)-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item: `published` is an ISO date, empty where none is stated."""

    url: str
    title: str = ""
    published: str = ""


def read_feed(body: bytes, url: str) -> tuple[FeedEntry, ...]:
    """The entries of a feed in its order, their addresses absolute; none where it is no feed or declares entities.

    One pass without a tree: general feed parsers take 40 s for a hostile 0.6 MB, and content is not wanted here.
    """
    if len(body) > _MAX_BYTES or b"<!entity" in body.lower():
        return ()
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    raw = _from_json(body) if head == b"{" else _from_xml(body)
    entries = (_entry(url, *item) for item in raw[:MAX_ENTRIES])
    return tuple(entry for entry in entries if entry is not None)


def _entry(base: str, href: str, title: str, published: str) -> FeedEntry | None:
    url = join(base, href) if href else None
    if url is None or not url.startswith(("http://", "https://")):
        return None
    return FeedEntry(url=url, title=" ".join(title.split())[:300], published=_iso(published))


def _iso(text: str) -> str:
    """The date of an ISO or RFC 822 time as ISO, empty for anything else."""
    match = _ISO.match(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


def _from_json(body: bytes) -> list[tuple[str, str, str]]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return []
    items = feed.get("items") if isinstance(feed, dict) else None
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [(_text(row, "url"), _text(row, "title"), _text(row, "date_published")) for row in rows]


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _from_xml(body: bytes) -> list[tuple[str, str, str]]:
    collector = _Collector()
    parser = etree.XMLParser(target=collector, resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        etree.fromstring(body.lstrip(b" \t\r\n"), parser)
    except (etree.LxmlError, ValueError):
        return []
    return collector.items


class _Collector:
    """A parser target for both kinds, whatever their namespaces: an item's own children, no deeper."""

    def __init__(self) -> None:
        self.items: list[tuple[str, str, str]] = []
        self._path: list[str] = []
        self._values: dict[str, str] = {}
        self._repeated = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2].lower()
        self._path.append(name)
        no_address = name == "guid" and attributes.get("isPermaLink", "").lower() == "false"
        self._repeated = name in self._values or no_address
        if name in _ITEMS:
            self._values = {}
        elif name == "link" and self._within_item() and attributes.get("rel", "alternate") == "alternate":
            self._values.setdefault("href", attributes.get("href", ""))

    def data(self, text: str) -> None:
        if self._within_item() and self._path[-1] in _VALUES and not self._repeated:
            known = self._values.get(self._path[-1], "")
            if len(known) < _MAX_VALUE:
                self._values[self._path[-1]] = known + text

    def end(self, _tag: str) -> None:
        name = self._path.pop() if self._path else ""
        if name in _ITEMS and self._values and len(self.items) < MAX_ENTRIES:
            self.items.append((self._address(), self._values.get("title", ""), self._moment()))
            self._values = {}

    def close(self) -> None:
        """Nothing is left open."""

    def _within_item(self) -> bool:
        return len(self._path) >= 2 and self._path[-2] in _ITEMS

    def _address(self) -> str:
        """The link; where an item has none, its identifier if that is an address."""
        link = (self._values.get("href") or self._values.get("link", "")).strip()
        name = (self._values.get("guid") or self._values.get("id", "")).strip()
        return link or (name if name.startswith(("http://", "https://")) else "")

    def _moment(self) -> str:
        return next((self._values[name].strip() for name in _DATES if self._values.get(name)), "")
