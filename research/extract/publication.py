"""When a page was published, by what it says of itself: never by a copyright year.

Order: JSON-LD of an article, meta tags, marked-up dates in the page, a byline or dateline near the heading, the data
that its scripts carry, the address; where all are silent, the day of its last revision. A date after the page was
fetched counts for nothing. Measured on 142 labelled pages (htmldate's own English set): see `tests/unit/extract`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Final

from lxml.etree import _Element

from research.extract.dated import CHANGED, byline, dateline, iso, read_day, revision
from research.extract.html_blocks import Block
from research.extract.structured import SelfDescription
from research.text.pages import page_type

_META: Final = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "date.published", "publication_date", "publish-date", "publish_date", "published_date", "published-date", "pubdate",
    "publishdate", "article.published", "article_date_original", "originalpublicationdate", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued",
    "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "dcsext.articlefirstpublished",
    "citation_publication_date", "citation_date", "bt:pubdate", "article-publication-date", "rnews:datepublished",
    "shareaholic:article_published_time", "displaydate", "timestamp", "datecreated", "date_published", "gentime",
    "ptime", "date", "created",
)  # fmt: skip
_META_CHANGED: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified",
    "lastmod", "revised",
)  # fmt: skip
_PATH: Final = re.compile(
    r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)|[/_-]((?:19|20)\d\d)[-_]?(\d\d)[-_]?(\d\d)(?=[/_.-]|$)"
)
_CARRIED: Final = re.compile(
    r"\"(?:datePublished|publishedDate|publishDate|publicationDate|publish_date|published_at|publishedAt|pub_date|pubDate"
    r"|firstPublished|first_published_at|firstPublishedAt|datePublication)\"\s*:\s*\"((?:19|20)\d\d-\d\d-\d\d)"
)
_MARKED: Final = (
    "//*[@itemprop='datePublished' or @property='datePublished' or @pubdate]",
    "//time[@datetime or normalize-space()]",
    "//*[self::abbr or self::span][contains(@class, 'published') or contains(@class, 'entry-date')]",
)
_LISTS: Final = frozenset(("home", "newsroom", "careers", "customers", "partners", "contact", "investor"))
_NEAR: Final = 14  # blocks after the heading in which a byline stands
_OLDEST: Final = "1995-01-01"
_SCRIPT: Final = 3_000_000  # characters


def publication_date(
    root: _Element, page: SelfDescription, blocks: Sequence[Block], *, url: str, title: str, fetched_at: str
) -> str | None:
    """The ISO day of publication, or None where the page states none."""
    latest = _day_after(fetched_at)
    found = _candidates(root, page, blocks, url, title)
    return next((day for day in found if _OLDEST <= day <= latest), None)


def _candidates(root: _Element, page: SelfDescription, blocks: Sequence[Block], url: str, title: str) -> Iterator[str]:
    yield from _days(_stated(page))
    if _is_list(url):
        return
    day_first = _day_first(root, page, url)
    top = _heading(blocks, title)
    yield from _marked(root)
    yield from _visible(blocks, top, day_first=day_first)
    yield from _carried(root)
    yield from _of_address(url)
    yield from _revised(page, blocks)


def _is_list(url: str) -> bool:
    """Whether the page's dates are those of other pages, by its kind; an article under /news/ has a long name."""
    path = url.partition("?")[0]
    return page_type(url) in _LISTS and not re.search(r"/[^/]*-[^/]*-[^/]*-[^/]|\d{5}", path)


def _days(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value and (day := read_day(value)):
            yield day


def _stated(page: SelfDescription) -> Iterator[str]:
    """What the page's head states, articles before other things."""
    for item in page.items:
        if item.kind == "Article":
            yield item.text("datePublished") or item.text("dateCreated")
    for item in page.items:
        if item.kind in ("WebPage", "AboutPage", "VideoObject", "ItemPage"):
            yield item.text("datePublished")
    for name in _META:
        yield page.meta.get(name, "")


def _revised(page: SelfDescription, blocks: Sequence[Block]) -> Iterator[str]:
    """The day of the last revision: of words that people can read first, then of the head."""
    for block in [*blocks[:120], *blocks[-60:]]:
        if (day := revision(block.text)) is not None:
            yield day
    yield from _days(item.text("dateModified") for item in page.items)
    yield from _days(page.meta.get(name, "") for name in _META_CHANGED)


def _marked(root: _Element) -> Iterator[str]:
    """Dates in elements that are made for them, where the page is one article and no list of several."""
    for path in _MARKED:
        days = []
        for element in islice(root.xpath(path), 40):
            attributes = element.attrib
            text = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
            text = text or "".join(element.itertext())
            named = f"{attributes.get('itemprop', '')} {attributes.get('class', '')}"
            if not CHANGED.search(named.replace("Modified", " modified")) and (day := read_day(text[:100])):
                days.append(day)
        if days and (len(set(days)) == 1 or len(root.xpath("//h1")) == 1):
            yield days[0]


def _visible(blocks: Sequence[Block], top: int, *, day_first: bool) -> Iterator[str]:
    """Dates in short blocks near the heading, and in the dateline with which a press release opens."""
    for block in [*blocks[top : top + _NEAR], *reversed(blocks[max(0, top - 4) : top])]:
        if (day := byline(block.text, day_first=day_first)) is not None:
            yield day
    for block in blocks[top : top + 40]:
        if (day := dateline(block.text)) is not None:
            yield day


def _heading(blocks: Sequence[Block], title: str) -> int:
    """Where the page's own heading stands: the one that its title names, else the first h1, else the first h2."""
    words = frozenset(re.findall(r"\w{3,}", title.casefold()))
    best, at = 0.5, -1
    for number, block in enumerate(blocks):
        if block.level and words:
            own = frozenset(re.findall(r"\w{3,}", block.text.casefold()))
            share = len(words & own) / len(words | own)
            if share > best:
                best, at = share, number
    if at >= 0:
        return at
    for level in (1, 2):
        for number, block in enumerate(blocks):
            if block.level == level:
                return number
    return 0


def _carried(root: _Element) -> Iterator[str]:
    """What the data in the page's scripts call its publication."""
    for script in root.iter("script"):
        text = script.text
        if text and "ublish" in text and len(text) < _SCRIPT and (match := _CARRIED.search(text)):
            yield match[1]


def _day_first(root: _Element, page: SelfDescription, url: str) -> bool:
    """Whether the page's language writes 02/10/2020 for the second of October: all but American English do."""
    locale = re.search(r"/([a-z]{2}[-_][a-z]{2})/", url.lower())
    tag = str(root.get("lang") or page.meta.get("og:locale") or (locale[1] if locale else "en")).lower()
    if tag == "en" and locale:
        tag = locale[1]
    return tag.replace("_", "-") not in ("en", "en-us")


def _of_address(url: str) -> Iterator[str]:
    match = _PATH.search(url.partition("?")[0])
    if match:
        year, month, day = (match[number] or match[number + 3] for number in (1, 2, 3))
        if found := iso(year, month, day):
            yield found


def _day_after(fetched_at: str) -> str:
    """Pages are dated in their own time zone, which may be ahead of the fetcher's."""
    try:
        return (date.fromisoformat(fetched_at[:10]) + timedelta(days=1)).isoformat()
    except ValueError:
        return "9999-12-31"
