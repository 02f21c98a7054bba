"""From a source to captures: a site over the network, captured traffic, or files, behind one set of callbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from research.collect.rank import Candidate, Frontier, kind_of
from research.collect.readers import Readers
from research.collect.scope import page_key, site_of
from research.collect.site import SitePlan
from research.errors import DossierError
from research.model.account import Source
from research.model.capture import Capture, Fetched, Request, Skipped
from research.net.archive import open_archive
from research.net.files import file_url, is_warc, list_files, read_file
from research.net.replay import Replay
from research.net.settings import NetSettings
from research.sources.registry import kind_of as record_kind_of

Keep = Callable[[Fetched], None]
Skip = Callable[[Skipped], None]
Progress = Callable[[int, int, str], None]
"""Pages kept so far, pages expected at most, and what is being read."""


class Fetcher(Protocol):
    """What is asked of a client: answers, and the sitemaps that a host's robots.txt names."""

    def fetch(self, request: Request) -> Fetched | Skipped: ...

    def sitemaps(self, url: str) -> tuple[str, ...]: ...


class HomeUnreadError(DossierError):
    """A site whose home page cannot be read; `reason` is why, without the address and the advice."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} cannot be read: {reason}; check the address, or use --from")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherReport:
    """How many pages came, were as before, and were left out; `home` is where the home page really stands."""

    home: str
    kept: int
    unchanged: int
    skipped: int


class _Tally:
    """Counts what passes through the caller's callbacks."""

    def __init__(self, keep: Keep, skip: Skip, progress: Progress | None) -> None:
        self._keep = keep
        self._skip = skip
        self._progress = progress
        self.kept = 0
        self.skipped = 0

    def keep(self, fetched: Fetched) -> None:
        self._keep(fetched)
        self.kept += 1

    def skip(self, skipped: Skipped) -> None:
        self._skip(skipped)
        self.skipped += 1

    def tell(self, done: int, most: int, what: str) -> None:
        if self._progress is not None:
            self._progress(done, most, what)

    def report(self, home: str, unchanged: int = 0) -> GatherReport:
        return GatherReport(home=home, kept=self.kept, unchanged=unchanged, skipped=self.skipped)


def gather_site(
    source: Source,
    client: Fetcher,
    *,
    known: Mapping[str, Capture],
    keep: Keep,
    unchanged: Callable[[str], None],
    skip: Skip,
    progress: Progress | None = None,
    stored: Callable[[Capture], bytes] | None = None,
    readers: Readers | None = None,
) -> GatherReport:
    """Reads a site, each page handed to `keep` as it arrives; raises DossierError where its home page cannot be read.

    `known` are earlier captures by address: their pages are asked for again, on condition that they changed, and one
    that did not goes to `unchanged` by its address; `stored` gives a capture's body, for the links of such a page.
    """
    language = dict(source.options).get("language")
    plan = SitePlan(source.url, max_pages=source.max_pages, language=language, readers=readers)
    visit = _Visit(plan, client, known, _Tally(keep, skip, progress))
    home = visit.start(unchanged, stored)
    while (request := visit.plan.next()) is not None:
        visit.tally.tell(visit.plan.pages, source.max_pages, request.url)
        visit.take(request, visit.ask(request), unchanged, stored)
    for skipped in visit.plan.finish():
        visit.tally.skip(skipped)
    return visit.tally.report(home, visit.unchanged)


class _Visit:
    """One run over a site."""

    def __init__(self, plan: SitePlan, client: Fetcher, known: Mapping[str, Capture], tally: _Tally) -> None:
        self.plan = plan
        self.tally = tally
        self.unchanged = 0
        self._client = client
        self._known = {page_key(capture.url): capture for capture in known.values()}

    def start(self, unchanged: Callable[[str], None], stored: Callable[[Capture], bytes] | None) -> str:
        """Reads the home page, then what the site and earlier visits say there is more; returns its real address."""
        request = self.plan.next()
        if request is None:
            raise DossierError("the page budget is 0, so nothing is read; give --max-pages 1 or more")
        answer = self.ask(request)
        if isinstance(answer, Skipped):
            raise HomeUnreadError(request.url, answer.reason)
        self.take(request, answer, unchanged, stored)
        self.plan.add_sitemaps(self._client.sitemaps(answer.final_url))
        self.plan.add_known(capture.url for capture in self._known.values())
        return answer.final_url

    def ask(self, request: Request) -> Fetched | Skipped:
        """The answer, asked for on condition where an earlier one is known."""
        capture = self._known.get(page_key(request.url))
        if capture is not None:
            request = replace(request, etag=capture.etag, last_modified=capture.last_modified)
        return self._client.fetch(request)

    def take(
        self,
        request: Request,
        answer: Fetched | Skipped,
        unchanged: Callable[[str], None],
        stored: Callable[[Capture], bytes] | None,
    ) -> None:
        """Hands one answer on to the plan and to the caller."""
        if isinstance(answer, Skipped):
            if request.origin != "usual sitemap":  # a guess; that a site has none is no news
                self.tally.skip(answer)
        elif answer.status == 304:
            capture = self._known[page_key(request.url)]
            self.plan.unchanged(request, _as_fetched(capture, stored))
            self.unchanged += 1
            unchanged(capture.url)
        else:
            self._take_page(request, answer)

    def _take_page(self, request: Request, fetched: Fetched) -> None:
        reason = self.plan.follow(request, fetched)
        if reason is None or self._moved(request, fetched, reason):
            self.tally.keep(fetched)
        elif reason:
            self.tally.skip(Skipped(url=request.url, reason=reason))

    def _moved(self, request: Request, fetched: Fetched, reason: str) -> bool:
        """Whether a page of an earlier visit now leads to one that is read already: what stood at its address stands
        there no longer, and would count as evidence for ever if the redirect were not kept."""
        known = self._known.get(page_key(request.url))
        again = reason.startswith("the same page as")
        return again and known is not None and page_key(known.final_url) != page_key(fetched.final_url)


def gather_replay(
    source: Source,
    replay: Replay,
    *,
    keep: Keep,
    skip: Skip,
    domains: tuple[str, ...] = (),
    limit: int | None = None,
    progress: Progress | None = None,
) -> GatherReport:
    """Reads every captured page of the account's `domains` (none given: of the site with the most pages), the most
    telling first, at most `limit`; raises DossierError where the archive holds none of them."""
    tally = _Tally(keep, skip, progress)
    home = _replay(Path(source.url).name, replay, domains, limit, tally)
    return tally.report(home)


def gather_files(
    path: Path,
    *,
    fetched_at: str,
    keep: Keep,
    skip: Skip,
    domains: tuple[str, ...] = (),
    progress: Progress | None = None,
    settings: NetSettings | None = None,
) -> GatherReport:
    """Reads a file, or all files of a folder in order of name, archives among them; `fetched_at` is written on what
    bears no date of capture itself. Raises DossierError where nothing could be read."""
    tally = _Tally(keep, skip, progress)
    files = list_files(path)
    for number, file in enumerate(files):
        tally.tell(number, len(files), file.name)
        if is_warc(file):
            _replay_file(file, path, domains, tally)
            continue
        answer = read_file(file, path, fetched_at=fetched_at, settings=settings)
        if isinstance(answer, Skipped):
            tally.skip(answer)
        else:
            tally.keep(answer)
    if not tally.kept:
        raise DossierError(f"{path.name or path} holds nothing that can be read; give pages, PDFs, texts or archives")
    return tally.report(f"file:{path.name}")


def _replay_file(file: Path, root: Path, domains: tuple[str, ...], tally: _Tally) -> None:
    """One archive of a folder: where it is of no use, the others still count."""
    try:
        _replay(file.name, open_archive(file), domains, None, tally)
    except DossierError as error:
        if file == root:
            raise
        tally.skip(Skipped(url=file_url(file, root), reason=str(error)))


def _replay(name: str, replay: Replay, domains: tuple[str, ...], limit: int | None, tally: _Tally) -> str:
    pages = replay.pages()
    sites = {site_of(f"https://{domain}/") for domain in domains} or _largest_site(pages)
    own = [url for url in pages if site_of(url) in sites]
    if not own:
        held = ", ".join(sorted({site_of(url) for url in pages})[:5]) or "no pages at all"
        raise DossierError(f"{name} holds no page of {', '.join(sorted(sites)) or 'any site'}; it holds {held}")
    for skipped in replay.problems:
        tally.skip(skipped)
    ranked = _ranked(own)
    _read_captured(ranked, replay, limit, tally)
    records = [url for url in replay.urls() if record_kind_of(url)]
    _read_records(records, replay, tally)
    for url in pages:
        if site_of(url) not in sites and url not in records:
            tally.skip(Skipped(url=url, reason="another site"))
    other = len(set(replay.urls()) - {*pages, *records})
    if other:
        tally.skip(Skipped(url=f"file:{name}", reason=f"{other:,} captured images, scripts and the like hold no text"))
    return ranked[0]


def _read_captured(urls: list[str], replay: Replay, limit: int | None, tally: _Tally) -> None:
    kept_before = tally.kept
    read: set[str] = set()
    most = len(urls) if limit is None else min(limit, len(urls))
    for url in urls:
        done = tally.kept - kept_before
        if done >= most:
            tally.skip(Skipped(url=url, reason=f"beyond the page budget of {most} (--max-pages)"))
            continue
        tally.tell(done, most, url)
        answer = replay.fetch(Request(url=url, origin="replay"))
        if isinstance(answer, Skipped):
            tally.skip(answer)
        elif answer.final_url in read:
            tally.skip(Skipped(url=url, reason=f"the same page as {answer.final_url}, which is read already"))
        else:
            read.add(answer.final_url)
            tally.keep(answer)


def _read_records(urls: list[str], replay: Replay, tally: _Tally) -> None:
    """Records of registers and boards that an archive of ours holds beside the site's pages."""
    for url in urls:
        answer = replay.fetch(Request(url=url, origin="record"))
        if isinstance(answer, Skipped):
            tally.skip(answer)
        else:
            tally.keep(answer)


def _ranked(urls: list[str]) -> list[str]:
    """The addresses in the order in which a visit would choose them."""
    frontier = Frontier()
    for url in urls:
        kind = kind_of(url)
        frontier.push(Candidate(url=url, kind="start" if kind == "home" else kind, depth=url.count("/")))
    ranked: list[str] = []
    while (popped := frontier.pop()) is not None:
        ranked.append(popped[1].url)
    return ranked


def _largest_site(urls: tuple[str, ...]) -> set[str]:
    return {site for site, _ in Counter(map(site_of, urls)).most_common(1)}


def _as_fetched(capture: Capture, stored: Callable[[Capture], bytes] | None) -> Fetched | None:
    """The earlier answer of a page that has not changed, None where its body is not at hand."""
    if stored is None:
        return None
    return Fetched(
        url=capture.url,
        final_url=capture.final_url,
        fetched_at=capture.fetched_at,
        status=capture.status,
        media_type=capture.media_type,
        body=stored(capture),
        charset=capture.charset,
    )
