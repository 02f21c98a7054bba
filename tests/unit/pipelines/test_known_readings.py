"""Pages, sitemaps and feeds are parsed once, as long as their bytes stay the same."""

from __future__ import annotations

import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import known_readings
from pipelines.known_readings import KnownReadings
from research.collect import links
from research.collect.links import PageLinks
from research.collect.readers import Here, UnreadError
from research.collect.sitemaps import Sitemap
from research.model.account import Account, Source
from research.store.accounts import forget_unread, load_account, save_account, save_source
from research.store.connect import Store, open_store

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


def kept(store: Store) -> int:
    """How many readings of the source `s1` the store holds."""
    ((count,),) = store.rows("SELECT count(*) FROM site_readings WHERE source_id = 's1'")
    return count


def test_what_did_not_change_is_not_parsed_again(store: Store) -> None:
    assert len(visit(store, [PAGE, PAGE + b"<p>more</p>"])) == 4  # the address is part of what a link means
    assert visit(store, [PAGE, PAGE + b"<p>more</p>"]) == []
    assert visit(store, [PAGE, PAGE + b"<p>other</p>"]) == [f"links {HOME}1"]
    assert len(visit(store, [PAGE], "s2")) == 3  # of another source nothing is taken


def test_no_more_is_kept_than_the_last_visit_asked_for(store: Store) -> None:
    visit(store, [PAGE, PAGE + b"1", PAGE + b"2"])
    assert kept(store) == 5
    visit(store, [PAGE])
    assert kept(store) == 3


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
    monkeypatch.setattr(known_readings, "READ_BY", "0")
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
    assert kept(store) == 0


def test_a_visit_holds_no_more_than_a_few_readings(store: Store) -> None:
    known = KnownReadings(Here(), store, "s1")
    page = b"<html>" + b"".join(b"<a href=/%d>%s</a>" % (at, b"w" * 150) for at in range(1_000))
    for at in range(60):
        known.links(page, f"{HOME}{at}", None)
        waiting = at + 1 - kept(store)
        assert waiting < 8  # of 200 KB each
        assert len(pickle.dumps([value for value in vars(known).values() if isinstance(value, dict)])) < 1_400_000
    known.settle()
    assert kept(store) == 60


def test_small_readings_wait_for_one_another(store: Store) -> None:
    known = KnownReadings(Here(), store, "s1")
    counts = []
    for at in range(120):
        known.links(PAGE, f"{HOME}{at}", None)
        counts.append(kept(store))
    assert sorted(set(counts)) == [0, 50, 100]
    known.settle()
    assert kept(store) == 120


def test_a_visit_that_begins_loads_nothing(store: Store) -> None:
    visit(store, [PAGE])
    asked: list[str] = []
    store.db.conn.set_trace_callback(asked.append)
    known = KnownReadings(Counting(), store, "s1")
    assert asked == []
    known.links(PAGE, f"{HOME}0", None)
    store.db.conn.set_trace_callback(None)
    assert len(asked) == 1


def test_what_says_very_much_is_parsed_again(store: Store) -> None:
    sitemap = b"<urlset>" + b"<url><loc>https://www.example.com/a</loc></url>" * 10_000 + b"</urlset>"
    for _ in range(2):
        reader = Counting()
        known = KnownReadings(reader, store, "s1")
        assert len(known.sitemap(sitemap).pages) == 10_000
        known.settle()
        assert reader.asked == ["sitemap"]
    assert kept(store) == 0


def test_hostile_titles_are_not_kept(store: Store) -> None:
    page = b"<html>" + (b"<link rel=alternate hreflang=de href=/d title='" + b"x" * 9_000 + b"'>") * 500
    known = KnownReadings(Here(), store, "s1")
    known.links(page, HOME, None)
    known.settle()
    ((body,),) = store.rows("SELECT body FROM site_readings")
    assert len(zlib.decompress(body)) < 500 * 300


def test_a_failure_that_passes_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Here):
        def links(self, body, url, charset):
            def fail(*_: object) -> None:
                raise links.etree.XMLSyntaxError("Memory allocation failed", 2, 1, 1)

            with monkeypatch.context() as patch:
                patch.setattr(links.etree, "fromstring", fail)
                return super().links(body, url, charset)

        def feed(self, body, url):
            return ()

        def sitemap(self, body):
            return Sitemap(problem="the sitemap is no XML")

    known = KnownReadings(Failing(), store, "s1")
    assert known.links(PAGE, f"{HOME}0", None) == PageLinks()
    assert known.feed(FEED, HOME) == ()
    assert known.sitemap(SITEMAP).problem
    known.settle()
    assert kept(store) == 0
    assert len(visit(store, [PAGE])) == 3


def test_a_page_without_links_is_known(store: Store) -> None:
    assert len(visit(store, [b"<p>Nothing to follow.</p>"])) == 3
    assert visit(store, [b"<p>Nothing to follow.</p>"]) == []
