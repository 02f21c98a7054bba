"""Pages, sitemaps and feeds are parsed once, as long as their bytes stay the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import known_readings
from pipelines.known_readings import KnownReadings
from research.collect.readers import Here, UnreadError
from research.model.account import Account, Source
from research.store.accounts import forget_unread, load_account, save_account, save_source
from research.store.connect import Store, open_store
from research.store.site_readings import load_readings

HOME = "https://www.example.com/"
PAGE = b"<html lang=en><title>x</title><a href='/about'>About us</a><a href='/b' hreflang=de>B</a></html>"
FEED = b"<rss><channel><item><title>One</title><link>/one</link><pubDate>2024-01-02</pubDate></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>https://www.example.com/a</loc><lastmod>2024-01-02</lastmod></url></urlset>"


class Counting(Here):
    """Reads, and says what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def links(self, body, url, charset):
        self.asked.append(f"links {url}")
        return super().links(body, url, charset)

    def feed(self, body, url):
        self.asked.append(f"feed {url}")
        return super().feed(body, url)

    def sitemap(self, body):
        self.asked.append("sitemap")
        return super().sitemap(body)


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path) as opened:
        save_account(opened, Account(id="acme", name="Acme", domains=("example.com",)))
        source = Source(id="s1", account_id="acme", kind="site", url=HOME)
        save_source(opened, source)
        save_source(opened, replace(source, id="s2"))
        yield opened


def visit(store: Store, bodies: list[bytes], source: str = "s1") -> list[str]:
    """What a visit that meets these pages, a feed and a sitemap has to parse."""
    reader = Counting()
    known = KnownReadings(reader, store, source)
    for at, body in enumerate(bodies):
        assert known.links(body, f"{HOME}{at}", None) == Here().links(body, f"{HOME}{at}", None)
    assert known.feed(FEED, HOME) == Here().feed(FEED, HOME)
    assert known.sitemap(SITEMAP) == Here().sitemap(SITEMAP)
    known.settle()
    return reader.asked


def test_what_did_not_change_is_not_parsed_again(store: Store) -> None:
    assert len(visit(store, [PAGE, PAGE + b"<p>more</p>"])) == 4  # the address is part of what a link means
    assert visit(store, [PAGE, PAGE + b"<p>more</p>"]) == []
    assert visit(store, [PAGE, PAGE + b"<p>other</p>"]) == [f"links {HOME}1"]
    assert len(visit(store, [PAGE], "s2")) == 3  # of another source nothing is taken


def test_no_more_is_kept_than_the_last_visit_asked_for(store: Store) -> None:
    visit(store, [PAGE, PAGE + b"1", PAGE + b"2"])
    assert len(load_readings(store, "s1")) == 5
    visit(store, [PAGE])
    assert len(load_readings(store, "s1")) == 3


def test_a_visit_that_is_broken_off_keeps_what_was_known(store: Store) -> None:
    visit(store, [PAGE])
    known = KnownReadings(Counting(), store, "s1")
    known.links(PAGE + b"new", HOME, None)
    assert visit(store, [PAGE]) == []


def test_another_charset_or_version_is_another_reading(store: Store, monkeypatch) -> None:
    visit(store, [PAGE])
    reader = Counting()
    KnownReadings(reader, store, "s1").links(PAGE, f"{HOME}0", "latin-1")
    assert len(reader.asked) == 1
    monkeypatch.setattr(known_readings, "VERSION", "0")
    assert len(visit(store, [PAGE])) == 3


@pytest.mark.parametrize("damage", [b"no zlib", b"x\x9cK\xaa\x04\x00\x01j\x00\xc6"])  # the other is no JSON
def test_a_damaged_row_is_read_anew(store: Store, damage: bytes) -> None:
    visit(store, [PAGE])
    store.write("UPDATE site_readings SET body = ?", [(damage,)])
    assert len(visit(store, [PAGE])) == 3
    assert visit(store, [PAGE]) == []


def test_what_cannot_be_read_is_tried_again(store: Store) -> None:
    class Broken(Here):
        def links(self, body, url, charset):
            raise UnreadError("reading it broke the parser")

    known = KnownReadings(Broken(), store, "s1")
    with pytest.raises(UnreadError):
        known.links(PAGE, f"{HOME}0", None)
    known.settle()
    assert len(visit(store, [PAGE])) == 3


def test_an_account_that_was_never_read_leaves_no_readings(store: Store) -> None:
    visit(store, [PAGE])
    assert forget_unread(store, "acme")
    assert load_account(store, "acme") is None
    assert load_readings(store, "s1") == {}
