"""Feeds and sitemaps of every sort of damage: none breaks the readers, none makes them fetch or grow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.collect.feeds import MAX_ENTRIES, read_feed
from research.collect.sitemaps import read_sitemap

_PIECES = st.sampled_from([
    b"<rss>", b"<item>", b"</item>", b"<link>", b"http://pumps.example/a", b"</link>", b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<entry>", b"<link href='/b'/>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"\xff\xfe",
    b"<?xml version='1.0' encoding='utf-7'?>", b"{\"items\": [{\"url\": 3}]}", b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"\x00", b"</rss>",
])  # fmt: skip


@given(st.lists(_PIECES | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_pile_of_pieces_breaks_the_readers(body):
    for entry in read_feed(body, "https://pumps.example/feed"):
        assert entry.url.startswith(("http://", "https://"))
    read_sitemap(body)


@pytest.mark.shared
def test_every_collected_feed_is_read(shared_data):
    files = [path for path in (shared_data / "feeds" / "tests").rglob("*") if path.is_file()]
    entries = [read_feed(path.read_bytes(), "https://pumps.example/feed") for path in files]
    assert len(files) >= 1_000
    assert sum(map(len, entries)) > 50  # most of them are about titles and have no address


def test_entities_are_not_resolved_in_either():
    laughs = b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    body = (
        b"<!DOCTYPE rss [<!ENTITY l0 'ha'>"
        + laughs
        + b"]><rss><item><link>http://pumps.example/&l11;</link></item></rss>"
    )
    assert read_feed(body, "https://pumps.example/") == ()
    assert read_sitemap(body).pages == ()


def test_a_feed_of_a_million_items_is_cut():
    body = b"<rss>" + b"<item><link>http://pumps.example/a</link></item>" * 50_000 + b"</rss>"
    assert len(read_feed(body, "https://pumps.example/")) == MAX_ENTRIES
