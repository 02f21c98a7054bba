"""Reading links, sitemaps and feeds, the broken and hostile ones among them."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest

from research.collect.feeds import FeedEntry, read_feed
from research.collect.links import MAX_LINKS, read_links
from research.collect.sitemaps import MAX_ENTRIES, read_sitemap

FEEDS = Path(__file__).parents[4] / "shared" / "data" / "feeds" / "tests"


def urls(body: bytes, url: str = "https://example.com/dir/page", charset: str | None = None) -> list[str]:
    return [link.url for link in read_links(body, url, charset).links]


def test_links_are_absolute_and_carry_their_words():
    page = read_links(
        "<html lang='en-GB'><a href='../about'>About <b>us</b></a><a href=//other.example/x hreflang=de>"
        "<img alt='Über uns'></a><a href='mailto:a@b.c'>m</a><a href='#top'>t</a><a href=' /spaced '>s".encode(),
        "https://example.com/dir/page",
    )
    assert [(link.url, link.label, link.language) for link in page.links] == [
        ("https://example.com/about", "About us", None),
        ("https://other.example/x", "Über uns", "de"),
        ("https://example.com/spaced", "s", None),
    ]
    assert page.language == "en-GB"


def test_the_first_base_counts_and_frames_and_refreshes_are_links():
    body = (
        b"<base href='https://example.com/b/'><base href='https://evil.example/'><iframe src=f></iframe>"
        b"<meta http-equiv=Refresh content=\"0; URL='next'\"><a href=x>x</a>"
    )
    assert urls(body) == ["https://example.com/b/f", "https://example.com/b/next", "https://example.com/b/x"]


def test_links_in_scripts_and_comments_are_none():
    assert urls(b"<script>'<a href=/no>'</script><!-- <a href=/no> --><a href=/yes>") == ["https://example.com/yes"]


def test_feeds_and_alternates_stand_apart():
    page = read_links(
        b"<link rel=alternate type=application/rss+xml title=News href=/feed><link rel=alternate hreflang=de href=/de/>"
        b"<link rel=stylesheet href=/style.css>",
        "https://example.com/",
    )
    assert [feed.url for feed in page.feeds] == ["https://example.com/feed"]
    assert [(link.url, link.language) for link in page.alternates] == [("https://example.com/de/", "de")]
    assert page.links == ()


def test_alternates_and_feeds_say_no_more_than_is_used_of_them():
    page = read_links(
        b"<html lang="
        + b"e" * 99
        + b"><link rel=alternate hreflang="
        + b"d" * 99
        + b" title="
        + b"t" * 999
        + b" href=/de>"
        b"<link rel=alternate hreflang=nl href=/" + b"x" * 2_083 + b"><a hreflang=" + b"f" * 99 + b" href=/fr>x</a>",
        "https://example.com/",
    )
    (alternate,) = page.alternates
    assert (alternate.url, len(alternate.label), len(alternate.language)) == ("https://example.com/de", 200, 35)
    assert (len(page.language), len(page.links[0].language)) == (35, 35)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<a href=/x>Grüße</a>".encode(), None),
        ("<a href=/x>Grüße</a>".encode("latin-1"), "iso-8859-1"),
        ("<meta charset=windows-1252><a href=/x>Grüße</a>".encode("cp1252"), None),
        ("<a href=/x>Grüße</a>".encode(), "klingon-8"),
        ("<a href=/x>Grüße</a>".encode("utf-8-sig"), "iso-8859-1"),
        ("<a href=/x>Grüße</a>".encode("utf-16"), "utf-8"),
    ],
)
def test_words_survive_any_charset(body, charset):
    assert [link.label for link in read_links(body, "https://example.com/", charset).links] == ["Grüße"]


def test_a_page_of_links_is_cut():
    page = read_links(b"<a href=/x>" * (MAX_LINKS + 5), "https://example.com/")
    assert (len(page.links), page.cut) == (MAX_LINKS, True)


@pytest.mark.parametrize(
    "body",
    [
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(40_000)) + b" href=/x>",
        b"<div>" * 40_000 + b"<a href=/x>",
        b"<!--" * 200_000,
        b"<a href=/x>" * 100_000,
        b"<" * 500_000,
        b"\x00\xff" * 10_000,
        b"",
        b"<table><tr><td>" * 30_000,
    ],
    ids=["attributes", "nesting", "comments", "links", "brackets", "noise", "nothing", "tables"],
)
def test_hostile_pages_take_no_time(body):
    start = time.process_time()
    read_links(body, "https://example.com/")
    assert time.process_time() - start < 2  # of our own work, whatever else the machine does; a tree takes 50


def test_pages_that_differ_in_numbers_only_look_alike():
    first, second, third = (
        read_links(body, "https://example.com/").fingerprint
        for body in (b"<p>Page 1 of 9", b"<p>Page 2 of 9", b"<p>Other")
    )
    assert first == second != third


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://example.com/a?x=1&amp;y=2 </loc><lastmod>2025-03-04</lastmod>
<image:image><image:loc>https://example.com/a.png</image:loc></image:image></url>
<url><loc>https://example.com/b</loc></url></urlset>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap(pack):
    sitemap = read_sitemap(pack(SITEMAP.encode()))
    assert [(entry.url, entry.modified) for entry in sitemap.pages] == [
        ("https://example.com/a?x=1&y=2", "2025-03-04"),
        ("https://example.com/b", ""),
    ]
    assert sitemap.problem is None


def test_an_index_a_text_and_a_damaged_sitemap():
    index = read_sitemap(b"<sitemapindex><sitemap><loc>https://example.com/1.xml</loc></sitemap></sitemapindex>")
    assert [entry.url for entry in index.sitemaps] == ["https://example.com/1.xml"]
    assert [entry.url for entry in read_sitemap(b"https://example.com/a\r\nnonsense\nhttps://example.com/b").pages] == [
        "https://example.com/a",
        "https://example.com/b",
    ]
    torn = read_sitemap(b"<urlset><url><loc>https://example.com/a?b&c</loc></url><url><loc>https://example.com/x</l")
    assert torn.pages[0].url.startswith("https://example.com/a")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://example.com/&x;</loc></url></urlset>',
        b'<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        b"<html><body>Not found</body></html>",
        b"",
        gzip.compress(bytes(60 << 20)),
    ],
    ids=["external", "internal", "html", "empty", "bomb"],
)
def test_what_is_no_sitemap_gives_nothing_and_a_reason(body):
    sitemap = read_sitemap(body)
    assert (sitemap.pages, sitemap.sitemaps) == ((), ())
    assert sitemap.problem


def test_a_sitemap_is_cut_at_its_limit():
    body = (
        b"<urlset>"
        + b"".join(b"<url><loc>https://example.com/%d</loc></url>" % n for n in range(MAX_ENTRIES + 1))
        + b"</urlset>"
    )
    sitemap = read_sitemap(body)
    assert len(sitemap.pages) == MAX_ENTRIES
    assert "50,000" in (sitemap.problem or "")


RSS = b"""<rss version="2.0"><channel><link>https://example.com/</link><item><title>We &amp; they</title>
<link>/news/1</link><pubDate>Tue, 04 Mar 2025 10:00:00 GMT</pubDate></item>
<item><title>No link</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Two</title>
<link href="https://example.com/news/2"/><updated>2025-03-05T00:00:00Z</updated></entry></feed>"""


def test_feeds_of_three_kinds():
    assert read_feed(RSS, "https://example.com/feed") == (
        FeedEntry(url="https://example.com/news/1", title="We & they", published="2025-03-04"),
    )
    assert read_feed(ATOM, "https://example.com/feed")[0].published == "2025-03-05"
    items = [
        {"url": "https://example.com/3", "title": "Three", "date_published": "2025-03-06T00:00:00Z"},
        {"id": 4},
        "x",
    ]
    assert read_feed(json.dumps({"items": items}).encode(), "https://example.com/feed.json") == (
        FeedEntry(url="https://example.com/3", title="Three", published="2025-03-06"),
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"/etc/passwd", b"{", b"[" * 5000, b"<html>", b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>", b"\xff\xfe\x00"],
)
def test_what_is_no_feed_gives_nothing(body):
    assert read_feed(body, "https://example.com/feed") == ()


@pytest.mark.shared
def test_a_thousand_odd_feeds_are_read_without_a_crash():
    if not FEEDS.is_dir():
        pytest.skip("the shared feeds are not here")
    files = sorted(FEEDS.rglob("*.xml"))
    assert len(files) == 1001
    read = [read_feed(file.read_bytes(), "https://example.com/feed") for file in files]
    assert any(read)
    assert all(entry.url.startswith("http") for entries in read for entry in entries)


@pytest.mark.parametrize(
    "body",
    [
        b'<rss version="2.0"><channel><item ' + b" ".join(b'a%d="1"' % n for n in range(60_000)) + b">",
        b"<rss><channel><item>" + b"<a>" * 300_000,
        b"<rss><channel>" + b"<" * 1_000_000,
    ],
    ids=["attributes", "nesting", "brackets"],
)
def test_hostile_feeds_take_no_time(body):
    start = time.perf_counter()
    assert read_feed(body, "https://example.com/") == ()
    assert time.perf_counter() - start < 2


def test_an_item_has_one_address_and_a_name_that_is_none_is_none():
    body = (
        b"<rss><channel><item><link>/a</link><link>/b</link></item><item><guid>https://example.com/c</guid></item>"
        b"<item><guid isPermaLink='false'>https://example.com/d</guid></item></channel></rss>"
    )
    assert [entry.url for entry in read_feed(body, "https://example.com/")] == [
        "https://example.com/a",
        "https://example.com/c",
    ]
