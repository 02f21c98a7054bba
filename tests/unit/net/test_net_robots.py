"""robots.txt: who may read what, and how fast."""

from __future__ import annotations

import pytest

from research.model.capture import Fetched, Request, Skipped
from research.net.robots import Robots, rules_of
from research.net.robots_file import parse


@pytest.mark.parametrize(
    ("status", "open_to_all"), [(404, True), (403, True), (410, True), (429, False), (500, False), (503, False)]
)
def test_a_missing_file_allows_and_a_failing_server_refuses(status, open_to_all):
    assert rules_of(status, b"").allow("https://example.com/x", "account-dossier") is open_to_all


def test_what_is_refused_is_not_asked_for(site, client_for):
    site.routes["/robots.txt"] = (
        200,
        {"Content-Type": "text/plain"},
        b"User-agent: account-dossier\nDisallow: /private\n",
    )
    site.page("/private/plan")
    site.page("/open")
    client = client_for(site)
    refused, read = client.fetch(Request(url=site.url + "/private/plan")), client.fetch(Request(url=site.url + "/open"))
    assert isinstance(refused, Skipped)
    assert refused.reason.startswith("robots.txt refuses")
    assert isinstance(read, Fetched)
    assert site.paths() == ["/robots.txt", "/open"]


def test_a_redirect_into_a_refused_place_is_refused(site, client_for):
    site.routes["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private")
    site.routes["/a"] = (302, {"Location": "/private"}, b"")
    answer = client_for(site).fetch(Request(url=site.url + "/a"))
    assert isinstance(answer, Skipped)
    assert "/private" not in site.paths()


def test_a_failing_robots_file_closes_the_site(site, client_for):
    site.routes["/robots.txt"] = (500, {}, b"")
    site.page("/")
    answer = client_for(site).fetch(Request(url=site.url + "/"))
    assert isinstance(answer, Skipped)
    assert "robots.txt cannot be read (HTTP 500)" in answer.reason
    assert site.paths() == ["/robots.txt"]


def test_rules_beyond_the_first_half_megabyte_are_not_read(site, client_for):
    site.routes["/robots.txt"] = (200, {}, b"User-agent: *\n" + b"#" * (600 << 10) + b"\nDisallow: /\n")
    site.page("/")
    assert isinstance(client_for(site).fetch(Request(url=site.url + "/")), Fetched)


def test_only_line_ends_end_lines():
    rules = parse("\ufeffUser-agent: *\nDisallow: /a\u2028Allow: /\n".encode())
    assert not rules.can_fetch("https://example.com/a%E2%80%A8Allow:%20/", "x") or rules.can_fetch(
        "https://example.com/b", "x"
    )
    assert not parse(b"\xef\xbb\xbfUser-agent: *\rDisallow: /").can_fetch("https://example.com/", "x")


def test_the_pause_is_the_longer_of_ours_and_theirs_within_reason(site, client_for):
    waits: list[float] = []
    site.routes["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 900\nSitemap: https://example.com/map.xml\n")
    site.page("/a")
    site.page("/b")
    client = client_for(site, sleep=waits.append, delay_seconds=1.0)
    client.fetch(Request(url=site.url + "/a"))
    client.fetch(Request(url=site.url + "/b"))
    assert len(waits) == 2
    assert all(29 < wait <= 30 for wait in waits)
    assert client.sitemaps(site.url + "/") == ("https://example.com/map.xml",)
    assert site.paths().count("/robots.txt") == 1


def test_rules_are_asked_for_again_after_a_day():
    now, asked = [0.0], []
    bodies = [b"User-agent: *\nDisallow: /", b""]

    def load(url: str) -> tuple[int, bytes]:
        asked.append(url)
        return 200, bodies[min(len(asked), 2) - 1]

    robots = Robots("Bot", load, clock=lambda: now[0])
    for moment, times in ((0.0, 1), (86_399.0, 1), (86_400.0, 2)):
        now[0] = moment
        robots.rules("https://example.com:443")
        assert len(asked) == times
    assert robots.check("https://example.com:443", "https://example.com/") == 0.0
