"""What is read of a page, a feed and a sitemap stays under the version of what reads: stored readings are not read anew
where the version is the same. Whoever changes an outcome below raises `readers.VERSION`, and writes the new one here."""

from __future__ import annotations

import hashlib

from lxml import etree

from research.collect.feeds import FeedEntry
from research.collect.links import Link, PageLinks
from research.collect.readers import READ_BY, VERSION, Here
from research.collect.sitemaps import Sitemap, SitemapEntry

HOME = "https://www.example.com/news/"
PAGE = (
    "<!doctype html><html lang=en-GB><head><title>Tarnbeck 12</title>"
    "<link rel=alternate type=application/rss+xml title='News &amp; views' href=/feed.xml>"
    "<link rel='alternate' hreflang=nl href='https://www.example.com/nl/'><link rel=stylesheet href=/s.css>"
    "<meta http-equiv=refresh content='5; url=next'></head><body><script>'<a href=/no>'</script>"
    "<a href='../about?b=1#us'>About\n <b>us</b></a><a href=//shop.example.org/é hreflang=de><img alt=Laden></a>"
    "<a href='mailto:x@example.com'>Mail</a><a href='#top'>Top</a><iframe src=/map></iframe>"
    "<p>In 2024 we shipped 300 pumps.<area href=/place></body></html>"
).encode()
FEED = (
    b"<rss><channel><item><title> Pumps  for Ghent </title><link>/ghent</link><pubDate>Tue, 02 Jan 2024 10:00:00 GMT"
    b"</pubDate></item><item><title>No link</title><guid>https://www.example.com/g</guid></item></channel></rss>"
)
SITEMAP = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> https://www.example.com/a </loc>"
    b"<lastmod>2024-01-02</lastmod></url><sitemap><loc>https://www.example.com/more.xml</loc></sitemap></urlset>"
)
WORDS = "tarnbeck about usmailtopin we shipped pumps."  # of the page, without numbers; elements do not part them
READINGS = {
    "2": (
        PageLinks(
            links=(
                Link(url="https://www.example.com/news/next"),
                Link(url="https://www.example.com/about?b=1#us", label="About us"),
                Link(url="https://shop.example.org/%C3%A9", label="Laden", language="de"),
                Link(url="https://www.example.com/map"),
                Link(url="https://www.example.com/place"),
            ),
            feeds=(Link(url="https://www.example.com/feed.xml", label="News & views"),),
            alternates=(Link(url="https://www.example.com/nl/", language="nl"),),
            language="en-GB",
            fingerprint=hashlib.sha256(WORDS.encode()).hexdigest()[:16],
        ),
        (
            FeedEntry(url="https://www.example.com/ghent", title="Pumps for Ghent", published="2024-01-02"),
            FeedEntry(url="https://www.example.com/g", title="No link"),
        ),
        Sitemap(
            pages=(SitemapEntry(url="https://www.example.com/a", modified="2024-01-02"),),
            sitemaps=(SitemapEntry(url="https://www.example.com/more.xml"),),
        ),
    )
}


def test_an_outcome_belongs_to_a_version() -> None:
    here = Here()
    assert (here.links(PAGE, HOME, None), here.feed(FEED, HOME), here.sitemap(SITEMAP)) == READINGS[VERSION]


def test_what_parses_is_part_of_what_is_remembered() -> None:
    assert READ_BY.startswith(f"{VERSION} {etree.LXML_VERSION} {etree.LIBXML_VERSION}")
