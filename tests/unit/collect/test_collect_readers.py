"""Strangers' pages, feeds and sitemaps are read in a child, whose death costs one of them."""

from __future__ import annotations

import pytest

from research.collect.readers import Apart, Here, UnreadError
from research.collect.site import SitePlan
from research.model.capture import Fetched

HOME = "https://www.example.com/"
PAGE = b"<html lang=en><title>x</title><a href='/about'>About us</a><a href='/b'>B</a></html>"
FEED = b"<rss><channel><item><title>One</title><link>/one</link><pubDate>2024-01-02</pubDate></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>https://www.example.com/a</loc><lastmod>2024-01-02</lastmod></url></urlset>"


def test_a_child_reads_what_this_process_would():
    with Apart() as apart:
        assert apart.links(PAGE, HOME, None) == Here().links(PAGE, HOME, None)
        assert apart.feed(FEED, HOME) == Here().feed(FEED, HOME)
        assert apart.sitemap(SITEMAP) == Here().sitemap(SITEMAP)
        assert len(apart.links(PAGE, HOME, "utf-8").links) == 2


def test_a_page_that_takes_too_long_is_told_and_the_next_is_read():
    slow = b"<p>" + b"<a href='/x'>y</a>" * 900_000
    with Apart(seconds=0.2) as apart:
        with pytest.raises(UnreadError, match=r"longer than 0\.2 seconds"):
            apart.links(slow, HOME, None)
        assert apart.sitemap(SITEMAP).pages[0].url == "https://www.example.com/a"


def test_a_page_whose_links_cannot_be_read_is_kept_and_the_reason_is_listed():
    class Broken(Here):
        def links(self, body, url, charset):
            raise UnreadError("reading it broke the parser")

    plan = SitePlan(HOME, max_pages=5, readers=Broken())
    request = plan.next()
    answer = Fetched(url=HOME, final_url=HOME, fetched_at="", status=200, media_type="text/html", body=PAGE)
    assert plan.follow(request, answer) is None
    assert [(s.url, s.reason) for s in plan.finish()] == [(HOME, "its links are not read: reading it broke the parser")]
