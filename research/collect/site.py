"""The plan for one site: it says what to fetch next and learns from what came back, and never opens a socket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from research.collect.links import MAX_LINKS, PageLinks
from research.collect.rank import Candidate, Frontier, kind_of
from research.collect.readers import Here, Readers, UnreadError
from research.collect.scope import canonical, is_asset, language_of, page_key, presents, site_of, unread
from research.collect.skips import SkipLog
from research.model.capture import Fetched, Request, Skipped
from research.text.urls import flaw, host

MAX_DEPTH: Final = 20
MAX_ADDRESSES: Final = 100_000  # of one site, that are remembered
MAX_SITEMAPS: Final = 200
MAX_SITEMAP_NESTING: Final = 10
MAX_FEEDS: Final = 3
MAX_VARIANTS: Final = 20  # queries on one path
MAX_REPEATS: Final = 5  # pages of one folder with the same words, before the rest of it is left out
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_DOCUMENTS: Final = frozenset({"text/plain", "text/markdown", "application/pdf"})
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class SitePlan:
    """What to fetch of the site at `start`, at most `max_pages` pages; ask `next()`, and tell what came of it.

    Pages whose address names another language than `language` are left out; None means the home page's own. `readers`
    read the bodies: what strangers wrote goes to readers that can be killed.
    """

    def __init__(
        self, start: str, *, max_pages: int, language: str | None = None, readers: Readers | None = None
    ) -> None:
        self._readers = readers or Here()
        self.start = start if flaw(start) else canonical(start) or start  # what is wrong with it, the client says
        self.pages = 0
        self._max_pages = max_pages
        self._tries = 0
        self._sites = {site_of(self.start)}
        self._hosts = frozenset({host(self.start)})
        self._fixed = language is not None
        self._language = language or language_of(self.start) or "en"
        self._frontier = Frontier()
        self._files: list[Request] = []
        self._seen: set[str] = {page_key(self.start)}
        self._read: set[str] = set()
        self._variants: Counter[str] = Counter()
        self._repeats: Counter[tuple[str, str]] = Counter()
        self._closed: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._skips = SkipLog(self.start)
        self._frontier.push(Candidate(url=self.start, kind="start", depth=0, origin="start"))

    def next(self) -> Request | None:
        """The next request, None where the budget is spent or nothing is left; sitemaps and feeds go before pages."""
        if self._files:
            return self._files.pop(0)
        while self._within_budget() and (popped := self._frontier.pop()) is not None:
            priority, candidate = popped
            if _folder(candidate.url) in self._closed:
                self._skips.add(candidate.url, "the pages of this folder repeat one another")
                continue
            self._tries += 1
            return Request(url=candidate.url, priority=priority, depth=candidate.depth, origin=candidate.origin)
        return None

    def add_sitemaps(self, urls: Iterable[str]) -> None:
        """Asks for these sitemaps, or for the usual one where there are none."""
        named = tuple(urls)
        for url in named:
            self._add_file(url, "sitemap", depth=0)
        if not named:
            usual = canonical(f"{self.start.split('/', 3)[0]}//{self.start.split('/', 3)[2]}/sitemap.xml")
            self._add_file(usual or "", "usual sitemap", depth=0)

    def add_known(self, urls: Iterable[str]) -> None:
        """Asks again for pages that were read on an earlier visit."""
        for url in urls:
            self._add(url, depth=1, origin="known")

    def follow(self, request: Request, fetched: Fetched) -> str | None:
        """Learns from an answer; None where it is a page to keep, else why not ("" for sitemaps and feeds)."""
        if request.origin in ("sitemap", "usual sitemap"):
            self._read_sitemap(request, fetched)
            return ""
        if request.origin == "feed":
            self._read_feed(request, fetched)
            return ""
        if request.origin == "start":
            self._settle(fetched)
        reason = self._unwanted(fetched)
        if reason is None:
            self.pages += 1
            self.learn(request, fetched)
        return reason

    def learn(self, request: Request, fetched: Fetched) -> None:
        """Takes up the links of a page, be it new or known."""
        if fetched.media_type not in _HTML:
            return
        try:
            page = self._readers.links(fetched.body, fetched.final_url, fetched.charset)
        except UnreadError as error:
            self._skips.add(fetched.final_url, f"its links are not read: {error}")
            return
        if request.origin == "start" and page.language and not self._fixed:
            self._language = page.language[:2].lower()
        if self._repeats_itself(fetched.final_url, page):
            return
        if page.cut:
            self._skips.add(fetched.final_url, f"the page has more than {MAX_LINKS:,} links; the rest is left out")
        self._take_links(request, page)

    def unchanged(self, request: Request, stored: Fetched | None) -> None:
        """Counts a page that the site says is as it was; `stored` is what it was."""
        self.pages += 1
        if stored is not None:
            self._read.add(page_key(stored.final_url))
            if request.origin == "start":
                self._settle(stored)
            self.learn(request, stored)

    def finish(self) -> tuple[Skipped, ...]:
        """All that was known of and not asked for, with the reasons; long lists end in a count."""
        while (popped := self._frontier.pop()) is not None:
            self._skips.add(popped[1].url, f"beyond the page budget of {self._max_pages} (--max-pages)")
        return self._skips.all()

    def _within_budget(self) -> bool:
        return self.pages < self._max_pages and self._tries < 2 * self._max_pages + 20

    def _settle(self, fetched: Fetched) -> None:
        """The home page may stand at another address than was typed; what it redirects to is the site as well."""
        self._sites.add(site_of(fetched.final_url))
        self._hosts |= {host(fetched.final_url)}
        self._seen.add(page_key(fetched.final_url))

    def _unwanted(self, fetched: Fetched) -> str | None:
        key = page_key(fetched.final_url)
        if site_of(fetched.final_url) not in self._sites:
            return f"redirects to another site ({host(fetched.final_url)})"
        if key in self._read:
            return f"the same page as {fetched.final_url}, which is read already"
        if fetched.media_type not in _HTML | _DOCUMENTS | {_DOCX}:
            return f"media type {fetched.media_type} is not read"
        self._read.add(key)
        self._seen.add(key)
        return None

    def _take_links(self, request: Request, page: PageLinks) -> None:
        for link in page.alternates:
            self._other_language(link.url, (link.language or "")[:2].lower())
        for feed in page.feeds:
            if "comment" not in f"{feed.url} {feed.label}".lower() and self._counts["feed"] < MAX_FEEDS:
                self._add_file(feed.url, "feed", depth=request.depth + 1)
        for link in page.links:
            if not (link.language and self._other_language(link.url, link.language[:2].lower())):
                self._add(link.url, depth=request.depth + 1, label=link.label)

    def _repeats_itself(self, url: str, page: PageLinks) -> bool:
        """Whether the folder of a page has shown these same words before; too often, and it is closed."""
        place = (_folder(url), page.fingerprint)
        self._repeats[place] += 1
        if self._repeats[place] >= MAX_REPEATS and place[0].count("/") > 1:
            self._closed.add(place[0])
        return self._repeats[place] > 1

    def _other_language(self, url: str, language: str) -> bool:
        if language in ("", "x-", self._language) or site_of(url) not in self._sites:
            return False
        address = canonical(url)
        if address and page_key(address) not in self._seen:
            self._seen.add(page_key(address))
            self._skips.add(address, f"another language ({language})")
        return True

    def _add(self, url: str, *, depth: int, label: str = "", dated: str = "", origin: str = "link") -> None:
        address = canonical(url)
        if address is None or site_of(address) not in self._sites or is_asset(address):
            return
        key = page_key(address)
        if key in self._seen or len(self._seen) >= MAX_ADDRESSES:
            return
        self._seen.add(key)
        reason = self._refusal(address, depth)
        if reason:
            self._skips.add(address, reason, once=not presents(address, self._hosts))
            return
        self._frontier.push(
            Candidate(url=address, kind=kind_of(address, label), depth=depth, dated=dated, origin=origin)
        )

    def _refusal(self, address: str, depth: int) -> str | None:
        language = language_of(address)
        if language and language != self._language:
            return f"another language ({language})"
        if not presents(address, self._hosts):
            return f"the subdomain {host(address)} is not read"
        if depth > MAX_DEPTH:
            return f"more than {MAX_DEPTH} links away from the home page"
        path, mark, _ = address.partition("?")
        self._variants[path] += bool(mark)
        if self._variants[path] > MAX_VARIANTS:
            return "one of too many variants of the same page"
        return unread(address)

    def _add_file(self, url: str, origin: str, *, depth: int) -> None:
        address = canonical(url)
        if address is None or site_of(address) not in self._sites:
            return
        key = f"{origin.removeprefix('usual ')} {page_key(address)}"
        if key in self._seen:
            return
        self._seen.add(key)
        if origin == "feed":
            self._seen.add(page_key(address))  # a link to the feed leads to no page
        self._counts[origin] += 1
        if origin == "sitemap" and self._counts[origin] > self._most_sitemaps():
            self._skips.add(address, "more sitemaps than a run of this size reads")
        elif depth > MAX_SITEMAP_NESTING:
            self._skips.add(address, "a sitemap within too many others")
        else:
            self._files.append(Request(url=address, origin=origin, depth=depth))

    def _most_sitemaps(self) -> int:
        """A tenth of the page budget, as each costs a request as well; 10 to 200."""
        return min(MAX_SITEMAPS, max(10, self._max_pages // 10))

    def _read_sitemap(self, request: Request, fetched: Fetched) -> None:
        try:
            sitemap = self._readers.sitemap(fetched.body)
        except UnreadError as error:
            self._skips.add(fetched.final_url, f"the sitemap is not read: {error}")
            return
        if sitemap.problem and not (request.origin == "usual sitemap" and fetched.media_type in _HTML):
            self._skips.add(fetched.final_url, sitemap.problem)
        for entry in sitemap.sitemaps:
            self._add_file(entry.url, "sitemap", depth=request.depth + 1)
        for entry in sitemap.pages:
            self._add(entry.url, depth=2, dated=entry.modified, origin="sitemap entry")

    def _read_feed(self, request: Request, fetched: Fetched) -> None:
        try:
            entries = self._readers.feed(fetched.body, fetched.final_url)
        except UnreadError as error:
            self._skips.add(fetched.final_url, f"the feed is not read: {error}")
            return
        for entry in entries:
            self._add(entry.url, depth=request.depth, label=entry.title, dated=entry.published, origin="feed entry")


def _folder(url: str) -> str:
    return page_key(url).partition("?")[0].rpartition("/")[0] + "/"
