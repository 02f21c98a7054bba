"""Hostile servers: every fault ends, says why in words, gives nothing that is no page, and spares the next visit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .farm import route
from .faults import HOPELESS, PARTLY, TRAPS, WORDS
from .faulty_server import Served, serve
from .visits import Visited, visit

# Small limits of the same kinds as the real ones, so that the tests need not wait for those.
QUICK = {
    "floor_after_seconds": 0.4, "read_seconds": 0.8, "connect_seconds": 0.8, "total_seconds": 2.0, "patience_seconds": 1.6,
}  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(route) as running:
        yield running


def quick(served: Served, kind: str) -> Visited:
    served.asked.clear()
    return visit(f"{kind}-0.example", served.port, sleep=lambda seconds: None, **QUICK)


# Words of the reason that each must end with; a reason that is missing here fails the test.
REASONS = {
    "silent": "no answer in time", "trickle": ("slower than", "no answer in time"),
    "trickle-headers": ("slower than", "no answer in time"), "endless-headers": ("speak HTTP", "of headers"),
    "endless-interim": ("of headers", "took longer"), "endless-chunks": "larger than 20 MB",
    "slow-chunks": ("took longer", "no answer in time"), "bad-chunks": "speak HTTP", "reset-at-once": "connection failed",
    "reset-in-body": "connection failed", "too-short": "broke off", "two-lengths": "speak HTTP",
    "negative-length": "speak HTTP", "noise": "speak HTTP", "status-nonsense": "speak HTTP", "loop": "in a circle",
    "chain": "more than 10 redirects", "to-a-file": "not file", "to-this-machine": "not on the public internet",
    "to-control-characters": ("proper address", "control characters", "malformed"), "long-location": "longer than 2,083",
    "bomb-gzip": "200-fold", "bomb-br": "200-fold", "bomb-deflate": "200-fold", "bomb-twice": "more than once",
    "cut-gzip": "cut off", "picture-as-page": "image/png", "empty": "empty", "unavailable": "HTTP 503",
    "far-moment": "HTTP 503", "failing": "HTTP 500", "captcha": "blocked: ", "captcha-403": "blocked: ", "robots-trickle": ("slower", "in time"),
    "robots-failing": "robots.txt cannot be read (HTTP 500)", "robots-loop": "robots.txt cannot be read",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOPELESS)
def test_a_server_without_a_page_gives_none_and_a_reason(served, kind):
    words = REASONS[kind]
    visited = quick(served, kind)
    assert visited.kept == ()
    assert any(word in visited.error for word in ((words,) if isinstance(words, str) else words)), visited.error
    assert len(served.asked) <= 13  # no fault makes us ask more often than redirects are followed


@pytest.mark.parametrize("kind", [kind for kind in PARTLY if kind.startswith("tarpit-")])
def test_a_site_that_holds_visitors_up_is_left_and_its_home_page_kept(served, kind):
    visited = quick(served, kind)
    assert len(visited.kept) == 1
    assert "not asked, as the " in visited.reasons  # ... host failed, or site cost so much
    assert len(served.asked) <= 3 + 2 * 5  # of forty links


def test_what_is_not_asked_is_not_waited_for_either(served):
    """After five failures in a row the other links cost nothing, not even the pause between two pages."""
    pauses: list[float] = []
    limits = QUICK | {"delay_seconds": 1.0, "patience_seconds": 20.0}
    visited = visit("tarpit-failing-0.example", served.port, sleep=pauses.append, **limits)
    assert visited.reasons.count("not asked, as the host failed") == 35
    assert len(pauses) <= 9  # robots.txt, home page, sitemap, five links


@pytest.mark.parametrize("kind", [kind for kind in PARTLY if not kind.startswith("tarpit-")])
def test_lies_about_the_body_break_nothing(served, kind):
    visited = quick(served, kind)
    assert visited.error == ""
    assert len(visited.kept) == 1


def test_a_body_longer_than_declared_is_cut_there(served):
    assert quick(served, "too-long").kept[0].body == f"<p>{WORDS}".encode()[:40]


@pytest.mark.parametrize("kind", [kind for kind in TRAPS if kind != "sitemap-crowded"])  # that one is long, not deep
def test_a_site_without_end_ends(served, kind):
    served.asked.clear()
    visited = visit(f"{kind}-0.example", served.port, pages=60)
    assert visited.error == ""
    assert len(visited.kept) <= 60
    assert len(served.paths(f"{kind}-0.example")) <= 60 + 25  # and robots.txt, sitemaps, feeds


def test_traps_do_not_eat_the_budget(served):
    kept = {
        kind: len(visit(f"{kind}-0.example", served.port, pages=60).kept)
        for kind in ("calendar", "copies", "long-links", "no-404")
    }
    assert max(kept.values()) <= 10, kept


def test_a_good_site_after_bad_ones_is_whole(served):
    for kind in ("reset-at-once", "bomb-br", "noise"):
        quick(served, kind)
    assert len(quick(served, "good").kept) == 4


def test_a_broken_connection_is_tried_once_more_and_a_refusal_is_not(served):
    quick(served, "reset-at-once")
    assert served.paths("reset-at-once-0.example") == ["/robots.txt", "/", "/"]
    quick(served, "captcha-403")
    assert served.paths("captcha-403-0.example") == ["/robots.txt", "/"]


def test_what_is_busy_is_waited_for_once_within_our_patience(served):
    waits: list[float] = []
    visited = visit("unavailable-0.example", served.port, sleep=waits.append)
    assert "HTTP 503" in visited.error
    assert waits == [30.0]
