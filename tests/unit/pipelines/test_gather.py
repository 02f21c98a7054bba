"""Gathering end to end: a site over loopback, an archive, a folder."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from pipelines.gather import gather_files, gather_replay, gather_site
from research.errors import DossierError, UsageError
from research.model.account import Source
from research.model.capture import Capture, Fetched, Request, Skipped
from research.net.client import Client
from research.net.replay import open_warc
from research.net.settings import NetSettings
from research.text.hashing import sha256_bytes

NOW = "2026-01-02T03:04:05Z"
WARC = Path(__file__).parents[4] / "shared" / "data" / "warc" / "rapid7_2019.warc.gz"


@dataclass
class Heard:
    """What the callbacks were told."""

    kept: list[Fetched] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    progress: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, str]:
        return {skipped.url: skipped.reason for skipped in self.skipped}

    def callbacks(self) -> dict[str, object]:
        return {
            "keep": self.kept.append,
            "skip": self.skipped.append,
            "progress": lambda *told: self.progress.append(told),
        }


@pytest.fixture
def web():
    """Serves `pages` (path -> HTML) with an ETag; yields (address, pages, asked paths)."""
    pages: dict[str, bytes] = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = pages.get(self.path)
            tag = f'"{sha256_bytes(body)[:8]}"' if body is not None else ""
            same = body is not None and self.headers.get("If-None-Match") == tag
            self.send_response(404 if body is None else 304 if same else 200)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
            self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(b"" if same else body or b"not here")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", pages, asked
    server.shutdown()
    server.server_close()
    thread.join()


def source(url: str, max_pages: int = 50) -> Source:
    return Source(id="s", account_id="a", kind="site", url=url, max_pages=max_pages)


def visit(url: str, heard: Heard, *, max_pages: int = 50, known=None, **kwargs):
    port = int(url.rstrip("/").rpartition(":")[2])
    settings = NetSettings(delay_seconds=0.0, allowed_hosts=(("127.0.0.1", port),))
    with Client(settings, now=lambda: NOW) as client:
        return gather_site(
            source(url, max_pages),
            client,
            known=known or {},
            unchanged=heard.unchanged.append,
            **heard.callbacks() | kwargs,
        )


def html(*hrefs: str, words: str = "") -> bytes:
    links = "".join(f"<a href={href}>{href}</a>" for href in hrefs)
    return f"<html lang=en><body><p>{words}</p>{links}</body></html>".encode()


def capture(fetched: Fetched) -> Capture:
    return Capture(
        id=fetched.url,
        source_id="s",
        url=fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        status=200,
        media_type=fetched.media_type,
        body_sha256=sha256_bytes(fetched.body),
        etag=fetched.etag,
        last_modified=fetched.last_modified,
    )


def test_a_site_is_read_and_told_about(web):
    url, pages, asked = web
    pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private\n",
        "/": html("/about", "/private/x", "/missing", "/de/start", "https://elsewhere.example/"),
        "/about": html("/", "/about/team"),
        "/about/team": html(words="Ann Lee, CEO"),
    }
    heard = Heard()
    report = visit(url, heard)
    assert [fetched.url.removeprefix(url) for fetched in heard.kept] == ["", "about", "about/team"]
    assert heard.reasons == {
        url + "private/x": "robots.txt refuses this page to robots",
        url + "missing": "HTTP 404 (not found)",
        url + "de/start": "another language (de)",
    }
    assert (report.home, report.kept, report.unchanged, report.skipped) == (url, 3, 0, 3)
    assert asked.count("/robots.txt") == 1
    assert "/private/x" not in asked
    assert heard.progress


def test_a_second_visit_asks_on_condition_and_finds_what_is_new(web):
    url, pages, _ = web
    pages |= {"/": html("/about", "/news"), "/about": html(words="Old"), "/news": html(words="Nothing yet")}
    first = Heard()
    visit(url, first)
    bodies = {sha256_bytes(fetched.body): fetched.body for fetched in first.kept}
    pages |= {"/news": html("/news/launch"), "/news/launch": html(words="We launched")}
    second = Heard()
    known = {fetched.url: capture(fetched) for fetched in first.kept}
    report = visit(url, second, known=known, stored=lambda earlier: bodies[earlier.body_sha256])
    assert [fetched.url for fetched in second.kept] == [url + "news", url + "news/launch"]
    assert sorted(second.unchanged) == [url, url + "about"]
    assert (report.kept, report.unchanged) == (2, 2)


def test_without_the_stored_bodies_known_pages_are_still_visited(web):
    url, pages, _ = web
    pages |= {"/": html("/about"), "/about": html(words="Old")}
    first, second = Heard(), Heard()
    visit(url, first)
    pages["/about"] = html(words="New")
    visit(url, second, known={fetched.url: capture(fetched) for fetched in first.kept})
    assert [fetched.url for fetched in second.kept] == [url + "about"]
    assert second.unchanged == [url]


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({}, "HTTP 404"),
        ({"/robots.txt": b"User-agent: *\nDisallow: /", "/": html()}, "robots.txt refuses"),
        ({"/": b"<p>Please verify you are human</p>"}, "blocked:"),
    ],
)
def test_a_home_page_that_cannot_be_read_is_one_line_with_a_way_out(web, pages, words):
    url, served, _ = web
    served |= pages
    heard = Heard()
    with pytest.raises(DossierError) as caught:
        visit(url, heard)
    assert words in str(caught.value)
    assert "--from" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert heard.kept == []


def test_a_host_that_does_not_exist_says_so():
    with (
        Client(NetSettings(), now=lambda: NOW, resolve=lambda host, port: ()) as client,
        pytest.raises(DossierError, match="no such host"),
    ):
        gather_site(
            source("https://no-such-company.example/"), client, known={}, unchanged=print, **Heard().callbacks()
        )


def test_an_interrupted_visit_has_kept_what_came_before(web):
    url, pages, _ = web
    pages |= {"/": html(*(f"/products/{n}" for n in range(9)))} | {
        f"/products/{n}": html(words=str(n)) for n in range(9)
    }
    heard = Heard()

    def keep(fetched: Fetched) -> None:
        heard.kept.append(fetched)
        if len(heard.kept) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        visit(url, heard, keep=keep)
    assert len(heard.kept) == 4


def test_nothing_that_a_page_names_reaches_another_port(web):
    """Links, frames, base, canonical, images, refreshes, sitemaps and feeds of a page are all only words."""
    url, pages, _ = web
    canary = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    bad = f"http://127.0.0.1:{canary.server_port}/canary"
    item = f"<item><link>{bad}</link><enclosure url='{bad}'/></item>"
    pages |= {
        "/robots.txt": f"User-agent: *\nSitemap: {bad}\nSitemap: {url}map.xml\n".encode(),
        "/map.xml": f"<urlset><url><loc>{bad}</loc></url></urlset>".encode(),
        "/feed": f"<rss version='2.0'><channel>{item}</channel></rss>".encode(),
        "/": f"""<html><head><link rel=alternate type=application/rss+xml href=/feed><link rel=canonical href={bad}>
            <link rel=alternate hreflang=de href={bad}><link rel=search href={bad}>
            <meta http-equiv=refresh content="0; url={bad}"></head><body><img src={bad}>
            <iframe src={bad}></iframe><a href={bad}>x</a><a href=/based>y</a></body></html>""".encode(),
        "/based": f"<html><base href={bad}><a href=relative>x</a>".encode(),
    }
    canary.timeout = 0.05
    reached: list[object] = []
    canary.process_request = lambda request, address: reached.append(address)
    heard = Heard()
    visit(url, heard)
    canary.handle_request()
    canary.server_close()
    assert reached == []
    assert len(heard.kept) == 2


def test_a_visit_is_the_same_every_time(web):
    url, pages, _ = web
    pages |= {"/": html(*(f"/{kind}/{n}" for n in range(6) for kind in ("products", "blog", "news")))}
    pages |= {f"/{kind}/{n}": html(words=f"{kind}{n}") for n in range(6) for kind in ("products", "blog", "news")}
    runs = []
    for _ in range(2):
        heard = Heard()
        visit(url, heard, max_pages=10)
        runs.append(([fetched.url for fetched in heard.kept], heard.skipped))
    assert runs[0] == runs[1]
    assert len(runs[0][0]) == 10


class FakeReplay:
    problems = (Skipped(url="file:x.warc", reason="the archive is cut off after byte 9"),)

    def __init__(self, *urls: str, assets: int = 0) -> None:
        self._urls = urls
        self._assets = assets

    def pages(self) -> tuple[str, ...]:
        return self._urls

    def urls(self) -> tuple[str, ...]:
        return self._urls + tuple(f"https://a.example/{n}.png" for n in range(self._assets))

    def fetch(self, request: Request) -> Fetched | Skipped:
        final = request.url.replace("/moved", "/about")
        return Fetched(
            url=request.url, final_url=final, fetched_at=NOW, status=200, media_type="text/html", body=b"<p>x"
        )


def warc_source() -> Source:
    return Source(id="s", account_id="a", kind="warc", url="/data/x.warc", max_pages=2)


def test_an_archive_gives_all_pages_of_the_account_and_names_the_rest():
    heard = Heard()
    replay = FakeReplay(
        "https://b.example/",
        "https://www.a.example/blog/x",
        "https://a.example/",
        "https://a.example/about",
        "https://a.example/moved",
        assets=3,
    )
    report = gather_replay(warc_source(), replay, **heard.callbacks())
    assert [fetched.url for fetched in heard.kept][:2] == ["https://a.example/", "https://a.example/about"]
    assert len(heard.kept) == 3
    assert heard.reasons == {
        "file:x.warc": "3 captured images, scripts and the like hold no text",
        "https://b.example/": "another site",
        "https://a.example/moved": "the same page as https://a.example/about, which is read already",
    }
    assert report.home == "https://a.example/"
    assert FakeReplay.problems[0] in heard.skipped


def test_an_archive_of_someone_else_is_refused():
    with pytest.raises(DossierError, match=r"x.warc holds no page of c.example; it holds a.example"):
        gather_replay(warc_source(), FakeReplay("https://a.example/"), domains=("c.example",), **Heard().callbacks())


def test_an_archive_can_be_limited_to_its_most_telling_pages():
    heard = Heard()
    gather_replay(
        warc_source(),
        FakeReplay("https://a.example/blog/1", "https://a.example/about", "https://a.example/"),
        limit=2,
        **heard.callbacks(),
    )
    assert [fetched.url for fetched in heard.kept] == ["https://a.example/", "https://a.example/about"]
    assert heard.reasons["https://a.example/blog/1"] == "beyond the page budget of 2 (--max-pages)"


@pytest.mark.shared
def test_a_real_archive_comes_through_whole():
    if not WARC.exists():
        pytest.skip("the shared archives are not here")
    heard = Heard()
    gather_replay(warc_source(), open_warc(WARC), domains=("rapid7.com",), **heard.callbacks())
    assert len(heard.kept) == 336
    assert heard.kept[0].url == "https://www.rapid7.com/"


def test_a_folder_of_files_and_archives(tmp_path):
    (tmp_path / "b.html").write_bytes(b"<p>b</p>")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "c.xls").write_bytes(b"x")
    (tmp_path / "broken.warc.gz").write_bytes(b"nothing")
    heard = Heard()
    report = gather_files(tmp_path, fetched_at=NOW, **heard.callbacks())
    assert [fetched.url for fetched in heard.kept] == ["file:a.txt", "file:b.html"]
    assert set(heard.reasons) == {"file:c.xls", "file:broken.warc.gz"}
    assert report.kept == 2


def test_nothing_readable_is_an_error_that_says_what_to_give(tmp_path):
    (tmp_path / "c.xls").write_bytes(b"x")
    with pytest.raises(DossierError, match="nothing that can be read"):
        gather_files(tmp_path, fetched_at=NOW, **Heard().callbacks())
    with pytest.raises(UsageError):
        gather_files(tmp_path / "missing", fetched_at=NOW, **Heard().callbacks())


class Redirecting:
    """A site whose page moved: the old address leads to the new one."""

    PAGES: ClassVar = {
        "https://acme.example/": '<html lang="en"><body><a href="/company">Company</a></body></html>',
        "https://acme.example/company": "<html><body>We are here now.</body></html>",
    }
    MOVED: ClassVar = {"https://acme.example/about": "https://acme.example/company"}

    def fetch(self, request: Request) -> Fetched | Skipped:
        final = self.MOVED.get(request.url, request.url)
        if final not in self.PAGES:
            return Skipped(url=request.url, reason="HTTP 404")
        return Fetched(
            url=request.url, final_url=final, fetched_at=NOW, status=200, media_type="text/html",
            body=self.PAGES[final].encode(),
        )  # fmt: skip

    def sitemaps(self, url: str) -> tuple[str, ...]:
        return ()


def test_the_redirect_of_a_moved_page_takes_the_place_of_what_stood_there() -> None:
    heard = Heard()
    about = "https://acme.example/about"
    former = Capture(
        id="c",
        source_id="s",
        url=about,
        final_url=about,
        fetched_at=NOW,
        status=200,
        media_type="text/html",
        body_sha256="x",
    )
    gather_site(
        source("https://acme.example/"), Redirecting(), known={about: former}, unchanged=heard.unchanged.append,
        keep=heard.kept.append, skip=heard.skipped.append,
    )  # fmt: skip
    assert {(f.url, f.final_url) for f in heard.kept} == {
        ("https://acme.example/", "https://acme.example/"),
        ("https://acme.example/company", "https://acme.example/company"),
        (about, "https://acme.example/company"),
    }
